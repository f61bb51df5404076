package sc.fiji.diffedit.pipelines;

import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;

import sc.fiji.diffedit.schedulers.NoiseLevels;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * From one prediction at a level, DDIM's steps to both neighbours are known. What the upper neighbour differs from its step, the
 * lower one differs from its own, times a weight w:
 *
 * <pre>x(k-1) - move(x(k), k, k-1) = w (x(k+1) - move(x(k), k, k+1))</pre>
 *
 * which can be solved for either. This is the form of BDIA-DDIM (Zhang, Lewis, Kleijn 2023, arXiv 2307.10829) with one
 * weight gamma for all levels, and of O-BELM (Wang et al. 2024, arXiv 2410.07273), which chooses the weights so that
 * the error of second order vanishes. The latents that the inversion kept of two levels are all that the way back needs; the first
 * step up is DDIM's, and the first step down is the inversion's own.
 *
 * @param noise what is predicted
 * @param weight w of each level, above 0
 */
record TwoStepPath(LevelNoise noise, IntToDoubleFunction weight) implements ExactPath {

	/** Near 1: less is further from exact in few bits, 1 does not calm down. */
	private static final double GAMMA = 0.96;

	/** BDIA: gamma at every level. */
	static TwoStepPath bdia(final LevelNoise noise) {
		return new TwoStepPath(noise, level -> GAMMA);
	}

	/**
	 * O-BELM: in samples divided by alpha, whose noise is tau = sigma / alpha, the weight is the square of the ratio of the steps
	 * in tau below and above.
	 */
	static TwoStepPath obelm(final LevelNoise noise) {
		final NoiseLevels levels = noise.levels();
		return new TwoStepPath(noise, level -> {
			final double ratio = (tau(levels, level) - tau(levels, level - 1)) / (tau(levels, level + 1) - tau(levels, level));
			return ratio * ratio * levels.alpha(level - 1) / levels.alpha(level + 1);
		});
	}

	private static double tau(final NoiseLevels levels, final int level) {
		return levels.sigma(level) / levels.alpha(level);
	}

	@Override
	public Tensor up(final int level, final Tensor here, final IntFunction<Tensor> kept) {
		final NoiseLevels levels = noise.levels();
		if (level == 0) return levels.move(here, noise.of(here, 0, 1), 0, 1);
		final Tensor predicted = noise.of(here, level);
		final Tensor differs = kept.apply(level - 1).minus(levels.move(here, predicted, level, level - 1));
		return levels.move(here, predicted, level, level + 1).plus(differs.div(weight.applyAsDouble(level)));
	}

	@Override
	public Tensor down(final int level, final Tensor here, final Optional<Tensor> above, final IntFunction<Tensor> kept) {
		if (above.isEmpty()) return kept.apply(level - 1);
		final NoiseLevels levels = noise.levels();
		final Tensor predicted = noise.of(here, level);
		final Tensor differs = above.get().minus(levels.move(here, predicted, level, level + 1));
		return levels.move(here, predicted, level, level - 1).plus(differs.multiply(weight.applyAsDouble(level)));
	}
}
