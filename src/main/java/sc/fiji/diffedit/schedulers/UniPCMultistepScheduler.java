package sc.fiji.diffedit.schedulers;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * UniPC, Zhao et al. 2023: each step predicts the next sample and corrects it when the network has seen it; good images
 * in 10 to 20 steps; matches diffusers' {@code scheduling_unipc_multistep.py}. Differs on purpose: a last step to noise
 * level zero has order 1, where diffusers gives NaN with {@code bh1} or without {@code lower_order_final}.
 */
public final class UniPCMultistepScheduler implements Scheduler {

	private final SchedulerConfig config;
	private final SampleLimits limits;
	private final SigmaSchedule schedule;
	private final SigmaSpacing spacing;
	private final int order;
	private final boolean predictX0;
	private final boolean bh1;
	private final boolean lowerOrderFinal;
	private final boolean endsAtSmallest;
	private final Set<Integer> disableCorrector;

	/**
	 * Keys and defaults: those of {@link SchedulerConfig}, {@code solver_order} 2 (at least 1), {@code solver_type} bh2
	 * (bh1), {@code predict_x0} true, {@code lower_order_final} true, {@code disable_corrector} (indices of steps whose
	 * result is not corrected), {@code use_karras_sigmas}, {@code use_exponential_sigmas} and {@code use_beta_sigmas}
	 * false, {@code sigma_min}, {@code sigma_max}, {@code final_sigmas_type} zero (sigma_min), {@code thresholding}
	 * false, {@code dynamic_thresholding_ratio} 0.995, {@code sample_max_value} 1, {@code timestep_spacing} linspace,
	 * {@code rescale_betas_zero_snr} false.
	 *
	 * @throws DiffEditException if a value has a kind or range that is unknown
	 */
	public UniPCMultistepScheduler(final Config config) {
		this.config = new SchedulerConfig(config, TimestepSpacing.LINSPACE, SchedulerConfig.ZeroSnr.NEARLY);
		limits = SampleLimits.thresholding(config);
		spacing = SigmaSpacing.of(config);
		schedule = new SigmaSchedule(this.config, spacing);
		order = config.getInt("solver_order", 2);
		if (order < 1 || order > 10) throw config.unsupported("solver_order", "1 to 10");
		predictX0 = config.getBoolean("predict_x0", true);
		bh1 = isBh1(config);
		lowerOrderFinal = config.getBoolean("lower_order_final", true);
		endsAtSmallest = ConfigWords.second(config, "final_sigmas_type", "zero", "sigma_min");
		disableCorrector = Arrays.stream(config.getInts("disable_corrector")).boxed().collect(Collectors.toSet());
		if (config.getBoolean("use_flow_sigmas", false)) throw config.unsupported("use_flow_sigmas", "false");
		if (config.has("solver_p")) throw config.unsupported("solver_p", "null");
	}

	/** Names of other solvers' types mean bh2 here, so that their configs can be taken over. */
	private static boolean isBh1(final Config config) {
		switch (config.getString("solver_type", "bh2")) {
			case "bh1":
				return true;
			case "bh2":
			case "midpoint":
			case "heun":
			case "logrho":
				return false;
			default:
				throw config.unsupported("solver_type", "bh1 or bh2");
		}
	}

	@Override
	public SchedulerConfig config() {
		return config;
	}

	@Override
	public SchedulerRun run(final int numInferenceSteps) {
		config.checkSteps(numInferenceSteps);
		final SigmaTable table = schedule.table();
		if (spacing == SigmaSpacing.TIMESTEPS) {
			final double[] timesteps = SolverSchedule.descending(config, numInferenceSteps, config.numTrainTimesteps());
			return new Run(timesteps, SigmaTable.withLast(table.at(timesteps), endsAtSmallest ? table.smallest() : 0));
		}
		final double[] ends = { table.largest(), table.smallest() };
		final double[] levels = schedule.levels(ends, numInferenceSteps, config.json());
		final double[] timesteps = SolverSchedule.whole(table.timestepsOf(levels), spacing == SigmaSpacing.KARRAS);
		return new Run(timesteps, SigmaTable.withLast(levels, endsAtSmallest ? levels[levels.length - 1] : 0));
	}

	private final class Run extends VpRun {

		private Tensor lastSample;
		private int lastOrder;

		Run(final double[] timesteps, final float[] sigmas) {
			super(UniPCMultistepScheduler.this.config, timesteps, sigmas);
		}

