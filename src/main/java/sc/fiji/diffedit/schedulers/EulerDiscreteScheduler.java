package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Euler's method over noise levels, Karras et al. 2022, algorithm 2 without the second-order correction; matches
 * diffusers' {@code scheduling_euler_discrete.py}. The default of SDXL.
 */
public final class EulerDiscreteScheduler implements Scheduler {

	private final SchedulerConfig config;
	private final SigmaSchedule schedule;
	private final boolean logLinear;
	private final boolean continuous;
	private final boolean endsAtSmallest;

	/**
	 * Keys and defaults: those of {@link SchedulerConfig}, {@code timestep_spacing} linspace, {@code interpolation_type}
	 * linear (or log_linear), {@code use_karras_sigmas}, {@code use_exponential_sigmas} and {@code use_beta_sigmas}
	 * false, {@code sigma_min}, {@code sigma_max}, {@code timestep_type} discrete (or continuous),
	 * {@code rescale_betas_zero_snr} false, {@code final_sigmas_type} zero (or sigma_min).
	 *
	 * @throws DiffEditException if a value has a kind or range that is unknown
	 */
	public EulerDiscreteScheduler(final Config config) {
		this.config = new SchedulerConfig(config, TimestepSpacing.LINSPACE, SchedulerConfig.ZeroSnr.NEARLY);
		schedule = new SigmaSchedule(this.config, SigmaSpacing.of(config));
		logLinear = ConfigWords.second(config, "interpolation_type", "linear", "log_linear");
		endsAtSmallest = ConfigWords.second(config, "final_sigmas_type", "zero", "sigma_min");
		continuous = ConfigWords.second(config, "timestep_type", "discrete", "continuous") && this.config.predictionType() == PredictionType.V_PREDICTION;
	}

	@Override
	public SchedulerConfig config() {
		return config;
	}

	@Override
	public boolean hasTrainingTimesteps() {
		return !continuous;
	}

	@Override
	public SchedulerRun run(final int numInferenceSteps) {
		config.checkSteps(numInferenceSteps);
		final SigmaTable table = schedule.table();
		final double[] plain = schedule.plainTimesteps(numInferenceSteps);
		final double[] levels = schedule.levels(logLinear ? logLinear(numInferenceSteps) : table.at(plain), numInferenceSteps, config.json());
		final float[] sigmas = SigmaTable.withLast(levels, endsAtSmallest ? table.smallest() : 0);
		return new Run(continuous ? quarterLogs(levels) : schedule.timesteps(plain, levels), sigmas);
	}

	/** One level more than there are steps, so that the last lies above the smallest. */
	private double[] logLinear(final int steps) {
		final SigmaTable table = schedule.table();
		final float[] logs = ScheduleKernels.linspace(table.logAt(config.numTrainTimesteps() - 1), table.logAt(0), steps + 1);
		final double[] levels = new double[logs.length];
		for (int i = 0; i < levels.length; i++) levels[i] = (float) Math.exp(logs[i]);
		return levels;
	}

	private static double[] quarterLogs(final double[] levels) {
		final double[] result = new double[levels.length];
		for (int i = 0; i < result.length; i++) result[i] = 0.25f * (float) Math.log((float) levels[i]);
		return result;
	}

	private final class Run extends SigmaRun {

		Run(final double[] timesteps, final float[] sigmas) {
			super(EulerDiscreteScheduler.this.config, timesteps, sigmas);
		}

		@Override
		StepResult moveOn(final Tensor output, final int i, final Tensor sample, final StepArguments arguments) {
			final float sigma = sigmas[i];
			final float noisier = arguments.churned(sigma, sigmas.length - 1);
			final Tensor x = arguments.churn(sample.to(DType.FLOAT32), output, sigma, noisier);
			final Tensor clean = config.predictionType().cleanAtSigma(output, x, sigma, noisier);
			final Tensor slope = x.minus(clean).div(noisier);
			return new StepResult(x.plus(slope.multiply(sigmas[i + 1] - noisier)).to(output.dtype()), clean);
		}
	}
}
