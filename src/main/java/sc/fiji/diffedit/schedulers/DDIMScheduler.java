package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * DDIM, Song et al. 2020, equation 12; matches diffusers' {@code scheduling_ddim.py}. The previous timestep of {@code t}
 * is {@code t - trainTimesteps / steps} in every spacing, which for linspace is not the next timestep of the run.
 * Differs on purpose: where abar is 0, a network that predicts noise is refused instead of dividing by zero.
 */
public final class DDIMScheduler implements Scheduler {

	private final SchedulerConfig config;
	private final SampleLimits limits;
	private final float finalAlphaCumprod;

	/**
	 * Keys and defaults: {@code num_train_timesteps} 1000, {@code beta_start} 0.0001, {@code beta_end} 0.02,
	 * {@code beta_schedule} linear, {@code trained_betas}, {@code clip_sample} true, {@code clip_sample_range} 1,
	 * {@code thresholding} false, {@code dynamic_thresholding_ratio} 0.995, {@code sample_max_value} 1,
	 * {@code set_alpha_to_one} true, {@code steps_offset} 0, {@code prediction_type} epsilon, {@code timestep_spacing}
	 * leading, {@code rescale_betas_zero_snr} false.
	 *
	 * @throws DiffEditException if a value has a kind or range that is unknown
	 */
	public DDIMScheduler(final Config config) {
		this.config = new SchedulerConfig(config, TimestepSpacing.LEADING, SchedulerConfig.ZeroSnr.EXACT);
		limits = SampleLimits.of(config, true);
		finalAlphaCumprod = config.getBoolean("set_alpha_to_one", true) ? 1 : this.config.alphaCumprod(0);
	}

	@Override
	public SchedulerConfig config() {
		return config;
	}

	@Override
	public SchedulerRun run(final int numInferenceSteps) {
		config.checkSteps(numInferenceSteps);
		final int train = config.numTrainTimesteps();
		return new Run(config.timestepSpacing().descending(train, numInferenceSteps, config.stepsOffset()), train / numInferenceSteps);
	}

	private final class Run extends BaseRun {

		private final int stride;

		Run(final double[] timesteps, final int stride) {
			super(DDIMScheduler.this.config, timesteps);
			this.stride = stride;
			config.alphaCumprod((int) timesteps[0]);
		}

		@Override
		StepResult move(final Tensor output, final int i, final Tensor x, final StepArguments arguments) {
			final int t = timestep(i);
			final float bar = config.alphaCumprod(t);
			final float barPrev = t - stride >= 0 ? config.alphaCumprod(t - stride) : finalAlphaCumprod;
			config.checkSomethingIsLeft(bar);
			final Tensor clean = limits.apply(config.predictionType().clean(output, x, sqrt(bar), sqrt(1 - bar)));
			final Tensor noise = arguments.useClippedModelOutput()
				? PredictionType.SAMPLE.noise(clean, x, sqrt(bar), sqrt(1 - bar))
				: config.predictionType().noise(output, x, sqrt(bar), sqrt(1 - bar));
			final float deviation = (float) (arguments.eta() * sqrt(variance(bar, barPrev)));
			final Tensor direction = noise.multiply(sqrt(1 - barPrev - deviation * deviation));
			final Tensor moved = clean.multiply(sqrt(barPrev)).plus(direction);
			if (arguments.eta() == 0) return new StepResult(moved, clean);
			return new StepResult(moved.plus(arguments.drawLike(output).multiply(deviation)), clean);
		}

		private float variance(final float bar, final float barPrev) {
			return (1 - barPrev) / (1 - bar) * (1 - bar / barPrev);
		}
	}
}
