package sc.fiji.diffedit.fiji;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;

/** How a plane in all of its channels looks on the screen: RGB pixels, {@code 0xAARRGGBB} row by row, whatever the image's type is. */
public final class DisplayedPlane {

	private static final int OPAQUE = 0xff000000;

	private DisplayedPlane() {}

	/** As the image itself is displayed. */
	public static int[] of(final ImagePlus plane) {
		return of(plane, plane);
	}

	/**
	 * As another image is displayed now: its channel, display range, look-up tables, and for composites its mode and active channels.
	 *
	 * @param plane one plane in all of its channels; it stays as it is
	 * @param like of the same type and number of channels; of another one, the plane's own display is used
	 */
	public static int[] of(final ImagePlus plane, final ImagePlus like) {
		final boolean same = like.getType() == plane.getType() && like.getNChannels() == plane.getNChannels() && like.isComposite() == plane.isComposite();
		final ImagePlus display = same ? like : plane;
		if (display instanceof CompositeImage composite) return ofComposite(plane, composite);
		final ImageProcessor pixels = plane.getStack().getProcessor(Position.of(display).channel()), shown = display.getProcessor();
		if (pixels instanceof ColorProcessor) return opaque((int[]) pixels.getPixels());
		pixels.setColorModel(shown.getColorModel());
		pixels.setMinAndMax(shown.getMin(), shown.getMax());
		return (int[]) new ColorProcessor(pixels.createImage()).getPixels();
	}

	/** Nothing keeps the highest byte of RGB images from being anything. */
	private static int[] opaque(final int[] colors) {
		final int[] opaque = colors.clone();
		for (int i = 0; i < opaque.length; i++) opaque[i] |= OPAQUE;
		return opaque;
	}

	private static int[] ofComposite(final ImagePlus plane, final CompositeImage like) {
		final ImagePlus plain = new ImagePlus("", plane.getStack());
		plain.setDimensions(plane.getNChannels(), 1, 1);
		final CompositeImage shown = Descriptions.composite(plain, like);
		shown.setPosition(Position.of(like).channel(), 1, 1);
		shown.updateImage();
		return (int[]) new ColorProcessor(shown.getImage()).getPixels();
	}
}
