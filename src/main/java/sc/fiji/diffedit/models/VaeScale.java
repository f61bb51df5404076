package sc.fiji.diffedit.models;

/**
 * Lengths along an axis in pixels and in latents: an autoencoder makes one latent of a square of {@code factor} x
 * {@code factor} pixels. This is the one place where one is computed from the other.
 *
 * @param factor pixels per latent and axis (diffusers {@code vae_scale_factor}), at least 1
 */
public record VaeScale(int factor) {

	public VaeScale {
		if (factor < 1) throw new IllegalArgumentException("there is at least one pixel per latent, not " + factor);
	}

	/** Latents that lie within so many pixels, the last one whole; also the place of the latent in which a pixel lies. */
	public int toLatents(final int pixels) {
		return pixels / factor;
	}

	/** Latents that cover so many pixels; the last one may reach beyond. */
	public int toLatentsCovering(final int pixels) {
		return (pixels + factor - 1) / factor;
	}

	/** Pixels that so many latents cover; also the place of the first pixel of a latent. */
	public int toPixels(final int latents) {
		return Math.multiplyExact(latents, factor);
	}

	/** Number of pixels of an image of so many latents in all. */
	public long area(final long latents) {
		return latents * factor * factor;
	}

	/** Whether so many pixels are a whole number of latents, one or more. */
	public boolean fits(final int pixels) {
		return pixels > 0 && pixels % factor == 0;
	}

	/** So many pixels, or the next fewer that are a whole number of latents. */
	public int roundedDown(final int pixels) {
		return toPixels(toLatents(pixels));
	}

	/** So many pixels, or the next more that are a whole number of latents. */
	public int roundedUp(final int pixels) {
		return toPixels(toLatentsCovering(pixels));
	}
}
