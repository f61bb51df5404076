package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * {@link KDPM2DiscreteScheduler} that overshoots towards the image and adds fresh noise in each step (k-diffusion's DPM2 ancestral);
 * matches diffusers' {@code scheduling_k_dpm_2_ancestral_discrete.py}. Every step but the last draws, after its second call.
 */
public final class KDPM2AncestralDiscreteScheduler implements Scheduler {

	private final SchedulerConfig config;
	private final MidpointSchedule schedule;

	/**
	 * Keys and defaults: those of {@link KDPM2DiscreteScheduler}.
	 *
	 * @throws sc.fiji.diffedit.DiffEditException if a value has a kind or range that is unknown
	 */
	public KDPM2AncestralDiscreteScheduler(final Config config) {
		this.config = MidpointSchedule.config(config);
		schedule = new MidpointSchedule(this.config, true);
	}

	@Override
	public SchedulerConfig config() {
		return config;
	}

	@Override
	public int order() {
		return 2;
	}

	@Override
	public SchedulerRun run(final int numInferenceSteps) {
		final float[] levels = schedule.levels(numInferenceSteps);
		final float[] middles = new float[numInferenceSteps];
		for (int k = 0; k < middles.length; k++) middles[k] = MidpointSchedule.middle(levels[k], AncestralStep.of(levels[k], levels[k + 1]).down());
		return new Run(schedule.timesteps(numInferenceSteps, levels, middles), levels, middles);
	}

	private final class Run extends MidpointRun {

		Run(final double[] timesteps, final float[] levels, final float[] middles) {
			super(KDPM2AncestralDiscreteScheduler.this.config, timesteps, levels, middles);
		}

		@Override
		Tensor first(final Tensor x, final Tensor clean, final int k, final StepArguments arguments) {
			return euler(x, x, clean, levels[k], middles[k] - levels[k]);
		}

		@Override
		Tensor second(final Tensor origin, final Tensor x, final Tensor clean, final int k, final StepArguments arguments) {
			final AncestralStep step = AncestralStep.of(levels[k], levels[k + 1]);
			return euler(origin, x, clean, middles[k], step.down() - levels[k]).plus(arguments.drawLike(x).multiply(step.up()));
		}
	}
}
