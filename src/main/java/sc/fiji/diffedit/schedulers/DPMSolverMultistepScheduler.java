package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * DPM-Solver and DPM-Solver++ in multistep form, Lu et al. 2022: good images in 20 to 25 steps; matches diffusers'
 * {@code scheduling_dpmsolver_multistep.py}. With {@code use_karras_sigmas} known elsewhere as DPM++ 2M Karras, with
 * {@code sde-dpmsolver++} as DPM++ 2M SDE.
 */
public final class DPMSolverMultistepScheduler implements Scheduler {

	private final SchedulerConfig config;
	private final DPMSolver solver;
	private final SigmaSchedule schedule;
	private final SigmaSpacing spacing;
	private final boolean luLambdas;
	private final boolean cosine;
	private final boolean endsAtSmallest;
	private final int usedTimesteps;

	/**
	 * Keys and defaults: those of {@link SchedulerConfig}, {@code solver_order} 2 (1 to 3), {@code algorithm_type}
	 * dpmsolver++ (dpmsolver, sde-dpmsolver, sde-dpmsolver++), {@code solver_type} midpoint (heun),
	 * {@code lower_order_final} true, {@code euler_at_final} false, {@code use_karras_sigmas},
	 * {@code use_exponential_sigmas}, {@code use_beta_sigmas} and {@code use_lu_lambdas} false,
	 * {@code final_sigmas_type} zero (sigma_min), {@code lambda_min_clipped}, {@code thresholding} false,
	 * {@code dynamic_thresholding_ratio} 0.995, {@code sample_max_value} 1, {@code timestep_spacing} linspace,
	 * {@code rescale_betas_zero_snr} false.
	 *
	 * @throws DiffEditException if a value has a kind or range that is unknown, or dpmsolver shall end at noise level zero
	 */
	public DPMSolverMultistepScheduler(final Config config) {
		this.config = new SchedulerConfig(config, TimestepSpacing.LINSPACE, SchedulerConfig.ZeroSnr.NEARLY);
		solver = new DPMSolver(config);
		spacing = SigmaSpacing.of(config);
		schedule = new SigmaSchedule(this.config, spacing);
		luLambdas = spacing != SigmaSpacing.KARRAS && config.getBoolean("use_lu_lambdas", false);
		cosine = config.getString("beta_schedule", "linear").equals("squaredcos_cap_v2");
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
		final SigmaTable table = schedule.table();
		final double last = endsAtSmallest ? table.smallest() : 0;
		if (luLambdas) return run(table, luLevels(numInferenceSteps), !cosine, last);
		if (spacing == SigmaSpacing.TIMESTEPS) {
			final double[] timesteps = SolverSchedule.descending(config, numInferenceSteps, usedTimesteps);
			return new Run(timesteps, SigmaTable.withLast(table.at(timesteps), last));
		}
		final double[] ends = { table.largest(), table.smallest() };
		final double[] levels = schedule.levels(ends, numInferenceSteps);
		return run(table, levels, spacing == SigmaSpacing.KARRAS && !cosine, last);
	}

	private SchedulerRun run(final SigmaTable table, final double[] levels, final boolean round, final double last) {
		return new Run(SolverSchedule.whole(table.timestepsOf(levels), round), SigmaTable.withLast(levels, last));
	}

	/** Even steps of lambda, Lu et al. 2022. */
	private double[] luLevels(final int steps) {
		final SigmaTable table = schedule.table();
		return SigmaSpacing.EXPONENTIAL.levels(table.largest(), table.smallest(), steps);
	}

	private final class Run extends VpRun {

		Run(final double[] timesteps, final float[] sigmas) {
			super(DPMSolverMultistepScheduler.this.config, timesteps, sigmas);
		}

		@Override
		StepResult moveOn(final Tensor output, final int i, final Tensor x, final StepArguments arguments) {
			final Tensor integrand = solver.integrand(this, output, i, x);
			store(integrand, solver.order());
			final Tensor wide = x.to(DType.FLOAT32);
			final Tensor noise = solver.algorithm().isStochastic() ? arguments.drawLike(wide) : null;
			final Tensor moved = solver.step(this, i, wide, !endsAtSmallest, noise);
			return new StepResult(moved.to(integrand.dtype()), solver.cleanOf(this, integrand, i, x));
		}
	}
}
