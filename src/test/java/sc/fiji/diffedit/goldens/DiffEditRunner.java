package sc.fiji.diffedit.goldens;

import java.util.List;

import sc.fiji.diffedit.pipelines.Prompt;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.tensor.Picture;

/**
 * Cases of diffusers' DiffEdit pipeline. Each is run twice: stage by stage, with what diffusers gave to that stage, so that
 * an error shows where it is made; and as a whole, through the service, as users run it.
 */
abstract class DiffEditRunner implements GoldenRunner {

	@Override
	public final void run(final GoldenCase golden, final Comparison comparison) {
		final CallArguments arguments = new CallArguments(golden);
		try (ModelStore models = new ModelStore();
			ModelLease lease = models.borrow(LoadOptions.of(golden.model().toString()).withDevice("cpu")))
		{
			lease.call(model -> {
				stages(new DiffEditStages(golden, model, comparison), arguments);
				return null;
			});
			whole(golden, lease, arguments, comparison);
		}
	}

	/** Runs each stage with the reference's inputs of that stage. */
	abstract void stages(DiffEditStages stages, CallArguments arguments);

	/** The prompts in the parts of the UNet's batch: with guidance the negative ones come first. */
	static List<List<Prompt>> guided(final CallArguments arguments, final double defaultScale) {
		final List<Prompt> prompts = arguments.prompts("prompt");
		if (arguments.number("guidance_scale", defaultScale) <= 1) return List.of(prompts);
		return List.of(PromptRows.each(arguments.prompts("negative_prompt"), prompts.size()), prompts);
	}

	/** Runs the pipeline. */
	abstract void whole(GoldenCase golden, ModelLease lease, CallArguments arguments, Comparison comparison);

	/** Counts the steps of a run and hands each to a comparison. */
	static final class Heard implements StepListener {

		private final StepListener then;
		private int steps;

		Heard(final StepListener then) {
			this.then = then;
		}

		@Override
		public void stepped(final Step step) {
			steps++;
			then.stepped(step);
		}

		int steps() {
			return steps;
		}
	}

	/** Values as diffusers' arrays have them: (images, height, width, channels). */
	static float[] channelsLast(final List<Picture> pictures) {
		final Picture first = pictures.get(0);
		final float[] values = new float[pictures.size() * first.values().length];
		int i = 0;
		for (final Picture picture : pictures) {
			for (int y = 0; y < picture.height(); y++) {
				for (int x = 0; x < picture.width(); x++) {
					for (int channel = 0; channel < picture.channels(); channel++) values[i++] = picture.get(channel, x, y);
				}
			}
		}
		return values;
	}
}
