package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Euler's method in the form of Karras et al. 2022, for models trained that way (Playground v2.5, CosXL); matches diffusers'
 * {@code scheduling_edm_euler.py}.
 */
public final class EDMEulerScheduler implements Scheduler {

	private final SchedulerConfig config;
	private final EdmLevels edm;
	private final boolean endsAtSmallest;

	/**
	 * Keys and defaults: {@code num_train_timesteps} 1000, {@code sigma_min} 0.002, {@code sigma_max} 80, {@code sigma_data}
	 * 0.5, {@code sigma_schedule} karras (exponential), {@code rho} 7, {@code prediction_type} epsilon (v_prediction),
	 * {@code final_sigmas_type} zero (sigma_min). Betas have no part in it.
	 *
	 * @throws sc.fiji.diffedit.DiffEditException if a value has a kind or range that is unknown
	 */
	public EDMEulerScheduler(final Config config) {
		this.config = new SchedulerConfig(config, TimestepSpacing.LINSPACE, SchedulerConfig.ZeroSnr.UNKNOWN);
		edm = new EdmLevels(this.config);
		endsAtSmallest = ConfigWords.second(config, "final_sigmas_type", "zero", "sigma_min");
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
		final double[] levels = edm.levels(numInferenceSteps);
		return new Run(EdmLevels.timesteps(levels), SigmaTable.withLast(levels, endsAtSmallest ? levels[levels.length - 1] : 0));
	}

	private final class Run extends SigmaRun {

		Run(final double[] timesteps, final float[] sigmas) {
			super(EDMEulerScheduler.this.config, timesteps, sigmas);
		}

		@Override
		public double initNoiseSigma() {
			return edm.initNoiseSigma();
		}

		@Override
		public Tensor scaleModelInput(final Tensor sample, final int i) {
			checkIndex(i);
			return edm.scaled(sample, sigmas[i]);
		}

		@Override
		StepResult moveOn(final Tensor output, final int i, final Tensor sample, final StepArguments arguments) {
			final float noisier = arguments.churned(sigmas[i], sigmas.length - 1);
			final Tensor x = arguments.churn(sample.to(DType.FLOAT32), output, sigmas[i], noisier);
			final Tensor clean = edm.clean(output, x, noisier);
			final Tensor slope = x.minus(clean).div(noisier);
			return new StepResult(x.plus(slope.multiply(sigmas[i + 1] - noisier)).to(output.dtype()), clean);
		}
	}
}
