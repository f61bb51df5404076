package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * The arithmetic of DPM-Solver (Lu et al. 2022) and DPM-Solver++ (Lu et al. 2022b) in their multistep and singlestep forms of order 1
 * to 3, as differential equations and with noise added in each step. The former integrate the noise, the ++ forms the
 * clean sample. Both walk as well from image to noise, where steps of lambda are negative. Differs from diffusers on
 * purpose: the second difference of sde-dpmsolver++ of order 3 has the sign that makes it vanish with the step.
 */
final class DPMSolver {

	/** Which equation is solved. */
	enum Algorithm {
		DPMSOLVER, DPMSOLVER_PP, SDE_DPMSOLVER, SDE_DPMSOLVER_PP;

		static Algorithm of(final Config config) {
			switch (config.getString("algorithm_type", "dpmsolver++")) {
				case "dpmsolver":
					return DPMSOLVER;
				case "sde-dpmsolver":
					return SDE_DPMSOLVER;
				case "sde-dpmsolver++":
					return SDE_DPMSOLVER_PP;
				case "dpmsolver++":
				case "deis":
					return DPMSOLVER_PP;
				default:
					throw config.unsupported("algorithm_type", "dpmsolver, dpmsolver++, sde-dpmsolver or sde-dpmsolver++");
			}
		}

		boolean integratesClean() {
			return this == DPMSOLVER_PP || this == SDE_DPMSOLVER_PP;
		}

		boolean isStochastic() {
			return this == SDE_DPMSOLVER || this == SDE_DPMSOLVER_PP;
		}
	}

	private final Algorithm algorithm;
	private final boolean heun;
	private final int order;
	private final boolean lowerOrderFinal;
	private final boolean eulerAtFinal;
	private final SampleLimits limits;

	DPMSolver(final Config config) {
		algorithm = Algorithm.of(config);
		heun = isHeun(config);
		order = config.getInt("solver_order", 2);
		if (order < 1 || order > 3) throw config.unsupported("solver_order", "1 to 3");
		if (order == 3 && algorithm == Algorithm.SDE_DPMSOLVER) throw config.unsupported("solver_order", "1 or 2 with sde-dpmsolver");
		lowerOrderFinal = config.getBoolean("lower_order_final", true);
		eulerAtFinal = config.getBoolean("euler_at_final", false);
		limits = SampleLimits.thresholding(config);
		if (config.getBoolean("use_flow_sigmas", false)) throw config.unsupported("use_flow_sigmas", "false");
		if (config.getString("variance_type", "").startsWith("learned")) throw config.unsupported("variance_type", "null, fixed_small or fixed_large");
	}

	/** Names of other solvers' types mean midpoint here, so that their configs can be taken over. */
	private static boolean isHeun(final Config config) {
		switch (config.getString("solver_type", "midpoint")) {
			case "heun":
				return true;
			case "midpoint":
			case "logrho":
			case "bh1":
			case "bh2":
				return false;
			default:
				throw config.unsupported("solver_type", "midpoint or heun");
		}
	}

	Algorithm algorithm() {
		return algorithm;
	}

	int order() {
		return order;
	}

	/**
	 * Number of training timesteps whose lambda is at least {@code lambda_min_clipped}; all by default. Cosine schedules
	 * need it, since their last lambdas run away.
	 */
	static int usedTimesteps(final SchedulerConfig config) {
		final double least = lambdaMinClipped(config.json());
		final float[] bars = config.alphasCumprod();
		int used = bars.length;
		while (used > 0 && lambda(bars[used - 1]) < least) used--;
		if (used == 0) throw config.json().unsupported("lambda_min_clipped", "less than the largest lambda of the schedule");
		return used;
	}

	/** Python writes minus infinity as a word that is not valid JSON. */
	private static double lambdaMinClipped(final Config config) {
		if (!config.has("lambda_min_clipped")) return Double.NEGATIVE_INFINITY;
		try {
			final String word = config.json().get("lambda_min_clipped").getAsString();
			return word.equals("-inf") ? Double.NEGATIVE_INFINITY : Double.parseDouble(word);
		}
		catch (final RuntimeException e) {
			throw config.unsupported("lambda_min_clipped", "a number or -Infinity");
		}
	}

	private static float lambda(final float bar) {
		return (float) Math.log((float) Math.sqrt(bar)) - (float) Math.log((float) Math.sqrt(1 - bar));
	}

	/** Throws if a run shall end at noise level zero, where algorithms that integrate noise cannot go. */
	void requireReachable(final Config config, final boolean endsAtSmallest) {
		if (!endsAtSmallest && !algorithm.integratesClean()) throw new DiffEditException(config.source()
			+ " asks for an algorithm_type without ++ and final_sigmas_type zero, which it cannot reach; choose sigma_min.");
	}

	/** What is integrated: the clean sample or the noise, after thresholding. */
	Tensor integrand(final VpRun run, final Tensor output, final int i, final Tensor x) {
		if (algorithm.integratesClean()) return limits.apply(run.clean(output, i, x));
		final Tensor noise = run.noise(output, i, x);
		if (!limits.changeAnything()) return noise;
		final VpLevel here = run.levels[i];
		final Tensor clean = limits.apply(PredictionType.EPSILON.clean(noise, x, here.alpha, here.sigma));
		return PredictionType.SAMPLE.noise(clean, x, here.alpha, here.sigma);
	}

