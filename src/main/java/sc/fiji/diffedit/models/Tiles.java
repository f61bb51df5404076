package sc.fiji.diffedit.models;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;

/**
 * Whether large images go through a UNet in overlapping tiles, and how large these are. In Groovy
 * {@code lease.setTiles(Tiles.of(512, 64))}.
 *
 * @param edge of a tile in pixels; 0 for no tiles
 * @param overlap pixels that neighbours share at least; 0 or more, and less than the edge
 * @see TiledUNet
 */
public record Tiles(int edge, int overlap) {

	/** No tiles: every image goes through the UNet as a whole. */
	public static final Tiles OFF = new Tiles(0, 0);

	/** @throws DiffEditException if these are no tiles */
	public Tiles {
		if (edge < 0) throw new DiffEditException("tile is " + edge + "; it is the edge of a tile in pixels, such as 512, or 0 for no tiles.");
		if (overlap < 0 || edge > 0 && overlap >= edge) {
			throw new DiffEditException("overlap is " + overlap + "; tiles of " + Counted.of(edge, "pixel") + " can share from 0 to " + Counted.of(edge - 1, "pixel") + ".");
		}
	}

	/** Tiles of an edge and an overlap in pixels; an edge of 0 is {@link #OFF}, whatever the overlap. */
	public static Tiles of(final int edge, final int overlap) {
		return edge == 0 ? OFF : new Tiles(edge, overlap);
	}

	public boolean isOff() {
		return edge == 0;
	}

	/**
	 * The UNet, tiled if these are tiles.
	 *
	 * @param scale of the latents that it predicts
	 * @throws DiffEditException if a tile is smaller than 8 latents, of which a UNet sees nothing
	 */
	public UNet on(final UNet unet, final VaeScale scale) {
		if (isOff()) return unet;
		final int latents = scale.toLatents(edge);
		if (latents < TileGrid.LEAST) {
			throw new DiffEditException("tile is " + Counted.of(edge, "pixel") + "; this model needs tiles of at least " + scale.toPixels(TileGrid.LEAST) + ".");
		}
		return new TiledUNet(unet, latents, Math.min(scale.toLatentsCovering(overlap), latents - 1));
	}
}
