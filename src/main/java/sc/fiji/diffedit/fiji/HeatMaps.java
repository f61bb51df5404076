package sc.fiji.diffedit.fiji;

import java.awt.Rectangle;
import java.awt.image.IndexColorModel;
import java.util.Arrays;

import ij.ImagePlus;
import ij.plugin.LutLoader;
import ij.process.FloatProcessor;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Planes;

/** The difference map of two prompts as a 32-bit image. */
public final class HeatMaps {

	private static final IndexColorModel FIRE = LutLoader.getLut("fire");

	private HeatMaps() {}

	/**
	 * An image of the whole plane's size, in fiery colours; NaN outside of the region that was worked on.
	 *
	 * @param map differences at the resolution of the latents or of the region, row by row
	 * @param mapWidth columns of the map: those of the region, or its padded width divided by the padding's factor
	 * @param padding of the region
	 * @param smooth whether to interpolate linearly instead of repeating each number
	 * @param region the region of the map in the image
	 * @param like the image; pixel size, unit and origin come from it
	 */
	public static ImagePlus toImagePlus(final float[] map, final int mapWidth, final Padding padding, final boolean smooth,
		final Rectangle region, final ImagePlus like)
	{
		final float[] part = plane(map, mapWidth, padding, smooth, region);
		final float[] pixels = new float[like.getWidth() * like.getHeight()];
		Arrays.fill(pixels, Float.NaN);
		for (int y = 0; y < region.height; y++) {
			System.arraycopy(part, y * region.width, pixels, (region.y + y) * like.getWidth() + region.x, region.width);
		}
		final ImagePlus image = new ImagePlus("Differences", new FloatProcessor(like.getWidth(), like.getHeight(), pixels));
		image.getProcessor().setColorModel(colors());
		image.resetDisplayRange();
		Descriptions.copyPlace(like, image);
		return image;
	}

	/** The map in pixels of the region, row by row; for the parameters see {@link #toImagePlus}. */
	static float[] plane(final float[] map, final int mapWidth, final Padding padding, final boolean smooth, final Rectangle region) {
		if (mapWidth == region.width && map.length == region.width * region.height) return map;
		final int mapHeight = map.length / mapWidth;
		final int paddedWidth = padding.paddedWidth(), paddedHeight = padding.paddedHeight();
		if (mapHeight * mapWidth != map.length || region.width != padding.width() || region.height != padding.height()) {
			throw new DiffEditException("The difference map does not fit the region of " + region.width + " x " + region.height + " pixels.");
		}
		final float[] padded = smooth ? Planes.linear(map, mapWidth, mapHeight, paddedWidth, paddedHeight)
			: Planes.nearest(map, mapWidth, mapHeight, paddedWidth, paddedHeight);
		return padding.crop(padded, paddedWidth);
	}

	/** The fiery colours of heat maps, from black to white. */
	public static IndexColorModel colors() {
		return FIRE;
	}
}
