package sc.fiji.diffedit.fiji.layer;

import java.awt.image.BufferedImage;

import ij.process.ColorProcessor;
import ij.process.ImageProcessor;

/** Small pictures of planes. */
public final class Thumbnail {

	/** Longer side, in pixels. */
	public static final int EDGE = 64;

	private Thumbnail() {}

	/** The same of a picture. */
	public static BufferedImage of(final BufferedImage picture) {
		return of((int[]) new ColorProcessor(picture).getPixels(), picture.getWidth(), picture.getHeight());
	}

	/**
	 * A picture whose longer side has at most {@value #EDGE} pixels.
	 *
	 * @param pixels {@code 0xRRGGBB}, row by row
	 */
	public static BufferedImage of(final int[] pixels, final int width, final int height) {
		final double scale = Math.min(1, (double) EDGE / Math.max(width, height));
		final ImageProcessor large = new ColorProcessor(width, height, pixels);
		large.setInterpolationMethod(ImageProcessor.BILINEAR);
		return large.resize(Math.max(1, (int) Math.round(width * scale)), Math.max(1, (int) Math.round(height * scale)), true).getBufferedImage();
	}
}