		@Override
		StepResult moveOn(final Tensor output, final int i, final Tensor sample, final StepArguments arguments) {
			final Tensor integrand = predictX0 ? limits.apply(clean(output, i, sample)) : noise(output, i, sample);
			final boolean correct = steps() > 0 && !disableCorrector.contains(i - 1);
			final Tensor x = correct ? corrected(integrand, i) : sample;
			store(integrand, order);
			lastSample = replace(lastSample, x);
			lastOrder = orderOf(i);
			final Tensor clean = predictX0 ? integrand : PredictionType.EPSILON.clean(integrand, sample, levels[i].alpha, levels[i].sigma);
			return new StepResult(predicted(i).to(sample.dtype()), clean);
		}

		private int orderOf(final int i) {
			final int left = size() - i;
			if (left == 1 && levels[i + 1].sigma == 0) return 1;
			return Math.min(stored(), lowerOrderFinal ? Math.min(order, left) : order);
		}

		/** UniP: the sample at the next level. */
		private Tensor predicted(final int i) {
			final Weights weights = new Weights(i, i + 1, lastOrder, false);
			final Tensor moved = weights.firstOrder(lastSample);
			return lastOrder == 1 ? moved : moved.minus(weights.differences().multiply(weights.outer));
		}

		/** UniC: the sample at this level again, with the network's output for it. */
		private Tensor corrected(final Tensor integrand, final int i) {
			final Weights weights = new Weights(i - 1, i, lastOrder, true);
			final Tensor news = integrand.minus(past(0)).multiply(weights.rho[lastOrder - 1]);
			final Tensor all = lastOrder == 1 ? news : weights.differences().plus(news);
			return weights.firstOrder(lastSample).minus(all.multiply(weights.outer)).to(lastSample.dtype());
		}

		/** The numbers of a step between two levels; earlier levels lie before the first. */
		private final class Weights {

			private final int from;
			private final int order;
			private final float sample;
			private final float zeroth;
			private final float outer;
			private final float[] r;
			private final float[] rho;

			Weights(final int from, final int to, final int order, final boolean corrector) {
				this.from = from;
				this.order = order;
				final VpLevel start = levels[from];
				final VpLevel end = levels[to];
				final float h = end.lambda - start.lambda;
				final float hh = predictX0 ? -h : h;
				final float grown = (float) Math.expm1(hh);
				final float scale = predictX0 ? end.alpha : end.sigma;
				sample = predictX0 ? end.sigma / start.sigma : end.alpha / start.alpha;
				zeroth = scale * grown;
				outer = scale * (bh1 ? hh : grown);
				r = new float[order];
				for (int k = 1; k < order; k++) r[k - 1] = (levels[from - k].lambda - start.lambda) / h;
				r[order - 1] = 1;
				rho = corrector ? correctorWeights(hh, grown) : predictorWeights(hh, grown);
			}

			private float[] predictorWeights(final float hh, final float grown) {
				if (order == 1) return new float[0];
				if (order == 2) return new float[] { 0.5f };
				return solve(hh, grown, order - 1);
			}

			private float[] correctorWeights(final float hh, final float grown) {
				return order == 1 ? new float[] { 0.5f } : solve(hh, grown, order);
			}

			/** Weights that make the step exact for polynomials: rows are powers of r, see appendix of the paper. */
			private float[] solve(final float hh, final float grown, final int n) {
				final float[][] rows = new float[n][n];
				final float[] right = new float[n];
				float phi = grown / hh - 1;
				float factorial = 1;
				for (int k = 0; k < n; k++) {
					for (int j = 0; j < n; j++) rows[k][j] = (float) Math.pow(r[j], k);
					right[k] = phi * factorial / (bh1 ? hh : grown);
					factorial *= k + 2;
					phi = phi / hh - 1 / factorial;
				}
				return LinearEquations.solve(rows, right);
			}

			Tensor firstOrder(final Tensor x) {
				return x.multiply(sample).minus(past(0).multiply(zeroth));
			}

			/** Earlier integrands against the one at the first level, weighted. */
			Tensor differences() {
				Tensor sum = past(1).minus(past(0)).div(r[0]).multiply(rho[0]);
				for (int k = 2; k < order; k++) sum = sum.plus(past(k).minus(past(0)).div(r[k - 1]).multiply(rho[k - 1]));
				return sum;
			}
		}
	}
}
