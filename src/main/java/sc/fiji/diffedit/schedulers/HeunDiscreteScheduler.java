package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Heun's method over noise levels, Karras et al. 2022, algorithm 1; matches diffusers'
 * {@code scheduling_heun_discrete.py}. Each step calls the network twice, the last one once: N steps have 2N - 1
 * timesteps, and a run may begin at even indices only.
 */
public final class HeunDiscreteScheduler implements Scheduler {

	private final SchedulerConfig config;
	private final SampleLimits limits;
	private final SigmaSchedule schedule;

	/**
	 * Keys and defaults: those of {@link SchedulerConfig} with {@code beta_start} 0.00085 and {@code beta_end} 0.012,
	 * {@code timestep_spacing} linspace, {@code use_karras_sigmas}, {@code use_exponential_sigmas} and
	 * {@code use_beta_sigmas} false, {@code clip_sample} false, {@code clip_sample_range} 1.
	 *
	 * @throws DiffEditException if a value has a kind or range that is unknown
	 */
	public HeunDiscreteScheduler(final Config config) {
		this.config = new SchedulerConfig(SchedulerConfig.withBetas(config, "linear"), TimestepSpacing.LINSPACE, SchedulerConfig.ZeroSnr.UNKNOWN);
		limits = SampleLimits.clipping(config, false);
		schedule = new SigmaSchedule(this.config, SigmaSpacing.of(config));
	}

	@Override
	public SchedulerConfig config() {
		return config;
	}

	@Override
	public int order() {
		return 2;
	}

	@Override
	public SchedulerRun run(final int numInferenceSteps) {
		config.checkSteps(numInferenceSteps);
		final double[] plain = schedule.plainTimesteps(numInferenceSteps);
		final double[] levels = schedule.levels(schedule.table().at(plain), numInferenceSteps);
		final double[] timesteps = allTwiceButTheFirst(schedule.timesteps(plain, levels));
		return new Run(timesteps, SigmaTable.withLast(allTwiceButTheFirst(levels), 0));
	}

	private static double[] allTwiceButTheFirst(final double[] values) {
		final double[] result = new double[2 * values.length - 1];
		for (int i = 0; i < result.length; i++) result[i] = values[(i + 1) / 2];
		return result;
	}

	private final class Run extends SigmaRun {

		private Tensor origin;

		Run(final double[] timesteps, final float[] sigmas) {
			super(HeunDiscreteScheduler.this.config, timesteps, sigmas);
		}

		/** Even calls try an Euler step, odd ones take it again with the mean of the slopes at both ends. */
		@Override
		StepResult moveOn(final Tensor output, final int i, final Tensor x, final StepArguments arguments) {
			final boolean second = i % 2 != 0;
			if (second && steps() == 0) throw new DiffEditException("Got step " + i + " as the first, but Heun's steps have two calls each; begin at an even index.");
			final float from = sigmas[second ? i - 1 : i];
			final float to = sigmas[second ? i : i + 1];
			final float here = second ? to : from;
			final Tensor clean = limits.apply(config.predictionType().cleanAtSigma(output, x, here, here));
			final Tensor slope = x.minus(clean).div(here);
			if (second) return new StepResult(origin.plus(past(0).plus(slope).div(2).multiply(to - from)), clean);
			origin = replace(origin, x);
			store(slope, 1);
			return new StepResult(x.plus(slope.multiply(to - from)), clean);
		}
	}
}
