package sc.fiji.diffedit.fiji;

import java.awt.Rectangle;

import ij.ImagePlus;
import ij.gui.Roi;
import ij.plugin.filter.ThresholdToSelection;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.MaskBits;
import sc.fiji.diffedit.tensor.Planes;
import sc.fiji.diffedit.tensor.Raster;

/** Masks from and to selections, and between the resolutions of latents and image. */
public final class Masks {

	/** Pixels around a selection that ImageJ fills in about two milliseconds at most. */
	private static final int SMALL = 1 << 16;

	private Masks() {}

	/**
	 * The pixels inside of a selection: exactly those that ImageJ would measure, holes left out. Parts beyond the image are
	 * cut off.
	 *
	 * @throws DiffEditException when the selection is not an area or covers no pixel of the image
	 */
	public static Mask of(final Roi selection, final int width, final int height) {
		requireArea(selection);
		final MaskBits pixels = pixels(selection, width, height);
		if (pixels.count() == 0) throw noPixel();
		return pixels.mask();
	}

	/** The pixels inside of an area, in bits; there may be none. */
	public static MaskBits pixels(final Roi area, final int width, final int height) {
		final Rectangle bounds = area.getBounds();
		final ImageProcessor shape = area.getMask();
		final Rectangle inside = bounds.intersection(new Rectangle(width, height));
		final MaskBits pixels = new MaskBits(width, height);
		for (int y = inside.y; y < inside.y + inside.height; y++) {
			if (shape == null) pixels.set(y, inside.x, inside.x + inside.width, true);
			else for (int x = inside.x; x < inside.x + inside.width; x++) if (shape.get(x - bounds.x, y - bounds.y) != 0) pixels.set(y, x, x + 1, true);
		}
		return pixels;
	}

	/**
	 * Refuses what cannot cover a pixel, in a moment: only a small selection, as one that is drawn by accident, is looked at pixel by pixel.
	 *
	 * @throws DiffEditException when the selection is not an area, lies beyond the image, or is small and covers no pixel of it
	 */
	public static void requireAreaOnImage(final Roi selection, final int width, final int height) {
		requireArea(selection);
		final Rectangle bounds = selection.getBounds();
		if (!bounds.intersects(0, 0, width, height)) throw noPixel();
		if ((long) bounds.width * bounds.height <= SMALL) region(selection, width, height);
	}

	private static DiffEditException noPixel() {
		return new DiffEditException("The selection does not cover a single pixel of the image; draw an area on the image.");
	}

	/**
	 * A mask from the plane of an image that is shown: inside is what is not 0, so binary images, labels and soft masks will
	 * do; NaN is outside.
	 *
	 * @throws DiffEditException when the image is not of this size or nothing is inside
	 */
	public static Mask of(final ImagePlus image, final int width, final int height) {
		requireSize(image, width, height);
		final Mask mask = of(image.getProcessor());
		if (mask.isEmpty()) throw new DiffEditException("The mask \"" + image.getTitle() + "\" is 0 everywhere; mark where the image may change.");
		return mask;
	}

	/** The same from any plane of a stack, which may also be 0 everywhere. @param index of the plane in the stack, from 1 */
	public static Mask ofPlane(final ImagePlus image, final int index, final int width, final int height) {
		requireSize(image, width, height);
		return of(ImagePlusView.processor(image, index));
	}

	/** The same from pixels, which may also be 0 everywhere. */
	static Mask of(final ImageProcessor plane) {
		final boolean colors = plane instanceof ColorProcessor;
		final float[] values = new float[plane.getPixelCount()];
		for (int i = 0; i < values.length; i++) {
			final boolean inside = colors ? (plane.get(i) & 0xffffff) != 0 : plane.getf(i) != 0 && !Float.isNaN(plane.getf(i));
			values[i] = inside ? 1 : 0;
		}
		return new Mask(plane.getWidth(), plane.getHeight(), values);
	}

