package sc.fiji.diffedit.pipelines;

import sc.fiji.diffedit.models.VaeScale;

/**
 * A size or a place in pixels, in diffusers' order.
 *
 * @param height rows, or distance from the top
 * @param width columns, or distance from the left
 */
public record ImageSize(int height, int width) {

	public static final ImageSize ZERO = new ImageSize(0, 0);

	/** The image size for a size of latents. */
	static ImageSize ofLatents(final long height, final long width, final VaeScale scale) {
		return new ImageSize(scale.toPixels((int) height), scale.toPixels((int) width));
	}
}
