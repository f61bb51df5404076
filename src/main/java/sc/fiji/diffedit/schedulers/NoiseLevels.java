package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * The noise levels that DDIM steps over, counted from the image: level 0 is the image itself, level {@code k} that of the
 * {@code k}-th timestep from below. A sample of a level is {@code alpha image + sigma noise} with {@code alpha^2 + sigma^2 = 1}.
 * For methods that are no schedulers, since they look further than one step or go both ways.
 */
public final class NoiseLevels {

	private final SchedulerConfig config;
	private final double[] timesteps;
	private final double[] alphas;
	private final double[] sigmas;

	/**
	 * @param timesteps ascending
	 * @param imageBar abar of the image itself: 1, or a little less
	 */
	NoiseLevels(final SchedulerConfig config, final double[] timesteps, final float imageBar) {
		this.config = config;
		this.timesteps = timesteps;
		alphas = new double[timesteps.length + 1];
		sigmas = new double[timesteps.length + 1];
		for (int level = 0; level < alphas.length; level++) {
			final double bar = level == 0 ? imageBar : config.alphaCumprod((int) timesteps[level - 1]);
			alphas[level] = Math.sqrt(bar);
			sigmas[level] = Math.sqrt(1 - bar);
		}
	}

	/** The timestep that a level has; that of level 1 for the image itself. */
	public double timestep(final int level) {
		return timesteps[Math.max(0, level - 1)];
	}

	/** The scale of the image. */
	public double alpha(final int level) {
		return alphas[level];
	}

	/** The scale of the noise. */
	public double sigma(final int level) {
		return sigmas[level];
	}

	/** Number of training timesteps. */
	public int numTrainTimesteps() {
		return config.numTrainTimesteps();
	}

	/** @throws DiffEditException if nothing is left of the image at a level, from where no formula comes back */
	public void requireSomethingIsLeft(final int level) {
		if (alphas[level] > 0) return;
		throw new DiffEditException(config.json().source() + " rescales betas to zero terminal SNR, so that nothing is left of the image after " + Counted.of(level, "step")
			+ "; use a smaller strength, or the inversion DDIM.");
	}

	/** The noise that the network's output means for a sample of a level. */
	public Tensor noise(final Tensor output, final Tensor sample, final int level) {
		return config.predictionType().noise(output, sample, alphas[level], sigmas[level]);
	}

	/** DDIM's step from a level to another, up or down (Song et al. 2020, equation 13); there and back with equal noise changes nothing. */
	public Tensor move(final Tensor sample, final Tensor noise, final int from, final int to) {
		final double scale = alphas[to] / alphas[from];
		return sample.multiply(scale).plus(noise.multiply(sigmas[to] - sigmas[from] * scale));
	}
}
