package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Improved pseudo linear multistep method over an angle from 1 (noise) to 0 (image); matches diffusers'
 * {@code scheduling_ipndm.py}. Made for networks whose timesteps are such angles, which those of Stable Diffusion are not:
 * it is here for parity. It knows no levels between its own, so that it makes images from noise only.
 */
public final class IPNDMScheduler implements Scheduler {

	private static final int ORDER = 4;
	private static final float LEAST_ALPHA = 1e-8f;

	private final SchedulerConfig config;

	/**
	 * Keys: {@code num_train_timesteps} 1000, the most steps there can be. Betas and {@code prediction_type} have no part in
	 * it, as in diffusers.
	 *
	 * @throws DiffEditException if there are {@code trained_betas}
	 */
	public IPNDMScheduler(final Config config) {
		if (config.has("trained_betas")) throw config.unsupported("trained_betas", "null with IPNDMScheduler");
		this.config = new SchedulerConfig(config, TimestepSpacing.LEADING, SchedulerConfig.ZeroSnr.UNKNOWN);
	}

	@Override
	public SchedulerConfig config() {
		return config;
	}

	@Override
	public boolean hasTrainingTimesteps() {
		return false;
	}

	@Override
	public SchedulerRun run(final int numInferenceSteps) {
		config.checkSteps(numInferenceSteps);
		final float[] parts = ScheduleKernels.linspace(1, 0, numInferenceSteps + 1);
		final float[] sigmas = new float[parts.length];
		final float[] alphas = new float[parts.length];
		final double[] timesteps = new double[numInferenceSteps];
		for (int i = 0; i < parts.length; i++) {
			final float sine = (float) Math.sin(parts[i] * (float) Math.PI / 2);
			sigmas[i] = sine * sine;
			alphas[i] = (float) Math.sqrt(1 - sigmas[i] * sigmas[i]);
			if (i < timesteps.length) timesteps[i] = (float) (Math.atan2(sigmas[i], alphas[i]) / Math.PI * 2);
		}
		return new Run(timesteps, alphas, sigmas);
	}

	private final class Run extends MultistepRun {

		private final float[] alphas;
		private final float[] sigmas;

		Run(final double[] timesteps, final float[] alphas, final float[] sigmas) {
			super(IPNDMScheduler.this.config, timesteps);
			this.alphas = alphas;
			this.sigmas = sigmas;
		}

		@Override
		StepResult moveOn(final Tensor output, final int i, final Tensor x, final StepArguments arguments) {
			store(x.multiply(sigmas[i]).plus(output.multiply(alphas[i])), ORDER);
			final Tensor noise = adamsBashforth();
			final Tensor clean = x.minus(noise.multiply(sigmas[i])).div(Math.max(alphas[i], LEAST_ALPHA));
			return new StepResult(clean.multiply(alphas[i + 1]).plus(noise.multiply(sigmas[i + 1])), clean);
		}

		@Override
		public Tensor addNoise(final Tensor clean, final Tensor noise, final int i) {
			throw new DiffEditException("IPNDMScheduler begins with noise alone; make an image from text with it, or choose another scheduler.");
		}

		@Override
		public Tensor addNoise(final Tensor clean, final Tensor noise, final double timestep) {
			return addNoise(clean, noise, 0);
		}
	}
}