	/**
	 * A mask by degrees from a plane of a stack, which may also be 0 everywhere: 0 to 255 of 8 bits, 0 to 1 of 32 bits; NaN is outside.
	 *
	 * @param index of the plane in the stack, from 1
	 * @throws DiffEditException when the image is not of this size, or has other pixels or values
	 */
	public static Mask soft(final ImagePlus image, final int index, final int width, final int height) {
		requireSize(image, width, height);
		final boolean bytes = image.getBitDepth() == 8;
		if (!bytes && image.getBitDepth() != 32) throw new DiffEditException("The mask \"" + image.getTitle() + "\" has " + image.getBitDepth()
			+ " bits; a soft mask has 8 (0 to 255) or 32 (0 to 1): choose one of these in Image > Type.");
		final ImageProcessor plane = ImagePlusView.processor(image, index);
		final float[] values = new float[plane.getPixelCount()];
		for (int i = 0; i < values.length; i++) {
			final float value = bytes ? plane.get(i) / 255f : plane.getf(i);
			if (value < 0 || value > 1) throw new DiffEditException("The mask \"" + image.getTitle() + "\" has the value " + value
				+ "; those of a soft mask of 32 bits lie between 0 (keep) and 1 (change): divide it by its largest value.");
			values[i] = Float.isNaN(value) ? 0 : value;
		}
		return new Mask(width, height, values);
	}

	private static void requireSize(final ImagePlus image, final int width, final int height) {
		if (image.getWidth() == width && image.getHeight() == height) return;
		throw new DiffEditException("The mask \"" + image.getTitle() + "\" is " + image.getWidth() + " x " + image.getHeight()
			+ " pixels, but the image is " + width + " x " + height + "; they must be the same.");
	}

	private static void requireArea(final Roi selection) {
		if (!selection.isArea()) {
			throw new DiffEditException("The selection is a " + selection.getTypeAsString().toLowerCase(java.util.Locale.ROOT)
				+ "; draw an area, such as a rectangle or a freehand outline.");
		}
	}

	/** The smallest rectangle around the pixels of a selection within an image of this size; an outline may reach a little beyond them. */
	public static Rectangle region(final Roi selection, final int width, final int height) {
		requireArea(selection);
		final Rectangle bounds = selection.getBounds(), inside = bounds.intersection(new Rectangle(width, height));
		final ImageProcessor shape = selection.getMask();
		final Rectangle region = shape == null ? inside : around(shape, bounds, inside);
		if (region.isEmpty()) throw noPixel();
		return region;
	}

	/** @param bounds where the shape lies @param inside the part of it that counts */
	private static Rectangle around(final ImageProcessor shape, final Rectangle bounds, final Rectangle inside) {
		int left = inside.x + inside.width, right = inside.x, top = inside.y + inside.height, bottom = inside.y;
		for (int y = inside.y; y < inside.y + inside.height; y++) {
			for (int x = inside.x; x < inside.x + inside.width; x++) {
				if (shape.get(x - bounds.x, y - bounds.y) == 0) continue;
				left = Math.min(left, x);
				right = Math.max(right, x + 1);
				top = Math.min(top, y);
				bottom = Math.max(bottom, y + 1);
			}
		}
		return new Rectangle(left, top, right - left, bottom - top);
	}

	/**
	 * A selection of the pixels that are inside ({@link Mask#isInside}), traced along their edges, with holes.
	 *
	 * @return null when nothing is inside, as ImageJ says "no selection"
	 */
	public static Roi toRoi(final Mask mask) {
		final ByteProcessor plane = toBytes(mask);
		plane.setThreshold(255, 255, ImageProcessor.NO_LUT_UPDATE);
		final Roi roi = new ThresholdToSelection().convert(plane);
		if (roi != null) roi.setName("DiffEdit mask");
		return roi;
	}

	/** 255 inside, 0 outside: ImageJ's binary image. */
	public static ByteProcessor toBytes(final Mask mask) {
		final byte[] pixels = new byte[mask.values().length];
		for (int i = 0; i < pixels.length; i++) if (mask.values()[i] >= 0.5f) pixels[i] = (byte) 255;
		return new ByteProcessor(mask.width(), mask.height(), pixels);
	}

