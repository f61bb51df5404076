package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.config.Config;

/** Noise levels of methods that ask the network a second time between the ends of each step. */
final class MidpointSchedule {

	private final SchedulerConfig config;
	private final SigmaSchedule schedule;
	private final boolean wholeKarras;
	private final SigmaSpacing spacing;

	/** @param wholeKarras whether the timesteps of Karras' levels are rounded to whole ones */
	MidpointSchedule(final SchedulerConfig config, final boolean wholeKarras) {
		this.config = config;
		this.wholeKarras = wholeKarras;
		spacing = SigmaSpacing.of(config.json());
		schedule = new SigmaSchedule(config, spacing);
	}

	/** The numbers of these methods, which have defaults of their own and predict no samples. */
	static SchedulerConfig config(final Config config) {
		final SchedulerConfig result = new SchedulerConfig(SchedulerConfig.withBetas(config, "linear"), TimestepSpacing.LINSPACE, SchedulerConfig.ZeroSnr.UNKNOWN);
		if (result.predictionType() == PredictionType.SAMPLE) throw config.unsupported("prediction_type", "epsilon or v_prediction");
		return result;
	}

	/** One level per step, and the image. */
	float[] levels(final int steps) {
		config.checkSteps(steps);
		return SigmaTable.withLast(schedule.levels(schedule.table().at(schedule.plainTimesteps(steps)), steps), 0);
	}

	/** The geometric mean, 0 if one of them is. */
	static float middle(final float from, final float to) {
		return to == 0 ? 0 : (float) Math.exp(((float) Math.log(from) + (float) Math.log(to)) / 2);
	}

	/** One per step: the geometric mean of its ends. */
	static float[] middles(final float[] levels) {
		final float[] middles = new float[levels.length - 1];
		for (int k = 0; k < middles.length; k++) middles[k] = middle(levels[k], levels[k + 1]);
		return middles;
	}

	/** The timesteps of the levels and, between them, of the middles. */
	double[] timesteps(final int steps, final float[] levels, final float[] middles) {
		final double[] own = schedule.timesteps(schedule.plainTimesteps(steps), firsts(levels, steps));
		final double[] between = schedule.table().timestepsOf(firsts(middles, steps - 1));
		final double[] timesteps = new double[2 * steps - 1];
		for (int i = 0; i < timesteps.length; i++) {
			timesteps[i] = i % 2 != 0 ? between[i / 2] : wholeKarras && spacing == SigmaSpacing.KARRAS ? Math.rint(own[i / 2]) : own[i / 2];
		}
		return timesteps;
	}

	private static double[] firsts(final float[] values, final int n) {
		return SolverSchedule.firsts(SigmaTable.inDoubles(values), n);
	}
}
