package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Diffusion exponential integrator, Zhang and Chen 2023, in its multistep form over the logarithm of rho, the ratio of noise and image;
 * matches diffusers' {@code scheduling_deis_multistep.py}. Coefficients are integrated by nodes instead of closed forms.
 */
public final class DEISMultistepScheduler implements Scheduler {

	private final SchedulerConfig config;
	private final SampleLimits limits;
	private final SigmaTable table;
	private final SigmaSpacing spacing;
	private final int order;
	private final boolean lowerOrderFinal;

	/**
	 * Keys and defaults: those of {@link SchedulerConfig}, {@code solver_order} 2 (1 to 3), {@code algorithm_type} deis,
	 * {@code solver_type} logrho, {@code lower_order_final} true, {@code use_karras_sigmas}, {@code use_exponential_sigmas}
	 * and {@code use_beta_sigmas} false, {@code thresholding} false, {@code dynamic_thresholding_ratio} 0.995,
	 * {@code sample_max_value} 1, {@code timestep_spacing} linspace. As in diffusers, the words of DPM-Solver and UniPC for types mean deis and
	 * logrho, so that their configs can be taken over.
	 *
	 * @throws sc.fiji.diffedit.DiffEditException if a value has a kind or range that is unknown
	 */
	public DEISMultistepScheduler(final Config config) {
		this.config = new SchedulerConfig(config, TimestepSpacing.LINSPACE, SchedulerConfig.ZeroSnr.UNKNOWN);
		limits = SampleLimits.thresholding(config);
		table = new SigmaTable(this.config);
		spacing = SigmaSpacing.of(config);
		order = config.getInt("solver_order", 2);
		lowerOrderFinal = config.getBoolean("lower_order_final", true);
		if (order < 1 || order > 3) throw config.unsupported("solver_order", "1 to 3");
		ConfigWords.oneOf(config, "algorithm_type", "deis", "dpmsolver", "dpmsolver++");
		ConfigWords.oneOf(config, "solver_type", "logrho", "midpoint", "heun", "bh1", "bh2");
		if (config.getBoolean("use_flow_sigmas", false)) throw config.unsupported("use_flow_sigmas", "false");
	}

	@Override
	public SchedulerConfig config() {
		return config;
	}

	@Override
	public SchedulerRun run(final int numInferenceSteps) {
		config.checkSteps(numInferenceSteps);
		if (spacing == SigmaSpacing.TIMESTEPS) {
			final double[] timesteps = SolverSchedule.descending(config, numInferenceSteps, config.numTrainTimesteps());
			return new Run(timesteps, SigmaTable.withLast(table.at(timesteps), table.smallest()));
		}
		final double[] levels = spacing.levels(table.largest(), table.smallest(), numInferenceSteps);
		final double[] timesteps = SolverSchedule.whole(table.timestepsOf(levels), spacing == SigmaSpacing.KARRAS);
		return new Run(timesteps, SigmaTable.withLast(levels, levels[levels.length - 1]));
	}

	private final class Run extends VpRun {

		Run(final double[] timesteps, final float[] sigmas) {
			super(DEISMultistepScheduler.this.config, timesteps, sigmas);
		}

		@Override
		StepResult moveOn(final Tensor output, final int i, final Tensor x, final StepArguments arguments) {
			final VpLevel here = levels[i];
			final Tensor clean = limits.apply(clean(output, i, x));
			store(PredictionType.SAMPLE.noise(clean, x, here.alpha, here.sigma), order);
			final int most = mostOrder(i);
			Tensor moved = x.div(here.alpha);
			for (int k = 0; k < most; k++) moved = moved.plus(past(k).multiply(coefficient(i, most, k)));
			return new StepResult(moved.multiply(levels[i + 1].alpha), clean);
		}

		private int mostOrder(final int i) {
			final int left = size() - i;
			return Math.min(stored(), lowerOrderFinal && size() < 15 ? Math.min(order, left) : order);
		}

		/**
		 * The integral over rho, from this level to the next, of Lagrange's polynomial of rho's logarithm that is 1 at the level
		 * {@code which} steps back.
		 */
		private double coefficient(final int i, final int most, final int which) {
			final double half = (logRho(i + 1) - logRho(i)) / 2;
			final double middle = (logRho(i + 1) + logRho(i)) / 2;
			return half * GaussLegendre.integrate(u -> Math.exp(middle + half * u) * lagrange(middle + half * u, i, most, which));
		}

		private double lagrange(final double logRho, final int i, final int most, final int which) {
			double product = 1;
			for (int k = 0; k < most; k++) {
				if (k != which) product *= (logRho - logRho(i - k)) / (logRho(i - which) - logRho(i - k));
			}
			return product;
		}

		private double logRho(final int i) {
			return Math.log(levels[i].sigma) - Math.log(levels[i].alpha);
		}
	}
}
