package sc.fiji.diffedit.memory;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.models.Autoencoder;

/**
 * How an image is cut into tiles for an autoencoder. Steps, overlaps and what is kept of a tile are rounded down each for
 * itself, in pixels and in latents, as in diffusers. Where the overlap is not a whole number of latents (a quarter of 6)
 * that makes an image whose size and places are not quite those of the original: diffusers' numbers, and seldom what one
 * wants. {@link #ofPixels} chooses tiles that fit.
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
		if ((int) (sampleSize * (1 - overlap)) < 1 || (int) (latentSize * (1 - overlap)) < 1) {
			throw new DiffEditException("Tiles of " + sampleSize + " pixels (" + latentSize + " latents) with an overlap of " + overlap
				+ " leave nothing to move on by; take larger tiles or less overlap.");
		}
	}

	/** The tiles of {@code enable_tiling}: of the size of the model's training images, with an overlap of a quarter. */
	public static Tiling of(final Autoencoder vae) {
		return new Tiling(vae.sampleSize(), vae.vaeScale().toLatents(vae.sampleSize()), OVERLAP);
	}

	/** Tiles of a given edge in pixels, rounded down so that they overlap in whole latents, with an overlap of a quarter. */
	public static Tiling ofPixels(final int pixels, final Autoencoder vae) {
		final int latents = Math.max(4, vae.vaeScale().toLatents(pixels) / 4 * 4);
		return new Tiling(vae.vaeScale().toPixels(latents), latents, OVERLAP);
	}

	/** How many tiles latents of a size are cut into. */
	public long tiles(final int height, final int width) {
		if (height <= latentSize && width <= latentSize) return 1;
		final long step = step(latentSize);
		return (height + step - 1) / step * ((width + step - 1) / step);
	}

	/** How far the next tile is from a tile of a given edge, its {@link #sampleSize} or {@link #latentSize}. */
	int step(final int edge) {
		return (int) (edge * (1 - overlap));
	}

	/** How much of a tile of a given edge is blended with its neighbour. */
	int blended(final int edge) {
		return (int) (edge * overlap);
	}

	/** How much of a tile of a given edge stands in the result; the next tile goes on there. */
	int usedLength(final int edge) {
		return edge - blended(edge);
	}
}