	/** The clean sample for an integrand. */
	Tensor cleanOf(final VpRun run, final Tensor integrand, final int i, final Tensor x) {
		if (algorithm.integratesClean()) return integrand;
		return PredictionType.EPSILON.clean(integrand, x, run.levels[i].alpha, run.levels[i].sigma);
	}

	/**
	 * One step from level {@code i} to the next; the run has remembered this step's integrand already.
	 *
	 * @param endsAtImage whether the last level is the image itself, which only a step of order 1 can reach
	 * @param noise what is added, for stochastic algorithms
	 */
	Tensor step(final VpRun run, final int i, final Tensor x, final boolean endsAtImage, final Tensor noise) {
		final int most = mostOrder(run, i, endsAtImage);
		final VpLevel here = run.levels[i];
		final float h = run.levels[i + 1].lambda - here.lambda;
		final Terms terms = new Terms(run.levels[i + 1], here, h);
		final Tensor first = x.multiply(terms.sample).plus(run.past(0).multiply(terms.zeroth));
		final Tensor moved = most == 1 ? first : first.plus(corrections(run, i, h, terms, most));
		return noise == null ? moved : moved.plus(noise.multiply(terms.noise));
	}

	private int mostOrder(final VpRun run, final int i, final boolean endsAtImage) {
		final int left = run.size() - i;
		final boolean few = lowerOrderFinal && run.size() < 15;
		if (left == 1 && (eulerAtFinal || few || endsAtImage)) return 1;
		return Math.min(run.stored(), left == 2 && few ? Math.min(order, 2) : order);
	}

	/** What differences of earlier integrands add to the first order. */
	private Tensor corrections(final VpRun run, final int i, final float h, final Terms terms, final int most) {
		final float r0 = (run.levels[i].lambda - run.levels[i - 1].lambda) / h;
		final Tensor d0 = run.past(0).minus(run.past(1)).multiply(1 / r0);
		if (most == 2) return d0.multiply(heun ? terms.first : terms.zeroth * 0.5f);
		final float r1 = (run.levels[i - 1].lambda - run.levels[i - 2].lambda) / h;
		final Tensor d1 = run.past(1).minus(run.past(2)).multiply(1 / r1);
		final Tensor bend = d0.minus(d1);
		final Tensor slope = d0.plus(bend.multiply(r0 / (r0 + r1)));
		return slope.multiply(terms.first).plus(bend.multiply(1 / (r0 + r1)).multiply(terms.second));
	}

	/**
	 * One call of a group of a singlestep method, from the group's first level to the one after level {@code i}.
	 *
	 * @param most number of calls in the group so far, 1 to 3
	 * @param origin the sample at the group's first level
	 */
	Tensor singleStep(final VpRun run, final int i, final int most, final Tensor origin, final Tensor noise) {
		final VpLevel start = run.levels[i + 1 - most];
		final float h = run.levels[i + 1].lambda - start.lambda;
		final Terms terms = new Terms(run.levels[i + 1], start, h);
		final Tensor first = origin.multiply(terms.sample).plus(run.past(most - 1).multiply(terms.zeroth));
		final Tensor moved = most == 1 ? first : first.plus(groupCorrections(run, i, h, terms, most));
		return noise == null ? moved : moved.plus(noise.multiply(terms.noise));
	}

	/** What differences from the group's first integrand add to the first order. */
	private Tensor groupCorrections(final VpRun run, final int i, final float h, final Terms terms, final int most) {
		final VpLevel start = run.levels[i + 1 - most];
		final Tensor base = run.past(most - 1);
		final float r0 = (run.levels[i].lambda - start.lambda) / h;
		final Tensor d0 = run.past(0).minus(base).multiply(1 / r0);
		if (most == 2) return d0.multiply(heun ? terms.first : terms.zeroth * 0.5f);
		if (!heun) return d0.multiply(terms.first);
		final float r1 = (run.levels[i - 1].lambda - start.lambda) / h;
		final Tensor d1 = run.past(1).minus(base).multiply(1 / r1);
		final Tensor slope = d1.multiply(r0).minus(d0.multiply(r1)).div(r0 - r1);
		return slope.multiply(terms.first).plus(d0.minus(d1).multiply(2 / (r0 - r1)).multiply(terms.second));
	}

	/** Weights of a step: of the sample, of the integrand, of its first and second differences, and of the noise. */
	private final class Terms {

		final float sample;
		final float zeroth;
		final float first;
		final float second;
		final float noise;

		Terms(final VpLevel to, final VpLevel from, final float h) {
			final boolean clean = algorithm.integratesClean();
			final boolean sde = algorithm.isStochastic();
			final float scale = clean ? to.alpha : to.sigma;
			final float k = clean ? sde ? -2 * h : -h : h;
			final float grown = (float) Math.exp(k) - 1;
			final float sign = clean ? 1 : -1;
			final float twice = sde && !clean ? 2 : 1;
			sample = clean ? sde ? to.sigma / from.sigma * (float) Math.exp(-h) : to.sigma / from.sigma : to.alpha / from.alpha;
			zeroth = -twice * (scale * grown);
			first = twice * sign * (scale * (grown / (clean ? -k : k) + sign));
			second = -(scale * ((grown - k) / (k * k) - 0.5f));
			noise = !sde ? 0 : clean ? to.sigma * (float) Math.sqrt(1 - (float) Math.exp(-2 * h)) : to.sigma * (float) Math.sqrt((float) Math.exp(2 * h) - 1);
		}
	}
}
