package sc.fiji.diffedit.pipelines;

import java.util.function.UnaryOperator;

import sc.fiji.diffedit.schedulers.SchedulerRun;
import sc.fiji.diffedit.schedulers.StepArguments;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * The loop that all pipelines share: predict, take a step, maybe change the result, notify the listener. Only the
 * present latents live from step to step.
 */
final class Denoising {

	/** What may be done to the latents after a step. */
	@FunctionalInterface
	interface AfterStep {

		/** @param i index into the timesteps of the step just taken */
		Tensor change(Tensor latents, int i);
	}

	private final String stage;
	private final NoisePredictor guidance;
	private final SchedulerRun schedule;
	private final StepArguments arguments;
	private final StepListener listener;
	private UnaryOperator<Tensor> input = UnaryOperator.identity();
	private AfterStep afterStep = (latents, i) -> latents;

	Denoising(final String stage, final NoisePredictor guidance, final SchedulerRun schedule, final StepArguments arguments,
		final StepListener listener)
	{
		this.stage = stage;
		this.guidance = guidance;
		this.schedule = schedule;
		this.arguments = arguments;
		this.listener = listener;
	}

	/** Adds to what the network sees, such as the mask channels of an inpainting model. */
	Denoising seeing(final UnaryOperator<Tensor> extended) {
		this.input = extended;
		return this;
	}

	Denoising after(final AfterStep change) {
		this.afterStep = change;
		return this;
	}

	/** Takes the steps from index {@code from} to before {@code to}; the first latents stay the caller's. */
	Tensor run(final Tensor first, final int from, final int to) {
		Tensor latents = first;
		for (int i = from; i < to; i++) {
			try (Scope scope = Scope.open()) {
				final double timestep = schedule.timesteps()[i];
				final Tensor predicted = guidance.predict(input.apply(schedule.scaleModelInput(latents, i)), timestep, new StepOfRun(i - from, to - from));
				final Tensor moved = schedule.step(predicted, i, latents, arguments).to(latents.dtype());
				final Tensor next = scope.keep(afterStep.change(moved, i));
				if (latents != first) latents.close();
				latents = next;
				listener.stepped(new StepListener.Step(stage, i - from, to - from, timestep, latents));
			}
		}
		return latents;
	}
}
