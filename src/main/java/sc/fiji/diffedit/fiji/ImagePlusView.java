package sc.fiji.diffedit.fiji;

import java.awt.image.IndexColorModel;
import java.util.ArrayList;
import java.util.List;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ImageProcessor;
import ij.process.LUT;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImgs;

import sc.fiji.diffedit.fiji.ImageView.Canvas;

/** How an {@code ImagePlus} becomes planes: its pixel arrays are wrapped as {@code ArrayImg}, its look-up tables give colours. */
final class ImagePlusView {

	private static final Axes PLANE = Axes.named("XY");

	private ImagePlusView() {}

	/** @param plane one plane in all of its channels, which nobody changes */
	static ImageView<ImagePlus> of(final ImagePlus plane, final ViewSettings settings) {
		if (plane.getType() == ImagePlus.COLOR_256) return ofPalette(plane, settings);
		final List<Integer> channels = channels(plane, settings);
		final List<Plane> planes = planes(plane, channels);
		return new ImageView<>(planes, mixer(plane, channels, planes, settings), ImageView.bounds(planes), () -> {
			final ImagePlus copy = canvas(plane);
			return new Canvas<>(copy, planes(copy, channels), () -> {});
		});
	}

	/** An indexed image is seen in its colours; changed pixels get the entry of the palette that looks most alike. */
	private static ImageView<ImagePlus> ofPalette(final ImagePlus plane, final ViewSettings settings) {
		final int[] colors = (int[]) plane.getProcessor().convertToRGB().getPixels();
		final List<Plane> planes = planes(plane, colors.clone());
		final List<Levels> levels = new ArrayList<>();
		for (final Plane channel : planes) levels.add(ImageView.levels(channel, settings, Levels.BYTE));
		final ColorMixer mixer = new ColorMixer(ImageView.defaultColors(3), levels);
		return new ImageView<>(planes, mixer, ImageView.bounds(planes), () -> {
			final ImagePlus copy = canvas(plane);
			final int[] changed = colors.clone();
			return new Canvas<>(copy, planes(copy, changed), () -> {
				final byte[] pixels = (byte[]) copy.getProcessor().getPixels();
				final IndexColorModel palette = (IndexColorModel) copy.getProcessor().getColorModel();
				for (int i = 0; i < pixels.length; i++) if (changed[i] != colors[i]) pixels[i] = nearest(palette, changed[i]);
			});
		});
	}

	private static byte nearest(final IndexColorModel palette, final int rgb) {
		int best = 0, bestDistance = Integer.MAX_VALUE;
		for (int i = 0; i < palette.getMapSize(); i++) {
			final int red = palette.getRed(i) - (rgb >> 16 & 255), green = palette.getGreen(i) - (rgb >> 8 & 255),
					blue = palette.getBlue(i) - (rgb & 255);
			final int distance = red * red + green * green + blue * blue;
			if (distance < bestDistance) {
				best = i;
				bestDistance = distance;
			}
		}
		return (byte) best;
	}

	private static List<Integer> channels(final ImagePlus image, final ViewSettings settings) {
		settings.requireChannelsOf(image);
		final int count = image.getNChannels();
		if (!settings.channels().isEmpty()) return settings.channels();
		if (image instanceof CompositeImage && ((CompositeImage) image).getMode() == CompositeImage.COMPOSITE) {
			final boolean[] active = ((CompositeImage) image).getActiveChannels();
			final List<Integer> shown = new ArrayList<>();
			for (int c = 1; c <= count; c++) if (c > active.length || active[c - 1]) shown.add(c);
			if (!shown.isEmpty()) return shown;
		}
		return List.of(Position.of(image).channel());
	}

	private static ColorMixer mixer(final ImagePlus image, final List<Integer> channels, final List<Plane> planes, final ViewSettings settings) {
		if (image.getType() == ImagePlus.COLOR_RGB) {
			final List<Levels> levels = new ArrayList<>();
			for (final Plane plane : planes) levels.add(ImageView.levels(plane, settings, Levels.BYTE));
			return new ColorMixer(ImageView.defaultColors(3), levels);
		}
		final LUT[] tables = image.getLuts();
		final List<Integer> colors = new ArrayList<>();
		final List<Levels> levels = new ArrayList<>();
		for (int i = 0; i < channels.size(); i++) {
			final LUT table = channels.get(i) <= tables.length ? tables[channels.get(i) - 1] : tables[0];
			final boolean inverting = brightness(table.getRGB(0)) > brightness(table.getRGB(255));
			final Levels found = ImageView.levels(planes.get(i), settings, display(image, table));
			levels.add(inverting ? found.inverted() : found);
			colors.add(channels.size() == 1 ? 0xffffff : table.getRGB(inverting ? 0 : 255) & 0xffffff);
		}
		return new ColorMixer(settings.colors().isEmpty() ? colors : settings.colors(), levels);
	}

