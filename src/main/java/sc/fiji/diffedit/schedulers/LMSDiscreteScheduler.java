package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Linear multistep method over noise levels (k-diffusion's LMS, after Karras et al. 2022); matches diffusers'
 * {@code scheduling_lms_discrete.py}. Differs on purpose: coefficients are integrated exactly, and a run that begins in
 * the middle starts with order 1, where diffusers weighs outputs that it never had.
 */
public final class LMSDiscreteScheduler implements Scheduler {

	private final SchedulerConfig config;
	private final SigmaSchedule schedule;

	/**
	 * Keys and defaults: those of {@link SchedulerConfig}, {@code timestep_spacing} linspace, {@code use_karras_sigmas},
	 * {@code use_exponential_sigmas} and {@code use_beta_sigmas} false.
	 *
	 * @throws DiffEditException if a value has a kind or range that is unknown
	 */
	public LMSDiscreteScheduler(final Config config) {
		this.config = new SchedulerConfig(config, TimestepSpacing.LINSPACE, SchedulerConfig.ZeroSnr.UNKNOWN);
		schedule = new SigmaSchedule(this.config, SigmaSpacing.of(config));
	}

	@Override
	public SchedulerConfig config() {
		return config;
	}

	@Override
	public SchedulerRun run(final int numInferenceSteps) {
		config.checkSteps(numInferenceSteps);
		final double[] plain = schedule.plainTimesteps(numInferenceSteps);
		final double[] levels = schedule.levels(schedule.table().at(plain), numInferenceSteps);
		return new Run(schedule.timesteps(plain, levels), SigmaTable.withLast(levels, 0));
	}

	private final class Run extends SigmaRun {

		Run(final double[] timesteps, final float[] sigmas) {
			super(LMSDiscreteScheduler.this.config, timesteps, sigmas);
		}

		@Override
		StepResult moveOn(final Tensor output, final int i, final Tensor x, final StepArguments arguments) {
			final Tensor clean = config.predictionType().cleanAtSigma(output, x, sigmas[i], sigmas[i]);
			store(x.minus(clean).div(sigmas[i]), arguments.order());
			final int order = stored();
			Tensor change = past(0).multiply(coefficient(i, order, 0));
			for (int k = 1; k < order; k++) change = change.plus(past(k).multiply(coefficient(i, order, k)));
			return new StepResult(x.plus(change), clean);
		}

		/** The integral over the step of Lagrange's polynomial that is 1 at the noise level {@code which} steps back. */
		private double coefficient(final int i, final int order, final int which) {
			final double half = (sigmas[i + 1] - (double) sigmas[i]) / 2;
			final double middle = (sigmas[i + 1] + (double) sigmas[i]) / 2;
			return half * GaussLegendre.integrate(x -> lagrange(middle + half * x, i, order, which));
		}

		private double lagrange(final double sigma, final int i, final int order, final int which) {
			double product = 1;
			for (int k = 0; k < order; k++) {
				if (k != which) product *= (sigma - sigmas[i - k]) / (sigmas[i - which] - (double) sigmas[i - k]);
			}
			return product;
		}
	}
}
