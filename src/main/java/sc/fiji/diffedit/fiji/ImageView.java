package sc.fiji.diffedit.fiji;

import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import ij.ImagePlus;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.type.NativeType;
import net.imglib2.type.numeric.ARGBType;
import net.imglib2.type.numeric.RealType;
import net.imglib2.util.ImgUtil;
import net.imglib2.util.Util;
import net.imglib2.view.Views;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;

/**
 * One plane of an image as a network sees it, and the way back.
 *
 * <pre>
 * ImageView&lt;ImagePlus&gt; view = ImageView.of(image, Look.DEFAULT);
 * Picture picture = view.picture();            // what goes to the network
 * ImagePlus result = view.edited(made, mask);  // a new image, bit-identical to the old one outside of the mask
 * </pre>
 *
 * @param <I> the kind of image: {@code ImagePlus} or {@code RandomAccessibleInterval}
 */
public final class ImageView<I> {

	/** A copy of the image, its planes, and what is left to do when they have been written. */
	record Canvas<I>(I image, List<Plane> planes, Runnable finish) {}

	private final List<Plane> planes;
	private final ColorMixer mixer;
	private final Rectangle region;
	private final Supplier<Canvas<I>> copy;

	ImageView(final List<Plane> planes, final ColorMixer mixer, final Rectangle region, final Supplier<Canvas<I>> copy) {
		this.planes = planes;
		this.mixer = mixer;
		this.region = region;
		this.copy = copy;
	}

	/** The current slice and frame of an image as they are now: what becomes of the image later is not seen. */
	public static ImageView<ImagePlus> of(final ImagePlus image, final ViewSettings settings) {
		return of(Snapshot.of(image), settings);
	}

	/** The plane of a snapshot. */
	public static ImageView<ImagePlus> of(final Snapshot snapshot, final ViewSettings settings) {
		return ImagePlusView.of(snapshot.plane(), settings);
	}

	/**
	 * A plane of any image of imglib2 with pixels of any {@code RealType} or {@code ARGBType}, seen in place: images of scripts may
	 * be larger than memory, and nobody else changes them.
	 */
	public static <T extends NativeType<T>> ImageView<RandomAccessibleInterval<T>> of(final RandomAccessibleInterval<T> image,
		final Axes axes, final ViewSettings settings)
	{
		if (Views.iterable(image).size() == 0) throw noPixels();
		final List<Plane> planes = planes(image, axes);
		if (!settings.channels().isEmpty()) {
			throw new DiffEditException("Channels of an imglib2 image are chosen by a view of it (Views.interval), not by number.");
		}
		final List<Integer> colors = !settings.colors().isEmpty() ? settings.colors()
			: planes.size() == 1 ? List.of(0xffffff) : defaultColors(planes.size());
		final List<Levels> levels = new ArrayList<>();
		for (final Plane plane : planes) levels.add(levels(plane, settings, null));
		return new ImageView<>(planes, new ColorMixer(colors, levels), bounds(planes), () -> {
			final RandomAccessibleInterval<T> copied = copy(Views.interval(image, axes.plane(image)));
			return new Canvas<>(copied, planes(copied, Axes.named(axes.letters())), () -> {});
		});
	}

	/** The same image, but only a rectangle of it is shown and may change. */
	public ImageView<I> cropped(final Rectangle rectangle) {
		final Rectangle inside = rectangle.intersection(new Rectangle(width(), height()));
		if (inside.isEmpty()) {
			throw new DiffEditException("The selection does not cover a single pixel of the image; draw an area on the image.");
		}
		final Rectangle moved = new Rectangle(region.x + inside.x, region.y + inside.y, inside.width, inside.height);
		final List<Plane> cropped = new ArrayList<>();
		for (final Plane plane : planes) cropped.add(plane.cropped(inside.x, inside.y, inside.width, inside.height));
		return new ImageView<>(cropped, mixer, moved, copy);
	}

	/** The position of this view in the plane. */
	public Rectangle region() {
		return new Rectangle(region);
	}

