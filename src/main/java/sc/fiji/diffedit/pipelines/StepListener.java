package sc.fiji.diffedit.pipelines;

import sc.fiji.diffedit.tensor.Tensor;

/**
 * Hears of every step of a run, which waits for it. It may end the run by throwing {@link sc.fiji.diffedit.CancelledException}: native memory is
 * freed and the model stays usable. Pipelines call it on the thread that computes; calls of borrowed models have a thread of their own for it,
 * so that it may use models itself or wait for threads that do. While it blocks, the device computes for other callers after a while.
 */
@FunctionalInterface
public interface StepListener {

	/** Hears nothing. */
	StepListener NONE = step -> {};

	void stepped(Step step);

	/** Tells this one and then another one. */
	default StepListener and(final StepListener other) {
		return step -> {
			stepped(step);
			other.stepped(step);
		};
	}

	/** Passes on every {@code steps}-th step of each stage, the first one included ({@code callback_steps} in diffusers). */
	static StepListener every(final int steps, final StepListener listener) {
		if (steps < 1) throw new sc.fiji.diffedit.DiffEditException("callbackSteps is " + steps + "; it must be 1 or more.");
		return step -> {
			if (step.index() % steps == 0) listener.stepped(step);
		};
	}

	/**
	 * One step.
	 *
	 * @param stage what is going on, such as {@code "Inversion"}
	 * @param index number of the step, from 0
	 * @param total steps of this stage
	 * @param timestep position in the noise schedule
	 * @param latents present latents, (batch, channels, height, width); valid during the call only
	 */
	record Step(String stage, int index, int total, double timestep, Tensor latents) {}
}
