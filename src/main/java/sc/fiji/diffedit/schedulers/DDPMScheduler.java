package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Ancestral sampling of Ho et al. 2020, equation 7; matches diffusers' {@code scheduling_ddpm.py}. Every step draws, except one
 * from timestep 0. Many models are published with the config of this class, with which they were trained.
 */
public final class DDPMScheduler implements Scheduler {

	private static final float LEAST_VARIANCE = 1e-20f;

	private final SchedulerConfig config;
	private final SampleLimits limits;
	private final String varianceType;

	/**
	 * Keys and defaults: those of {@link SchedulerConfig}, {@code beta_schedule} also sigmoid and laplace, {@code variance_type}
	 * fixed_small (fixed_small_log, fixed_large), {@code clip_sample} true, {@code clip_sample_range} 1, {@code thresholding}
	 * false, {@code dynamic_thresholding_ratio} 0.995, {@code sample_max_value} 1, {@code timestep_spacing} leading,
	 * {@code rescale_betas_zero_snr} false.
	 *
	 * @throws sc.fiji.diffedit.DiffEditException if a value has a kind or range that is unknown; so has {@code variance_type} fixed_large_log,
	 *           which is the root of a negative number in diffusers
	 */
	public DDPMScheduler(final Config config) {
		this.config = new SchedulerConfig(config, TimestepSpacing.LEADING, SchedulerConfig.ZeroSnr.EXACT);
		limits = SampleLimits.of(config, true);
		varianceType = config.getString("variance_type", "fixed_small");
		if (!varianceType.equals("fixed_small") && !varianceType.equals("fixed_small_log") && !varianceType.equals("fixed_large")) {
			throw config.unsupported("variance_type", "fixed_small, fixed_small_log or fixed_large");
		}
	}

	@Override
	public SchedulerConfig config() {
		return config;
	}

	@Override
	public SchedulerRun run(final int numInferenceSteps) {
		config.checkSteps(numInferenceSteps);
		return new Run(config.timestepSpacing().descending(config.numTrainTimesteps(), numInferenceSteps, config.stepsOffset()));
	}

	private final class Run extends BaseRun {

		Run(final double[] timesteps) {
			super(DDPMScheduler.this.config, timesteps);
			config.alphaCumprod((int) timesteps[0]);
		}

		@Override
		StepResult move(final Tensor output, final int i, final Tensor x, final StepArguments arguments) {
			final float bar = config.alphaCumprod(timestep(i));
			final float barPrev = i + 1 < size() ? config.alphaCumprod(timestep(i + 1)) : 1;
			config.checkSomethingIsLeft(bar);
			final Tensor clean = limits.apply(config.predictionType().clean(output, x, sqrt(bar), sqrt(1 - bar)));
			final float alpha = bar / barPrev;
			final float cleanScale = (float) sqrt(barPrev) * (1 - alpha) / (1 - bar);
			final float scale = (float) sqrt(alpha) * (1 - barPrev) / (1 - bar);
			final Tensor mean = clean.multiply(cleanScale).plus(x.multiply(scale));
			if (timestep(i) == 0) return new StepResult(mean, clean);
			return new StepResult(mean.plus(arguments.drawLike(output).multiply(deviation(bar, barPrev))), clean);
		}

		private double deviation(final float bar, final float barPrev) {
			final float beta = 1 - bar / barPrev;
			if (varianceType.equals("fixed_large")) return sqrt(beta);
			return sqrt(Math.max((1 - barPrev) / (1 - bar) * beta, LEAST_VARIANCE));
		}
	}
}
