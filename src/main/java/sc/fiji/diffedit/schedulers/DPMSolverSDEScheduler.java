package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.Noise;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * DPM-Solver++ for the stochastic equation with two calls per step (k-diffusion's DPM++ SDE, Lu et al. 2022b); matches diffusers'
 * {@code scheduling_dpmsolver_sde.py} but for the source of noise: torchsde's Brownian tree draws other numbers. Here the increments of
 * Brownian motion over sigma are drawn where the walk needs them, first half, then second half of each step, which has exactly the
 * law of the tree, since no step looks at a part of the path twice but for its own first half.
 */
public final class DPMSolverSDEScheduler implements Scheduler {

	/** Whole numbers up to here are what they are in double precision. */
	private static final double MOST = 0x1p53;

	private final SchedulerConfig config;
	private final MidpointSchedule schedule;
	private final boolean ownSeed;
	private final long seed;

	/**
	 * Keys and defaults: those of {@link KDPM2DiscreteScheduler}, {@code noise_sampler_seed} (a seed for the noise of the steps, whatever
	 * that of the run is).
	 *
	 * @throws sc.fiji.diffedit.DiffEditException if a value has a kind or range that is unknown
	 */
	public DPMSolverSDEScheduler(final Config config) {
		this.config = MidpointSchedule.config(config);
		schedule = new MidpointSchedule(this.config, false);
		ownSeed = config.has("noise_sampler_seed");
		seed = seed(config);
	}

	private static long seed(final Config config) {
		final double seed = config.getDouble("noise_sampler_seed", 0);
		if (seed != Math.rint(seed) || Math.abs(seed) > MOST) throw config.unsupported("noise_sampler_seed", "a whole number between -2^53 and 2^53");
		return (long) seed;
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
		final float[] levels = schedule.levels(numInferenceSteps);
		final float[] middles = MidpointSchedule.middles(levels);
		return new Run(schedule.timesteps(numInferenceSteps, levels, middles), levels, middles);
	}

	private final class Run extends MidpointRun {

		private final Noise noise = ownSeed ? Noise.of(seed) : null;
		private Tensor increment;

		Run(final double[] timesteps, final float[] levels, final float[] middles) {
			super(DPMSolverSDEScheduler.this.config, timesteps, levels, middles);
		}

		@Override
		Tensor first(final Tensor x, final Tensor clean, final int k, final StepArguments arguments) {
			if (levels[k + 1] == 0) return euler(x, x, clean, levels[k], -levels[k]);
			increment = replace(increment, draw(x, levels[k] - middles[k], arguments));
			return step(x, clean, levels[k], middles[k], increment, arguments);
		}

		@Override
		Tensor second(final Tensor origin, final Tensor x, final Tensor clean, final int k, final StepArguments arguments) {
			final Tensor whole = increment.plus(draw(x, middles[k] - levels[k + 1], arguments));
			return step(origin, clean, levels[k], levels[k + 1], whole, arguments);
		}

		/** The increment of Brownian motion over a time. */
		private Tensor draw(final Tensor like, final float time, final StepArguments arguments) {
			final StepArguments source = ownSeed ? arguments.withNoise(noise) : arguments;
			return source.drawLike(like).multiply(sqrt(time));
		}

		private Tensor step(final Tensor x, final Tensor clean, final float from, final float to, final Tensor increment, final StepArguments arguments) {
			final AncestralStep step = AncestralStep.of(from, to);
			final float h = (float) Math.log(step.down()) - (float) Math.log(from);
			final Tensor moved = x.multiply(step.down() / from).minus(clean.multiply((float) Math.expm1(h)));
			return moved.plus(increment.div(sqrt(from - to)).multiply(arguments.sNoise()).multiply(step.up()));
		}
	}
}
