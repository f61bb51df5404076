package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Trajectory consistency distillation, Zheng et al. 2024 (also used by Hyper-SD): each step jumps to a level below the next
 * one and goes back up by fresh noise, the farther the larger eta ("gamma" in the paper); matches diffusers'
 * {@code scheduling_tcd.py}. With eta above 0 every step but the last draws. Authors recommend eta 0.3, and more with more steps.
 */
public final class TCDScheduler implements Scheduler {

	private final SchedulerConfig config;

	/**
	 * Keys and defaults: those of {@link SchedulerConfig} with {@code beta_start} 0.00085, {@code beta_end} 0.012 and
	 * {@code beta_schedule} scaled_linear, {@code original_inference_steps} 50, {@code rescale_betas_zero_snr} false. As in
	 * diffusers, {@code timestep_spacing} and {@code steps_offset} have no part in the timesteps, and samples are neither clipped nor
	 * thresholded, whatever the config says.
	 *
	 * @throws sc.fiji.diffedit.DiffEditException if a value has a kind or range that is unknown
	 */
	public TCDScheduler(final Config config) {
		this.config = new SchedulerConfig(SchedulerConfig.withBetas(config, "scaled_linear"), TimestepSpacing.LEADING, SchedulerConfig.ZeroSnr.EXACT);
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
			super(TCDScheduler.this.config, timesteps);
		}

		@Override
		StepResult move(final Tensor output, final int i, final Tensor x, final StepArguments arguments) {
			final boolean last = i == size() - 1;
			final int next = last ? 0 : timestep(i + 1);
			final float bar = config.alphaCumprod(timestep(i));
			final float barBelow = config.alphaCumprod((int) Math.floor((float) (1 - arguments.eta()) * (float) next));
			config.checkSomethingIsLeft(bar);
			final Tensor clean = config.predictionType().clean(output, x, sqrt(bar), sqrt(1 - bar));
			final Tensor noise = config.predictionType().noise(output, x, sqrt(bar), sqrt(1 - bar));
			final Tensor below = clean.multiply(sqrt(barBelow)).plus(noise.multiply(sqrt(1 - barBelow)));
			if (last || arguments.eta() == 0) return new StepResult(below, clean);
			final float kept = config.alphaCumprod(next) / barBelow;
			return new StepResult(below.multiply(sqrt(kept)).plus(arguments.drawLike(output).multiply(sqrt(1 - kept))), clean);
		}
	}
}