	private static Levels display(final ImagePlus image, final LUT table) {
		final boolean own = image instanceof CompositeImage && table.min != table.max;
		final double dark = own ? table.min : image.getDisplayRangeMin(), bright = own ? table.max : image.getDisplayRangeMax();
		return dark < bright ? new Levels(dark, bright) : null;
	}

	private static int brightness(final int rgb) {
		return (rgb >> 16 & 255) + (rgb >> 8 & 255) + (rgb & 255);
	}

	private static List<Plane> planes(final ImagePlus plane, final List<Integer> channels) {
		final List<Plane> planes = new ArrayList<>();
		for (final int channel : channels) planes.addAll(planes(plane, plane.getStack().getPixels(channel)));
		return planes;
	}

	private static List<Plane> planes(final ImagePlus image, final Object pixels) {
		return ImageView.planes(wrap(pixels, image.getWidth(), image.getHeight()), PLANE);
	}

	/** A pixel array of ImageJ as an image of imglib2: the same memory. */
	static RandomAccessibleInterval<?> wrap(final Object pixels, final int width, final int height) {
		if (pixels instanceof byte[]) return ArrayImgs.unsignedBytes((byte[]) pixels, width, height);
		if (pixels instanceof short[]) return ArrayImgs.unsignedShorts((short[]) pixels, width, height);
		if (pixels instanceof float[]) return ArrayImgs.floats((float[]) pixels, width, height);
		return ArrayImgs.argbs((int[]) pixels, width, height);
	}

	/** What an edit is drawn on: a result, so its title is its own. */
	private static ImagePlus canvas(final ImagePlus plane) {
		final ImagePlus copy = copy(plane, Position.of(plane));
		copy.setTitle(Titles.of(plane, "edit"));
		return copy;
	}

	/** A copy of one plane in all of its channels, with everything that describes it: calibration, look-up tables, overlay, labels, info. */
	static ImagePlus copy(final ImagePlus image, final Position at) {
		final ImageStack from = image.getStack(), to = new ImageStack(image.getWidth(), image.getHeight());
		final int channels = image.getNChannels();
		for (int c = 1; c <= channels; c++) {
			final int index = image.getStackIndex(c, at.slice(), at.frame());
			to.addSlice(from.getSliceLabel(index), processor(image, index).duplicate());
		}
		if (from.getColorModel() != null) to.setColorModel(from.getColorModel());
		final ImagePlus plain = new ImagePlus(image.getTitle(), to);
		plain.setDimensions(channels, 1, 1);
		final ImagePlus copy = channels > 1 && image instanceof CompositeImage composite ? Descriptions.composite(plain, composite) : plain;
		copyDisplay(image, copy);
		copy.setOpenAsHyperStack(channels > 1 && (image.isHyperStack() || image.getOpenAsHyperStack()));
		Descriptions.copy(image, at, copy);
		copy.setPosition(at.channel(), 1, 1);
		return copy;
	}

	/** The display range, and whether the look-up table is a palette. */
	static void copyDisplay(final ImagePlus image, final ImagePlus copy) {
		if (!image.isComposite() && image.getType() != ImagePlus.COLOR_RGB && image.getType() != ImagePlus.COLOR_256) {
			copy.setDisplayRange(image.getDisplayRangeMin(), image.getDisplayRangeMax());
		}
		if (image.getType() == ImagePlus.COLOR_256) copy.setTypeToColor256();
	}

	/** One plane as it is seen: what was drawn on a plane of a virtual stack is in no file yet. */
	static ImageProcessor processor(final ImagePlus image, final int index) {
		final boolean shown = index == image.getCurrentSlice() && image.getStack().isVirtual() && !image.isComposite();
		return shown ? image.getProcessor() : image.getStack().getProcessor(index);
	}
}
