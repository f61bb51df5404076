package sc.fiji.diffedit.fiji;

import java.awt.Rectangle;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.measure.Calibration;
import ij.process.FloatProcessor;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Latents;

/**
 * An inversion as an image: a 32-bit hyperstack with a channel for each latent channel and a frame for each step, the
 * most noisy first. Its info contains all that is needed to edit with it later, also after it was saved as TIFF.
 */
public final class InversionImages {

	/** No model has more latent channels, no schedule more steps, no image more pixels on a side. */
	private static final int MOST_CHANNELS = 64, MOST_STEPS = 100_000, MOST_PIXELS = 1 << 20;

	private static final String CHANNELS = "latentChannels";

	private InversionImages() {}

	/**
	 * @param latents of all steps of one image, index 0 the most noisy
	 * @param padding the region's size in pixels and the model's factor
	 * @param region the region of the inversion in the image
	 * @param imageWidth the whole image's width in pixels
	 * @param imageHeight the whole image's height in pixels
	 * @param made further lines of the info
	 */
	public record Inversion(Latents latents, Padding padding, Rectangle region, int imageWidth, int imageHeight, Provenance made) {

		/** The same, described in another way. */
		public Inversion with(final Provenance newMade) {
			return new Inversion(latents, padding, region, imageWidth, imageHeight, newMade);
		}
	}

	/** @param like the image that was inverted: pixel size, unit and origin come from it */
	public static ImagePlus toImagePlus(final Inversion inversion, final ImagePlus like) {
		final Latents latents = inversion.latents();
		final int plane = latents.width() * latents.height();
		final ImageStack stack = new ImageStack(latents.width(), latents.height());
		for (int t = 0; t < latents.count(); t++) {
			for (int c = 0; c < latents.channels(); c++) {
				final float[] pixels = new float[plane];
				System.arraycopy(latents.values(), (t * latents.channels() + c) * plane, pixels, 0, plane);
				stack.addSlice("latent channel " + (c + 1) + ", step " + (t + 1), new FloatProcessor(latents.width(), latents.height(), pixels));
			}
		}
		final ImagePlus plain = new ImagePlus("Inversion of " + like.getTitle(), stack);
		plain.setDimensions(latents.channels(), 1, latents.count());
		final ImagePlus image = latents.channels() > 1 ? new CompositeImage(plain, CompositeImage.GRAYSCALE) : plain;
		image.setOpenAsHyperStack(true);
		image.setCalibration(calibration(inversion, like));
		described(inversion).describe(image);
		image.resetDisplayRange();
		return image;
	}

	private static Calibration calibration(final Inversion inversion, final ImagePlus like) {
		final Calibration calibration = like.getCalibration().copy();
		calibration.disableDensityCalibration();
		final int factor = inversion.padding().factor();
		calibration.xOrigin = (calibration.xOrigin - inversion.region().x) / factor;
		calibration.yOrigin = (calibration.yOrigin - inversion.region().y) / factor;
		calibration.pixelWidth *= factor;
		calibration.pixelHeight *= factor;
		return calibration;
	}

	private static Provenance described(final Inversion inversion) {
		final Rectangle region = inversion.region();
		return inversion.made().with(CHANNELS, inversion.latents().channels()).with("latentSteps", inversion.latents().count())
			.with("vaeFactor", inversion.padding().factor()).with("imageWidth", inversion.imageWidth())
			.with("imageHeight", inversion.imageHeight()).with("regionX", region.x).with("regionY", region.y)
			.with("regionWidth", region.width).with("regionHeight", region.height);
	}

	/**
	 * What the info of an inversion says.
	 *
	 * @throws DiffEditException if the image is no inversion
	 */
	public static Provenance made(final ImagePlus image) {
		return Provenance.read(image).filter(made -> made.get(CHANNELS).isPresent()).orElseThrow(() -> new DiffEditException("\"" + image.getTitle()
			+ "\" is not an inversion; choose an image that Invert Image... made, or a TIFF file of one."));
	}

	/** Back from {@link #toImagePlus}, bit for bit. */
	public static Inversion of(final ImagePlus image) {
		return of(image, 0);
	}

	/**
	 * The same from an image of the inversions of several planes, which lie one after another.
	 *
	 * @param number of the plane, from 0
	 */
	public static Inversion of(final ImagePlus image, final int number) {
		final Provenance made = made(image);
		final int channels = made.number(CHANNELS, 1, MOST_CHANNELS), steps = made.number("latentSteps", 1, MOST_STEPS);
		final Rectangle region = new Rectangle(made.number("regionX", 0, MOST_PIXELS), made.number("regionY", 0, MOST_PIXELS),
			made.number("regionWidth", 1, MOST_PIXELS), made.number("regionHeight", 1, MOST_PIXELS));
		final Padding padding = new Padding(region.width, region.height, made.number("vaeFactor", 1, 64));
		requireSize(image, channels, steps, padding, number);
		final int plane = image.getWidth() * image.getHeight();
		final float[] values = new float[Math.multiplyExact(Math.multiplyExact(channels, steps), plane)];
		for (int t = 0; t < steps; t++) {
			for (int c = 0; c < channels; c++) {
				final float[] pixels = (float[]) image.getStack().getPixels((number * steps + t) * channels + c + 1);
				System.arraycopy(pixels, 0, values, (t * channels + c) * plane, plane);
			}
		}
		return new Inversion(new Latents(steps, channels, image.getHeight(), image.getWidth(), values), padding, region,
			made.number("imageWidth", 1, MOST_PIXELS), made.number("imageHeight", 1, MOST_PIXELS), made);
	}

	private static void requireSize(final ImagePlus image, final int channels, final int steps, final Padding padding, final int number) {
		final int width = padding.latentWidth(), height = padding.latentHeight();
		if (image.getWidth() == width && image.getHeight() == height && image.getStackSize() % ((long) channels * steps) == 0 && image.getStackSize() >= (number + 1L) * channels * steps
			&& image.getBitDepth() == 32) return;
		throw new DiffEditException("\"" + image.getTitle() + "\" has " + Counted.of(image.getStackSize(), "plane") + " of " + image.getWidth()
			+ " x " + image.getHeight() + " pixels with " + image.getBitDepth() + " bits, but its info gives " + Counted.of(channels, "channel")
			+ " x " + Counted.of(steps, "step") + " of " + width + " x " + height
			+ " with 32; it was changed after Invert Image... had made it, so invert again.");
	}
}