	public int width() {
		return region.width;
	}

	public int height() {
		return region.height;
	}

	/** The view in [0, 1], three channels. Fails with a sentence on a pixel that is NaN or infinite. */
	public Picture picture() {
		return mixer.picture(planes, i -> true);
	}

	/**
	 * The same for work that stays within a mask: pixels outside of it that are NaN or infinite are seen as black.
	 *
	 * @param within of the view's size; inside is what is not 0
	 */
	public Picture picture(final Mask within) {
		require("mask", within.width(), within.height());
		return mixer.picture(planes, i -> within.values()[i] != 0);
	}

	/**
	 * A new image of the same type in which this view shows what a network made of it: the plane that was looked at, of its
	 * whole size and with all of its channels. Channels that are not shown, and every pixel where the mask is 0, keep their
	 * bits. Other planes of a stack stay where they are, so a stack that does not fit into memory may be edited.
	 *
	 * @param edited of the view's size
	 * @param mask of the view's size; values between 0 and 1 blend
	 */
	public I edited(final Picture edited, final Mask mask) {
		require("result", edited.width(), edited.height());
		require("mask", mask.width(), mask.height());
		final Canvas<I> canvas = copy.get();
		final List<Plane> target = new ArrayList<>();
		for (final Plane plane : canvas.planes()) target.add(plane.cropped(region.x, region.y, region.width, region.height));
		mixer.paste(target, edited, mask);
		canvas.finish().run();
		return canvas.image();
	}

	private void require(final String what, final int width, final int height) {
		if (width != region.width || height != region.height) {
			throw new DiffEditException("The " + what + " is " + width + " x " + height + " pixels, but the image region is "
				+ region.width + " x " + region.height + "; they must be the same.");
		}
	}

	static DiffEditException noPixels() {
		return new DiffEditException("The image has no pixels; choose one that has at least one.");
	}

	static Rectangle bounds(final List<Plane> planes) {
		return new Rectangle(planes.get(0).width(), planes.get(0).height());
	}

	static List<Integer> defaultColors(final int channels) {
		final List<Integer> colors = new ArrayList<>();
		for (int c = 0; c < channels; c++) colors.add(ViewSettings.DEFAULT_COLORS.get(c % ViewSettings.DEFAULT_COLORS.size()));
		return colors;
	}

	static Levels levels(final Plane plane, final ViewSettings settings, final Levels display) {
		return settings.range().levels(plane, display);
	}

	/** The channels of an image, whatever its pixels are; those of an RGB image are three. */
	static <T> List<Plane> planes(final RandomAccessibleInterval<T> image, final Axes axes) {
		final List<RandomAccessibleInterval<T>> channels = axes.channels(image);
		final List<Plane> planes = new ArrayList<>();
		for (final RandomAccessibleInterval<T> channel : channels) planes.addAll(planes(channel));
		return planes;
	}

	@SuppressWarnings({ "unchecked", "rawtypes" }) // the type of the pixels has just been checked
	private static List<Plane> planes(final RandomAccessibleInterval<?> channel) {
		final Object type = channel.getType();
		if (type instanceof RealType) return List.of(new Plane.Real(channel));
		if (!(type instanceof ARGBType)) {
			throw new DiffEditException("The image has pixels of " + type.getClass().getSimpleName()
				+ "; only real numbers and colours (ARGB) can be edited. Convert it first.");
		}
		final RandomAccessibleInterval<ARGBType> colors = (RandomAccessibleInterval<ARGBType>) channel;
		return List.of(new Plane.OfColors(colors, 16), new Plane.OfColors(colors, 8), new Plane.OfColors(colors, 0));
	}

	private static <T extends NativeType<T>> RandomAccessibleInterval<T> copy(final RandomAccessibleInterval<T> image) {
		final Img<T> copied = Util.getSuitableImgFactory(image, image.getType()).create(image);
		ImgUtil.copy(Views.zeroMin(image), copied);
		return Views.translate(copied, image.minAsLongArray());
	}
}
