package sc.fiji.diffedit.schedulers;

import java.util.Arrays;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * DPM-Solver and DPM-Solver++ walked from image to noise; matches diffusers'
 * {@code scheduling_dpmsolver_multistep_inverse.py}. Unlike {@link DDIMInverseScheduler}, the network is asked at the
 * noise level that a step starts from. Differs on purpose: algorithms that add noise are refused, since backwards their
 * noise has no variance (diffusers gives NaN).
 */
public final class DPMSolverMultistepInverseScheduler implements Scheduler {

	private final SchedulerConfig config;
	private final DPMSolver solver;
	private final SigmaTable table;
	private final SigmaSpacing spacing;
	private final int usedTimesteps;

	/**
	 * Keys and defaults: those of {@link DPMSolverMultistepScheduler}, without {@code final_sigmas_type},
	 * {@code use_lu_lambdas} and {@code rescale_betas_zero_snr}.
	 *
	 * @throws DiffEditException if a value has a kind or range that is unknown
	 */
	public DPMSolverMultistepInverseScheduler(final Config config) {
		this.config = new SchedulerConfig(config, TimestepSpacing.LINSPACE, SchedulerConfig.ZeroSnr.UNKNOWN);
		solver = new DPMSolver(config);
		if (solver.algorithm().isStochastic()) throw config.unsupported("algorithm_type", "dpmsolver or dpmsolver++ for inversion");
		table = new SigmaTable(this.config);
		spacing = SigmaSpacing.of(config);
		usedTimesteps = DPMSolver.usedTimesteps(this.config);
	}

	@Override
	public SchedulerConfig config() {
		return config;
	}

	@Override
	public SchedulerRun run(final int numInferenceSteps) {
		config.checkSteps(numInferenceSteps);
		if (spacing == SigmaSpacing.TIMESTEPS) {
			final double[] timesteps = ascending(numInferenceSteps);
			return new Run(distinct(timesteps), SigmaTable.withLast(table.at(timesteps), table.at(usedTimesteps - 1)));
		}
		final double[] levels = spacing.levels(table.smallest(), table.largest(), numInferenceSteps);
		final double[] timesteps = SolverSchedule.whole(table.timestepsOf(levels), spacing == SigmaSpacing.KARRAS);
		return new Run(distinct(timesteps), SigmaTable.withLast(levels, levels[levels.length - 1]));
	}

	private double[] ascending(final int steps) {
		if (config.timestepSpacing() == TimestepSpacing.TRAILING) return Timesteps.reversed(SolverSchedule.descending(config, steps, usedTimesteps));
		if (config.timestepSpacing() == TimestepSpacing.LINSPACE) return SolverSchedule.firsts(Timesteps.rounded(Timesteps.linspace(0, usedTimesteps - 1, steps + 1)), steps);
		final double[] descending = SolverSchedule.descending(config, steps, usedTimesteps);
		final double[] timesteps = new double[steps];
		final double stride = usedTimesteps / (steps + 1);
		for (int i = 0; i < steps; i++) timesteps[i] = descending[steps - 1 - i] - stride;
		return timesteps;
	}

	/** Equal timesteps are taken once. */
	private static double[] distinct(final double[] ascending) {
		return Arrays.stream(ascending).distinct().toArray();
	}

	private final class Run extends VpRun {

		Run(final double[] timesteps, final float[] sigmas) {
			super(DPMSolverMultistepInverseScheduler.this.config, timesteps, sigmas);
		}

		@Override
		StepResult moveOn(final Tensor output, final int i, final Tensor x, final StepArguments arguments) {
			final Tensor integrand = solver.integrand(this, output, i, x);
			store(integrand, solver.order());
			return new StepResult(solver.step(this, i, x, false, null), solver.cleanOf(this, integrand, i, x));
		}
	}
}
