package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * DPM-Solver-2 over noise levels (Lu et al. 2022 in the form of Karras et al. 2022, algorithm 2; k-diffusion's DPM2): each step asks
 * the network at its beginning and at the geometric mean of its ends; matches diffusers' {@code scheduling_k_dpm_2_discrete.py}. N
 * steps have 2N - 1 timesteps, and a run may begin at even indices only.
 */
public final class KDPM2DiscreteScheduler implements Scheduler {

	private final SchedulerConfig config;
	private final MidpointSchedule schedule;

	/**
	 * Keys and defaults: those of {@link SchedulerConfig} with {@code beta_start} 0.00085 and {@code beta_end} 0.012,
	 * {@code timestep_spacing} linspace, {@code use_karras_sigmas}, {@code use_exponential_sigmas} and
	 * {@code use_beta_sigmas} false, {@code prediction_type} epsilon or v_prediction.
	 *
	 * @throws sc.fiji.diffedit.DiffEditException if a value has a kind or range that is unknown
	 */
	public KDPM2DiscreteScheduler(final Config config) {
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
		final float[] middles = MidpointSchedule.middles(levels);
		return new Run(schedule.timesteps(numInferenceSteps, levels, middles), levels, middles);
	}

	private final class Run extends MidpointRun {

		Run(final double[] timesteps, final float[] levels, final float[] middles) {
			super(KDPM2DiscreteScheduler.this.config, timesteps, levels, middles);
		}

		@Override
		Tensor first(final Tensor x, final Tensor clean, final int k, final StepArguments arguments) {
			return euler(x, x, clean, levels[k], middles[k] - levels[k]);
		}

		@Override
		Tensor second(final Tensor origin, final Tensor x, final Tensor clean, final int k, final StepArguments arguments) {
			return euler(origin, x, clean, middles[k], levels[k + 1] - levels[k]);
		}
	}
}
