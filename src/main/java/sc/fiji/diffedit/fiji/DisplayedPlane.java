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
		return of(plane, DisplayState.of(plane));
	}

	/**
	 * As another image was displayed: its channel, display range, look-up tables, and for composites its mode and active channels.
	 *
	 * @param plane one plane in all of its channels; it stays as it is
	 * @param like of an image of the same type and number of channels; of another one, the plane's own display is used
	 */
	public static int[] of(final ImagePlus plane, final DisplayState like) {
		final DisplayState display = like.kind().equals(DisplayState.Kind.of(plane)) ? like : DisplayState.of(plane);
		if (display.mode() != 0) return ofComposite(plane, display);
		final ImageProcessor pixels = plane.getStack().getProcessor(display.channel());
		if (pixels instanceof ColorProcessor) return opaque((int[]) pixels.getPixels());
		pixels.setColorModel(display.tables().get(0));
		pixels.setMinAndMax(display.ranges().get(0), display.ranges().get(1));
		return (int[]) new ColorProcessor(pixels.createImage()).getPixels();
	}

	/** Nothing keeps the highest byte of RGB images from being anything. */
	private static int[] opaque(final int[] colors) {
		final int[] opaque = colors.clone();
		for (int i = 0; i < opaque.length; i++) opaque[i] |= OPAQUE;
		return opaque;
	}

	private static int[] ofComposite(final ImagePlus plane, final DisplayState like) {
		final ImagePlus plain = new ImagePlus("", plane.getStack());
		plain.setDimensions(plane.getNChannels(), 1, 1);
		final CompositeImage shown = like.composite(plain);
		shown.setPosition(like.channel(), 1, 1);
		shown.updateImage();
		return (int[]) new ColorProcessor(shown.getImage()).getPixels();
	}
}
