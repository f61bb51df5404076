package sc.fiji.diffedit.pipelines;

import java.util.Optional;
import java.util.function.IntFunction;

import sc.fiji.diffedit.schedulers.NoiseLevels;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Noise;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * The edit-friendly noise space of DDPM (Huberman-Spiegelglas, Kulikov, Michaeli 2023, arXiv 2304.06140, algorithm 1): the latents of
 * each level are the image's with noise that has nothing to do with that of other levels, and what they differ from the mean
 * of DDPM's step is kept, to be added again on the way back. The paper divides that rest by the step's deviation, which
 * is the same. Kept of a level are the latents and the rest of the step down from there, one after the other along the channels.
 *
 * @param noise what is predicted
 * @param drawn the noise of all levels, on the way up
 */
record EditFriendlyPath(LevelNoise noise, Noise drawn) implements ExactPath {

	@Override
	public Tensor start(final Tensor latents) {
		final Tensor image = latents.to(DType.FLOAT32);
		return Tensor.cat(1, image, image.multiply(0));
	}

	@Override
	public Tensor up(final int level, final Tensor here, final IntFunction<Tensor> kept) {
		final NoiseLevels levels = noise.levels();
		final int next = level + 1;
		final Tensor image = part(kept.apply(0), 0);
		final Tensor noises = drawn.randn(DType.FLOAT32, image.shape()).to(image.device());
		final Tensor latents = image.multiply(levels.alpha(next) / levels.alpha(0)).plus(noises.multiply(levels.sigma(next)));
		return Tensor.cat(1, latents, part(here, 0).minus(mean(latents, next)));
	}

	@Override
	public Tensor down(final int level, final Tensor here, final Optional<Tensor> above, final IntFunction<Tensor> kept) {
		final Tensor latents = mean(part(here, 0), level).plus(part(kept.apply(level), 1));
		return Tensor.cat(1, latents, part(kept.apply(level - 1), 1));
	}

	/** The mean of DDPM's step down from a level (Song et al. 2020, equation 12 with the deviation of eta 1). */
	private Tensor mean(final Tensor latents, final int level) {
		final NoiseLevels levels = noise.levels();
		final double alpha = levels.alpha(level), sigma = levels.sigma(level), alphaBelow = levels.alpha(level - 1), sigmaBelow = levels.sigma(level - 1);
		final double deviation = sigmaBelow / sigma * Math.sqrt(1 - alpha * alpha / (alphaBelow * alphaBelow));
		final double direction = Math.sqrt(sigmaBelow * sigmaBelow - deviation * deviation);
		return latents.multiply(alphaBelow / alpha).plus(noise.of(latents, level).multiply(direction - sigma * alphaBelow / alpha));
	}

	private static Tensor part(final Tensor both, final int index) {
		return both.chunk(2, 1).get(index);
	}
}
