package sc.fiji.diffedit.memory;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.models.Autoencoder;

/**
 * How an image is cut into tiles for an autoencoder.
 *
 * @param sampleSize edge of a tile in pixels (diffusers {@code tile_sample_min_size})
 * @param latentSize edge of a tile in latents (diffusers {@code tile_latent_min_size})
 * @param overlap part of an edge that two neighbours share and blend, at least 0 and below 1 (diffusers
 *          {@code tile_overlap_factor})
 */
public record Tiling(int sampleSize, int latentSize, double overlap) {

	/** The overlap of diffusers. */
	public static final double OVERLAP = 0.25;

	public Tiling {
		if (!(overlap >= 0 && overlap < 1)) {
			throw new DiffEditException("The overlap of tiles is " + overlap + "; it must be at least 0 and below 1, such as 0.25.");
		}
		if (step(sampleSize, overlap) < 1 || step(latentSize, overlap) < 1) {
			throw new DiffEditException("Tiles of " + sampleSize + " pixels (" + latentSize + " latents) with an overlap of " + overlap
				+ " leave nothing to move on by; take larger tiles or less overlap.");
		}
		if (step(sampleSize, overlap) * latentSize != step(latentSize, overlap) * sampleSize || step(latentSize, overlap) != latentSize - (int) (latentSize * overlap)) {
			throw new DiffEditException("Tiles of " + sampleSize + " pixels and " + latentSize + " latents with an overlap of " + overlap
				+ " do not overlap in whole latents; take a size such as " + 4 * Math.max(1, sampleSize / latentSize) * Math.max(1, latentSize / 4) + ".");
		}
	}

	/** Tiles of the size of the model's training images, with an overlap of a quarter. */
	public static Tiling of(final Autoencoder vae) {
		return ofPixels(vae.sampleSize(), vae);
	}

	/** Tiles of a given edge in pixels, rounded down so that they overlap in whole latents, with an overlap of a quarter. */
	public static Tiling ofPixels(final int pixels, final Autoencoder vae) {
		final int latents = Math.max(4, pixels / vae.scaleFactor() / 4 * 4);
		return new Tiling(latents * vae.scaleFactor(), latents, OVERLAP);
	}

	/** How far the next tile is from a tile of a given edge. */
	static long step(final int edge, final double overlap) {
		return (long) (edge * (1 - overlap));
	}
}
