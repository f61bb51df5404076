package sc.fiji.diffedit.models;

import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * The output of an encoder: a normal distribution per latent (diffusers {@code DiagonalGaussianDistribution}), or
 * a single value for a deterministic encoder ({@link AutoencoderTiny}). Every method makes a new tensor in the
 * innermost scope.
 */
public final class DiagonalGaussian {

	private static final double LOWEST_LOGVAR = -30;
	private static final double HIGHEST_LOGVAR = 20;

	private final Tensor parameters;
	private final boolean deterministic;

	private DiagonalGaussian(final Tensor parameters, final boolean deterministic) {
		this.parameters = parameters;
		this.deterministic = deterministic;
	}

	/** @param parameters mean and log-variance along the channels, (batch, 2 x channels, height, width) */
	public static DiagonalGaussian of(final Tensor parameters) {
		return new DiagonalGaussian(parameters, false);
	}

	/** One certain value: samples are the mean. */
	public static DiagonalGaussian certain(final Tensor mean) {
		return new DiagonalGaussian(mean, true);
	}

	/** Mean and log-variance as the encoder gave them, or the mean alone when {@linkplain #isCertain certain}. */
	public Tensor parameters() {
		return parameters;
	}

	/** Whether samples are the mean; diffusers draws no noise then. */
	public boolean isCertain() {
		return deterministic;
	}

	/** Shape (batch, channels, height, width). */
	public Tensor mean() {
		return deterministic ? parameters.slice(1, 0, parameters.size(1)) : parameters.slice(1, 0, channels());
	}

	/** Logarithm of the variance, in [-30, 20], same shape as the mean. */
	public Tensor logvar() {
		if (deterministic) throw new IllegalStateException("a certain value has no variance");
		try (Tensor raw = parameters.slice(1, channels(), 2 * channels())) {
			return raw.clamp(LOWEST_LOGVAR, HIGHEST_LOGVAR);
		}
	}

	/** The most likely latents: the mean. */
	public Tensor mode() {
		return mean();
	}

	/**
	 * Mean plus standard deviation times noise.
	 *
	 * @param noise of the standard normal distribution, in the shape of the mean; unused when {@linkplain #isCertain certain}
	 */
	public Tensor sample(final Tensor noise) {
		if (deterministic) return mean();
		try (Scope scope = Scope.open()) {
			final Tensor std = logvar().multiply(0.5).exp();
			return scope.keep(mean().plus(std.multiply(noise)));
		}
	}

	/** Shape of the mean and of the noise of a sample. */
	public long[] shape() {
		final long[] shape = parameters.shape();
		if (!deterministic) shape[1] /= 2;
		return shape;
	}

	private long channels() {
		return parameters.size(1) / 2;
	}
}
