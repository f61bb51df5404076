package sc.fiji.diffedit.demo;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

import javax.imageio.ImageIO;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.RegularFile;
import sc.fiji.diffedit.WholeFile;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;

/** PNG files to pictures and masks and back, without colour management: level 128 of a file is 128 / 255. */
public final class PngFiles {

	private PngFiles() {}

	/** A picture with 3 channels from a grey or colour file; transparency is ignored. */
	public static Picture readPicture(final Path file) {
		return picture(read(file));
	}

	/** A mask from a grey file: black is 0, white is 1. Of a colour file the first channel counts. */
	public static Mask readMask(final Path file) {
		return mask(read(file));
	}

	static Picture readPicture(final InputStream in, final String source) {
		return picture(read(in, source));
	}

	static Mask readMask(final InputStream in, final String source) {
		return mask(read(in, source));
	}

	/** Writes an image, making its folder if need be. */
	public static void write(final BufferedImage image, final Path file) {
		WholeFile.write(file, part -> {
			if (!ImageIO.write(image, "png", part.toFile())) throw new IOException("no PNG writer in this Java");
		});
	}

	/** A picture with 3 channels as an image. */
	public static BufferedImage image(final Picture picture) {
		final BufferedImage image = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
		image.setRGB(0, 0, picture.width(), picture.height(), picture.toRgb(), 0, picture.width());
		return image;
	}

	private static BufferedImage read(final Path file) {
		try (InputStream in = RegularFile.open(file)) {
			return read(in, file.toString());
		}
		catch (final IOException e) {
			throw new DiffEditException(file + " cannot be read (" + e.getMessage() + ").", e);
		}
	}

	private static BufferedImage read(final InputStream in, final String source) {
		try {
			final BufferedImage image = ImageIO.read(in);
			if (image == null) throw new DiffEditException(source + " is not a PNG image.");
			return image.getColorModel() instanceof IndexColorModel ? withoutPalette(image) : image;
		}
		catch (final IOException | RuntimeException e) {
			if (e instanceof DiffEditException) throw (DiffEditException) e;
			throw new DiffEditException(source + " cannot be read as a PNG image (" + e.getMessage() + ").", e);
		}
	}

	private static BufferedImage withoutPalette(final BufferedImage image) {
		final BufferedImage plain = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
		for (int y = 0; y < image.getHeight(); y++) {
			for (int x = 0; x < image.getWidth(); x++) plain.setRGB(x, y, image.getRGB(x, y));
		}
		return plain;
	}

	private static Picture picture(final BufferedImage image) {
		final int bands = image.getRaster().getNumBands();
		final float[] values = new float[3 * image.getWidth() * image.getHeight()];
		for (int channel = 0; channel < 3; channel++) plane(image, bands < 3 ? 0 : channel, values, channel);
		return new Picture(image.getWidth(), image.getHeight(), 3, values);
	}

	private static Mask mask(final BufferedImage image) {
		final float[] values = new float[image.getWidth() * image.getHeight()];
		plane(image, 0, values, 0);
		return new Mask(image.getWidth(), image.getHeight(), values);
	}

	/** Raw samples of a band, not {@code getRGB}: Java would take grey levels for linear light and change them. */
	private static void plane(final BufferedImage image, final int band, final float[] values, final int channel) {
		final Raster raster = image.getRaster();
		final float highest = (1 << image.getSampleModel().getSampleSize(band)) - 1;
		final int width = image.getWidth();
		final int start = channel * width * image.getHeight();
		for (int y = 0; y < image.getHeight(); y++) {
			for (int x = 0; x < width; x++) values[start + y * width + x] = raster.getSample(x, y, band) / highest;
		}
	}
}
