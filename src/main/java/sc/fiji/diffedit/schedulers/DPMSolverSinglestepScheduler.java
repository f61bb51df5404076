package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * DPM-Solver and DPM-Solver++ in singlestep form, Lu et al. 2022: groups of two or three calls, each of which begins anew from
 * the sample at the group's first level; matches diffusers' {@code scheduling_dpmsolver_singlestep.py}. Known elsewhere as DPM++ 2S.
 * Differs on purpose: thresholding works with {@code dpmsolver} too, and the second difference of {@code sde-dpmsolver++} of order 3 vanishes with the step.
 */
public final class DPMSolverSinglestepScheduler implements Scheduler {

	private final SchedulerConfig config;
	private final DPMSolver solver;
	private final SigmaTable table;
	private final SigmaSpacing spacing;
	private final boolean lowerOrderFinal;
	private final boolean endsAtSmallest;
	private final int usedTimesteps;

	/**
	 * Keys and defaults: those of {@link SchedulerConfig}, {@code solver_order} 2 (1 to 3), {@code algorithm_type} dpmsolver++
	 * (dpmsolver, sde-dpmsolver++), {@code solver_type} midpoint (heun), {@code lower_order_final} false,
	 * {@code use_karras_sigmas}, {@code use_exponential_sigmas} and {@code use_beta_sigmas} false, {@code final_sigmas_type}
	 * zero (sigma_min), {@code lambda_min_clipped}, {@code thresholding} false, {@code dynamic_thresholding_ratio} 0.995,
	 * {@code sample_max_value} 1. As in diffusers, {@code timestep_spacing} is always linspace.
	 *
	 * @throws DiffEditException if a value has a kind or range that is unknown, or dpmsolver shall end at noise level zero
	 */
	public DPMSolverSinglestepScheduler(final Config config) {
		this.config = new SchedulerConfig(config, TimestepSpacing.LINSPACE, SchedulerConfig.ZeroSnr.UNKNOWN);
		solver = new DPMSolver(config);
		if (solver.algorithm() == DPMSolver.Algorithm.SDE_DPMSOLVER) throw config.unsupported("algorithm_type", "dpmsolver, dpmsolver++ or sde-dpmsolver++ with DPMSolverSinglestepScheduler");
		spacing = SigmaSpacing.of(config);
		table = new SigmaTable(this.config);
		lowerOrderFinal = config.getBoolean("lower_order_final", false);
		endsAtSmallest = ConfigWords.second(config, "final_sigmas_type", "zero", "sigma_min");
		solver.requireReachable(config, endsAtSmallest);
		usedTimesteps = DPMSolver.usedTimesteps(this.config);
	}

	@Override
	public SchedulerConfig config() {
		return config;
	}

	@Override
	public SchedulerRun run(final int numInferenceSteps) {
		config.checkSteps(numInferenceSteps);
		final double last = endsAtSmallest ? table.smallest() : 0;
		if (spacing == SigmaSpacing.TIMESTEPS) {
			final double[] timesteps = SolverSchedule.firsts(Timesteps.linspaceDescending(usedTimesteps, numInferenceSteps + 1), numInferenceSteps);
			return new Run(timesteps, SigmaTable.withLast(table.at(timesteps), last));
		}
		final double[] levels = spacing.levels(table.largest(), table.smallest(), numInferenceSteps);
		return new Run(SolverSchedule.whole(table.timestepsOf(levels), spacing == SigmaSpacing.KARRAS), SigmaTable.withLast(levels, last));
	}

	/** The order of each call: groups of 1, 2 (and 3), where the last one may not fit; the last call has order 1 if it ends at the image. */
	private int[] orders(final int steps) {
		final int order = solver.order();
		final int[] orders = new int[steps];
		for (int i = 0; i < steps; i++) orders[i] = i % order + 1;
		if (!endsAtSmallest || lowerOrderFinal && steps % order == 0) orders[steps - 1] = 1;
		return orders;
	}

	private final class Run extends VpRun {

		private final int[] orders;
		private Tensor origin;

		Run(final double[] timesteps, final float[] sigmas) {
			super(DPMSolverSinglestepScheduler.this.config, timesteps, sigmas);
			orders = orders(timesteps.length);
		}

		@Override
		StepResult moveOn(final Tensor output, final int i, final Tensor x, final StepArguments arguments) {
			final Tensor integrand = solver.integrand(this, output, i, x);
			store(integrand, solver.order());
			final int order = Math.min(orders[i], stored());
			if (order == 1) origin = replace(origin, x);
			final Tensor noise = solver.algorithm().isStochastic() ? arguments.drawLike(integrand) : null;
			return new StepResult(solver.singleStep(this, i, order, origin, noise), solver.cleanOf(this, integrand, i, x));
		}
	}
}
