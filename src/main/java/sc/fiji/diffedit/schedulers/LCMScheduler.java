package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Latent consistency models, Luo et al. 2023: each step guesses the clean sample and goes back to noise of the next level;
 * images in 2 to 8 steps; matches diffusers' {@code scheduling_lcm.py}. Every step but the last draws.
 */
public final class LCMScheduler implements Scheduler {

	private static final float DATA_VARIANCE = 0.25f;

	private final SchedulerConfig config;
	private final SampleLimits limits;
	private final double timestepScaling;

	/**
	 * Keys and defaults: those of {@link SchedulerConfig} with {@code beta_start} 0.00085, {@code beta_end} 0.012 and
	 * {@code beta_schedule} scaled_linear, {@code original_inference_steps} 50, {@code timestep_scaling} 10,
	 * {@code clip_sample} false, {@code clip_sample_range} 1, {@code thresholding} false,
	 * {@code dynamic_thresholding_ratio} 0.995, {@code sample_max_value} 1, {@code rescale_betas_zero_snr} false. Timesteps
	 * are those of distillation: as in diffusers, {@code timestep_spacing} and {@code steps_offset} have no part in them.
	 *
	 * @throws sc.fiji.diffedit.DiffEditException if a value has a kind or range that is unknown
	 */
	public LCMScheduler(final Config config) {
		this.config = new SchedulerConfig(SchedulerConfig.withBetas(config, "scaled_linear"), TimestepSpacing.LEADING, SchedulerConfig.ZeroSnr.EXACT);
		limits = SampleLimits.of(config, false);
		timestepScaling = config.getDouble("timestep_scaling", 10);
		if (!Double.isFinite(timestepScaling)) throw config.unsupported("timestep_scaling", "a finite number");
	}

	@Override
	public SchedulerConfig config() {
		return config;
	}

	@Override
	public SchedulerRun run(final int numInferenceSteps) {
		return new Run(ConsistencyTimesteps.descending(config, numInferenceSteps));
	}

	private final class Run extends BaseRun {

		Run(final double[] timesteps) {
			super(LCMScheduler.this.config, timesteps);
		}

		@Override
		StepResult move(final Tensor output, final int i, final Tensor x, final StepArguments arguments) {
			final float bar = config.alphaCumprod(timestep(i));
			config.checkSomethingIsLeft(bar);
			final Tensor clean = limits.apply(config.predictionType().clean(output, x, sqrt(bar), sqrt(1 - bar)));
			final Tensor denoised = atBoundary(clean, x, (float) (timesteps[i] * timestepScaling));
			if (i == size() - 1) return new StepResult(denoised, denoised);
			final float barPrev = config.alphaCumprod(timestep(i + 1));
			return new StepResult(denoised.multiply(sqrt(barPrev)).plus(arguments.drawLike(output).multiply(sqrt(1 - barPrev))), denoised);
		}

		/** What makes a consistency function the identity where there is no noise. */
		private Tensor atBoundary(final Tensor clean, final Tensor x, final float scaled) {
			final float sum = scaled * scaled + DATA_VARIANCE;
			return clean.multiply(scaled / (float) Math.sqrt(sum)).plus(x.multiply(DATA_VARIANCE / sum));
		}
	}
}
