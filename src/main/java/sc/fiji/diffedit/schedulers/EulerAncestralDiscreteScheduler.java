package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Euler's method that overshoots towards the image and adds fresh noise in each step (k-diffusion's ancestral sampling);
 * matches diffusers' {@code scheduling_euler_ancestral_discrete.py}. Every step draws, the last one too.
 */
public final class EulerAncestralDiscreteScheduler implements Scheduler {

	private final SchedulerConfig config;
	private final SigmaSchedule schedule;

	/**
	 * Keys and defaults: those of {@link SchedulerConfig}, {@code timestep_spacing} linspace,
	 * {@code rescale_betas_zero_snr} false.
	 *
	 * @throws DiffEditException if a value has a kind or range that is unknown
	 */
	public EulerAncestralDiscreteScheduler(final Config config) {
		this.config = new SchedulerConfig(config, TimestepSpacing.LINSPACE, SchedulerConfig.ZeroSnr.NEARLY);
		schedule = new SigmaSchedule(this.config, SigmaSpacing.TIMESTEPS);
	}

	@Override
	public SchedulerConfig config() {
		return config;
	}

	@Override
	public SchedulerRun run(final int numInferenceSteps) {
		config.checkSteps(numInferenceSteps);
		final double[] timesteps = schedule.plainTimesteps(numInferenceSteps);
		return new Run(timesteps, SigmaTable.withLast(schedule.table().at(timesteps), 0));
	}

	private final class Run extends SigmaRun {

		Run(final double[] timesteps, final float[] sigmas) {
			super(EulerAncestralDiscreteScheduler.this.config, timesteps, sigmas);
		}

		@Override
		StepResult moveOn(final Tensor output, final int i, final Tensor sample, final StepArguments arguments) {
			final float from = sigmas[i];
			final AncestralStep step = AncestralStep.of(from, sigmas[i + 1]);
			final Tensor x = sample.to(DType.FLOAT32);
			final Tensor clean = config.predictionType().cleanAtSigma(output, x, from, from);
			final Tensor slope = x.minus(clean).div(from);
			final Tensor moved = x.plus(slope.multiply(step.down() - from));
			return new StepResult(moved.plus(arguments.drawLike(output).multiply(step.up())).to(output.dtype()), clean);
		}
	}
}
