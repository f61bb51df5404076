package sc.fiji.diffedit.fiji;

import java.awt.Color;
import java.awt.Rectangle;

import ij.ImagePlus;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.LUT;
import ij.process.ShortProcessor;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.IntegerType;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.pipelines.ObjectLabels;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.MaskBits;

/** Each connected part of a mask as a number of its own, counted from 1 in reading order; 0 is outside. */
public final class LabelImages {

	/** More objects than this do not fit into 16 bits. */
	static final int MOST_SHORT = 65535;

	private LabelImages() {}

	/**
	 * @param labels one per pixel, row by row
	 * @param count the largest label
	 */
	record Labels(int width, int height, int[] labels, int count) {}

	/** @param diagonal whether pixels that touch at a corner belong together (8 neighbours instead of 4) */
	static Labels labels(final Mask mask, final boolean diagonal) {
		final int[] labels = new int[mask.values().length];
		final int count = new Runs(MaskBits.of(mask), true, diagonal).label(labels);
		return new Labels(mask.width(), mask.height(), labels, count);
	}

	/**
	 * The objects of a label image within a rectangle of another image.
	 *
	 * @param labels of that image's size, of one plane, or of as many slices and frames as it
	 * @param at the plane of that image
	 * @param region in it
	 * @throws DiffEditException if the sizes differ, there is no such plane, or there are several channels
	 */
	public static ObjectLabels objects(final ImagePlus labels, final ImagePlus image, final Position at, final Rectangle region) {
		if (labels.getWidth() != image.getWidth() || labels.getHeight() != image.getHeight()) {
			throw new DiffEditException("The label image \"" + labels.getTitle() + "\" has " + labels.getWidth() + " x " + labels.getHeight() + " pixels, but \"" + image.getTitle()
				+ "\" has " + image.getWidth() + " x " + image.getHeight() + "; they must be the same.");
		}
		if (labels.getNChannels() > 1) {
			throw new DiffEditException("The label image \"" + labels.getTitle() + "\" has " + Counted.of(labels.getNChannels(), "channel")
				+ "; give one of them (Image > Color > Split Channels), or tell by Image > Properties... that they are slices or frames.");
		}
		final boolean isOne = labels.getNSlices() * labels.getNFrames() == 1;
		if (!isOne && (at.slice() > labels.getNSlices() || at.frame() > labels.getNFrames())) {
			throw new DiffEditException("The label image \"" + labels.getTitle() + "\" has " + Counted.of(labels.getNSlices(), "slice") + " and " + Counted.of(labels.getNFrames(), "frame") + ", but slice "
				+ at.slice() + ", frame " + at.frame() + " is worked on; give one plane, or as many as the image has.");
		}
		final ImageProcessor plane = ImagePlusView.processor(labels, isOne ? 1 : labels.getStackIndex(1, at.slice(), at.frame()));
		final float[] pixels = new float[region.width * region.height];
		for (int y = 0; y < region.height; y++) {
			for (int x = 0; x < region.width; x++) pixels[y * region.width + x] = label(plane, region.x + x, region.y + y);
		}
		return ObjectLabels.of(region.width, region.height, pixels);
	}

	/** Colours are labels too: each is another object, and black is none. */
	private static float label(final ImageProcessor plane, final int x, final int y) {
		return plane instanceof ColorProcessor ? plane.get(x, y) & 0xffffff : plane.getf(x, y);
	}

	/** How many parts a mask has; those that touch at corners count separately. */
	public static int count(final MaskBits mask) {
		return new Runs(mask, true, false).count();
	}

	/**
	 * A label image with a colour for each object: 16-bit, or 32-bit above 65535 objects.
	 *
	 * @param like where pixel size, unit and origin come from
	 */
	public static ImagePlus toImagePlus(final Mask mask, final boolean diagonal, final ImagePlus like) {
		final Labels labels = labels(mask, diagonal);
		final ImageProcessor pixels = pixels(labels);
		pixels.setLut(colors());
		pixels.setMinAndMax(darkest(pixels, labels.count()), Math.max(255, labels.count()));
		final ImagePlus image = new ImagePlus("Labels", pixels);
		Descriptions.copyPlace(like, image);
		return image;
	}

	/**
	 * Where the display range begins so that 0 alone is black. ImageJ spreads the range over 256 colours and rounds: with more
	 * than 511 labels the first ones would get the colour of 0, unless the range begins below it.
	 */
	private static double darkest(final ImageProcessor pixels, final int count) {
		final double halves = pixels instanceof ShortProcessor ? 2 * 256 : 2 * 255; // the first half of a colour's share goes to the one before
		final double range = pixels instanceof ShortProcessor ? count + 1 : count;
		return -Math.max(0, Math.ceil((range - halves) / (halves - 1)));
	}

	static ImageProcessor pixels(final Labels labels) {
		if (labels.count() > MOST_SHORT) return new FloatProcessor(labels.width(), labels.height(), labels.labels());
		final short[] pixels = new short[labels.labels().length];
		for (int i = 0; i < pixels.length; i++) pixels[i] = (short) labels.labels()[i];
		return new ShortProcessor(labels.width(), labels.height(), pixels, null);
	}

	/** The same labels as an image of imglib2: 16-bit, or 32-bit above 65535 objects. */
	public static RandomAccessibleInterval<? extends IntegerType<?>> toImg(final Mask mask, final boolean diagonal) {
		final Labels labels = labels(mask, diagonal);
		if (labels.count() > MOST_SHORT) return ArrayImgs.ints(labels.labels(), labels.width(), labels.height());
		return ArrayImgs.unsignedShorts((short[]) pixels(labels).getPixels(), labels.width(), labels.height());
	}

	/** Black for 0, then colours that differ from their neighbours: hues a golden section apart in three brightnesses. */
	static LUT colors() {
		final byte[] red = new byte[256], green = new byte[256], blue = new byte[256];
		for (int i = 1; i < 256; i++) {
			final float hue = (float) (i * 0.6180339887498949 % 1);
			final int rgb = Color.HSBtoRGB(hue, i % 2 == 0 ? 0.95f : 0.6f, 1 - 0.2f * (i % 3));
			red[i] = (byte) (rgb >> 16);
			green[i] = (byte) (rgb >> 8);
			blue[i] = (byte) rgb;
		}
		return new LUT(red, green, blue);
	}

	/** The pixels of a plane of a label image. @param index of the plane in the stack, from 1 */
	public static ImageProcessor plane(final ImagePlus labels, final int index) {
		return ImagePlusView.processor(labels, index);
	}
}
