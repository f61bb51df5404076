package sc.fiji.diffedit.fiji.layer;

import java.awt.image.BufferedImage;

import ij.ImagePlus;

import sc.fiji.diffedit.fiji.DisplayState;
import sc.fiji.diffedit.fiji.DisplayedPlane;
import sc.fiji.diffedit.tensor.Mask;

/** Pictures of edits as they would be displayed. */
final class LayerPicture {

	private static final int OPAQUE = 0xff000000, COLOR = 0xffffff;

	private LayerPicture() {}

	/**
	 * The result where it may differ from the image, transparent elsewhere.
	 *
	 * @param result one plane in all of its channels
	 * @param mask of the result's size
	 * @param like how the result is displayed
	 */
	static BufferedImage of(final ImagePlus result, final Mask mask, final DisplayState like) {
		final int[] pixels = DisplayedPlane.of(result, like);
		for (int i = 0; i < pixels.length; i++) pixels[i] = mask.values()[i] > 0 ? pixels[i] | OPAQUE : pixels[i] & COLOR;
		final BufferedImage picture = new BufferedImage(result.getWidth(), result.getHeight(), BufferedImage.TYPE_INT_ARGB);
		picture.getRaster().setDataElements(0, 0, result.getWidth(), result.getHeight(), pixels);
		return picture;
	}
}
