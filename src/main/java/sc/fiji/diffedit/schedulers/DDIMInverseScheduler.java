package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * DDIM walked backwards, from image to noise; matches diffusers' {@code scheduling_ddim_inverse.py}. Timesteps ascend;
 * the network predicts at the timestep that the step leads to, with a sample that is one step below.
 */
public final class DDIMInverseScheduler implements Scheduler {

	private final SchedulerConfig config;
	private final SampleLimits limits;
	private final float initialAlphaCumprod;

	/**
	 * Keys and defaults are those of {@link DDIMScheduler}, without thresholding.
	 *
	 * @throws DiffEditException if a value has a kind or range that is unknown
	 */
	public DDIMInverseScheduler(final Config config) {
		this.config = new SchedulerConfig(config, TimestepSpacing.LEADING, SchedulerConfig.ZeroSnr.EXACT);
		limits = SampleLimits.clipping(config, true);
		final boolean one = config.getBoolean("set_alpha_to_zero", config.getBoolean("set_alpha_to_one", true));
		initialAlphaCumprod = one ? 1 : this.config.alphaCumprod(0);
	}

	@Override
	public SchedulerConfig config() {
		return config;
	}

	@Override
	public SchedulerRun run(final int numInferenceSteps) {
		return new Run(timesteps(numInferenceSteps), config.numTrainTimesteps() / numInferenceSteps);
	}

	/** The noise levels between which a run of so many steps moves. */
	public NoiseLevels levels(final int numInferenceSteps) {
		return new NoiseLevels(config, timesteps(numInferenceSteps), initialAlphaCumprod);
	}

	private double[] timesteps(final int numInferenceSteps) {
		config.checkSteps(numInferenceSteps);
		if (config.timestepSpacing() == TimestepSpacing.LINSPACE) throw new DiffEditException(
			"Got timestep_spacing linspace, but DDIM inversion supports only leading and trailing; change " + config.json().source() + " or choose another spacing.");
		return Timesteps.reversed(config.timestepSpacing().descending(config.numTrainTimesteps(), numInferenceSteps, config.stepsOffset()));
	}

	private final class Run extends BaseRun {

		private final int stride;

		Run(final double[] timesteps, final int stride) {
			super(DDIMInverseScheduler.this.config, timesteps);
			this.stride = stride;
			config.alphaCumprod((int) timesteps[timesteps.length - 1]);
		}

		@Override
		StepResult move(final Tensor output, final int i, final Tensor x, final StepArguments arguments) {
			final int from = Math.min(timestep(i) - stride, config.numTrainTimesteps() - 1);
			final float bar = from >= 0 ? config.alphaCumprod(from) : initialAlphaCumprod;
			final float barNext = config.alphaCumprod(timestep(i));
			final Tensor clean = limits.apply(config.predictionType().clean(output, x, sqrt(bar), sqrt(1 - bar)));
			final Tensor noise = config.predictionType().noise(output, x, sqrt(bar), sqrt(1 - bar));
			return new StepResult(clean.multiply(sqrt(barNext)).plus(noise.multiply(sqrt(1 - barNext))), clean);
		}
	}
}
