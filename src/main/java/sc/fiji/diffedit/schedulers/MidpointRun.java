package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Tensor;

/** A run whose steps ask the network at their first level and at one in the middle; the last step, which ends at the image, only once. */
abstract class MidpointRun extends SigmaRun {

	/** One level per step, and the image. */
	final float[] levels;
	/** One per step; 0 for the last. */
	final float[] middles;
	private Tensor origin;

	MidpointRun(final SchedulerConfig config, final double[] timesteps, final float[] levels, final float[] middles) {
		super(config, timesteps, twice(levels));
		this.levels = levels;
		this.middles = middles;
	}

	/** The levels between the ends count for both calls of a step: for the second as where it leads. */
	private static float[] twice(final float[] levels) {
		final float[] result = new float[2 * (levels.length - 1)];
		for (int i = 0; i < result.length; i++) result[i] = levels[(i + 1) / 2];
		return result;
	}

	/** The noise level of the sample that the network sees. */
	private float seen(final int i) {
		return i % 2 == 0 ? levels[i / 2] : middles[i / 2];
	}

	@Override
	public final Tensor scaleModelInput(final Tensor sample, final int i) {
		checkIndex(i);
		return scaled(sample, seen(i));
	}

	@Override
	final StepResult moveOn(final Tensor output, final int i, final Tensor x, final StepArguments arguments) {
		final boolean second = i % 2 != 0;
		if (second && steps() == 0) throw new DiffEditException("Got step " + i + " as the first, but the steps of this scheduler have two calls each; begin at an even index.");
		final Tensor clean = config.predictionType().cleanAtSigma(output, x, seen(i), seen(i));
		if (second) return new StepResult(second(origin, x, clean, i / 2, arguments), clean);
		origin = replace(origin, x);
		return new StepResult(first(x, clean, i / 2, arguments), clean);
	}

	/** From level {@code k} to the middle, or to the image in the last step. */
	abstract Tensor first(Tensor x, Tensor clean, int k, StepArguments arguments);

	/**
	 * From level {@code k} to the next.
	 *
	 * @param origin the sample at level {@code k}
	 * @param x the sample in the middle
	 */
	abstract Tensor second(Tensor origin, Tensor x, Tensor clean, int k, StepArguments arguments);

	/** From {@code from} along the slope that {@code x} of a noise level has towards its clean sample. */
	static Tensor euler(final Tensor from, final Tensor x, final Tensor clean, final float level, final float change) {
		return from.plus(x.minus(clean).div(level).multiply(change));
	}
}
