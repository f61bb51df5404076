package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * DPM-Solver++ in multistep form over the levels of Karras et al. 2022, for models trained that way (Playground v2.5);
 * matches diffusers' {@code scheduling_edm_dpmsolver_multistep.py}.
 */
public final class EDMDPMSolverMultistepScheduler implements Scheduler {

	private final SchedulerConfig config;
	private final EdmLevels edm;
	private final DPMSolver solver;
	private final boolean endsAtSmallest;

	/**
	 * Keys and defaults: those of {@link EDMEulerScheduler}, {@code solver_order} 2 (1 to 3), {@code algorithm_type}
	 * dpmsolver++ (sde-dpmsolver++), {@code solver_type} midpoint (heun), {@code lower_order_final} true,
	 * {@code euler_at_final} false, {@code thresholding} false, {@code dynamic_thresholding_ratio} 0.995,
	 * {@code sample_max_value} 1.
	 *
	 * @throws DiffEditException if a value has a kind or range that is unknown
	 */
	public EDMDPMSolverMultistepScheduler(final Config config) {
		this.config = new SchedulerConfig(config, TimestepSpacing.LINSPACE, SchedulerConfig.ZeroSnr.UNKNOWN);
		edm = new EdmLevels(this.config);
		solver = new DPMSolver(config);
		if (!solver.algorithm().integratesClean()) throw config.unsupported("algorithm_type", "dpmsolver++ or sde-dpmsolver++ with EDMDPMSolverMultistepScheduler");
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
		return new Run(EdmLevels.timesteps(levels), SigmaTable.withLast(levels, endsAtSmallest ? edm.smallest() : 0));
	}

	private final class Run extends VpRun {

		Run(final double[] timesteps, final float[] sigmas) {
			super(EDMDPMSolverMultistepScheduler.this.config, timesteps, sigmas, VpLevel.growing(sigmas));
		}

		@Override
		public double initNoiseSigma() {
			return edm.initNoiseSigma();
		}

		@Override
		public Tensor scaleModelInput(final Tensor sample, final int i) {
			checkIndex(i);
			return edm.scaled(sample, levels[i].sigma);
		}

		@Override
		Tensor clean(final Tensor output, final int i, final Tensor x) {
			return edm.clean(output, x, levels[i].sigma);
		}

		@Override
		StepResult moveOn(final Tensor output, final int i, final Tensor x, final StepArguments arguments) {
			final Tensor clean = solver.integrand(this, output, i, x);
			store(clean, solver.order());
			return new StepResult(solver.step(this, i, x, !endsAtSmallest, solver.algorithm().isStochastic() ? arguments.drawLike(clean) : null), clean);
		}
	}
}