	/**
	 * A mask of the image's size from one of the latents' size: each latent covers a square of pixels, those of the border
	 * are cut off.
	 *
	 * @param smooth whether the steps between squares are rounded (linear interpolation, cut at one half) instead of exact
	 */
	public static Mask enlarged(final Mask latents, final Padding padding, final boolean smooth) {
		final int width = padding.paddedWidth(), height = padding.paddedHeight();
		return padding.crop(smooth ? rounded(latents, width, height) : latents.resized(width, height));
	}

	private static Mask rounded(final Mask latents, final int width, final int height) {
		final float[] values = Planes.linear(latents.values(), latents.width(), latents.height(), width, height);
		for (int i = 0; i < values.length; i++) values[i] = values[i] >= 0.5f ? 1 : 0;
		return new Mask(width, height, values);
	}

	/** A mask of a rectangle as a mask of the whole image, 0 elsewhere. */
	public static Mask placed(final Mask part, final Rectangle region, final int width, final int height) {
		if (part.width() == width && part.height() == height) return part;
		final float[] values = new float[width * height];
		for (int y = 0; y < part.height(); y++) {
			System.arraycopy(part.values(), y * part.width(), values, (region.y + y) * width + region.x, part.width());
		}
		return new Mask(width, height, values);
	}

	/** The part of a mask within a rectangle. */
	public static Mask cropped(final Mask mask, final Rectangle region) {
		final float[] values = new float[region.width * region.height];
		for (int y = 0; y < region.height; y++) {
			System.arraycopy(mask.values(), (region.y + y) * mask.width() + region.x, values, y * region.width, region.width);
		}
		return new Mask(region.width, region.height, values);
	}

	/** Inside where both are: the smaller value of each pixel. */
	public static Mask both(final Mask one, final Mask other) {
		if (one.width() != other.width() || one.height() != other.height()) {
			throw new DiffEditException("One mask is " + one.width() + " x " + one.height() + ", the other " + other.width() + " x "
				+ other.height() + "; they must be of the same size.");
		}
		final float[] values = new float[one.values().length];
		for (int i = 0; i < values.length; i++) values[i] = Math.min(one.values()[i], other.values()[i]);
		return new Mask(one.width(), one.height(), values);
	}

	/**
	 * The mask with all pixels that lie at most this far from where it is 1: masks as coarse as latents often miss an object's rim.
	 *
	 * @param pixels 0 or more
	 */
	public static Mask grown(final Mask mask, final double pixels) {
		if (!(pixels >= 0)) throw new DiffEditException("The mask is to grow by " + pixels + " pixels; it must be 0 or more.");
		if (pixels == 0) return mask;
		final float[] values = mask.values().clone();
		MaskBits.from(mask, 1).grown(pixels).fill(values);
		return new Mask(mask.width(), mask.height(), values);
	}

	/**
	 * The mask with a soft edge on its inner side: 0 stays 0, so that pixels outside keep their bits, and full weight is
	 * reached this many pixels further in.
	 *
	 * @param pixels 0 or more; 0 leaves the edge hard
	 */
	public static Mask feathered(final Mask mask, final double pixels) {
		if (!(pixels >= 0)) throw new DiffEditException("The feather is " + pixels + " pixels; it must be 0 or more.");
		if (pixels == 0) return mask;
		final double[] squared = Planes.squaredDistanceToZero(mask.values(), mask.width(), mask.height());
		final float[] values = new float[squared.length];
		for (int i = 0; i < values.length; i++) {
			values[i] = (float) (mask.values()[i] * Math.min(1, Math.sqrt(squared[i]) / (pixels + 1)));
		}
		return new Mask(mask.width(), mask.height(), values);
	}

	/**
	 * The mask with a soft edge on both sides, as a Gaussian of this radius in 256 levels.
	 *
	 * @param radius in pixels, 0 to 1000; 0 leaves the edge hard
	 */
	public static Mask blurred(final Mask mask, final double radius) {
		if (!(radius >= 0 && radius <= 1000)) throw new DiffEditException("The blur is " + radius + " pixels; it must lie between 0 and 1000.");
		return radius == 0 ? mask : Raster.of(mask).blurred(radius).toMask();
	}
}
