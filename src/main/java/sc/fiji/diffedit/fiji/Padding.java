package sc.fiji.diffedit.fiji;

import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;

/**
 * The border that makes an image's size a multiple of what a network needs: pixels mirrored at the right and lower edge,
 * cut off again afterwards. Nothing is resampled, so every pixel stays where it was.
 *
 * @param width of the image, in pixels
 * @param height of the image, in pixels
 * @param factor the padded width and height are multiples of this: the factor of the model's autoencoder
 */
public record Padding(int width, int height, int factor) {

	public Padding {
		if (width < 1 || height < 1 || factor < 1) throw new IllegalArgumentException("sizes and factor are at least 1");
	}

	public int paddedWidth() {
		return Math.multiplyExact((width + factor - 1) / factor, factor);
	}

	public int paddedHeight() {
		return Math.multiplyExact((height + factor - 1) / factor, factor);
	}

	/** The picture with its border. */
	public Picture pad(final Picture picture) {
		if (paddedWidth() == width && paddedHeight() == height) return picture;
		final float[] padded = new float[picture.channels() * paddedWidth() * paddedHeight()];
		for (int c = 0, i = 0; c < picture.channels(); c++) {
			for (int y = 0; y < paddedHeight(); y++) {
				for (int x = 0; x < paddedWidth(); x++) padded[i++] = picture.get(c, mirrored(x, width), mirrored(y, height));
			}
		}
		return new Picture(paddedWidth(), paddedHeight(), picture.channels(), padded);
	}

	/** A mask of the image's size with its border. */
	public Mask pad(final Mask mask) {
		if (paddedWidth() == width && paddedHeight() == height) return mask;
		final float[] padded = new float[paddedWidth() * paddedHeight()];
		for (int y = 0, i = 0; y < paddedHeight(); y++) {
			for (int x = 0; x < paddedWidth(); x++) padded[i++] = mask.values()[mirrored(y, height) * width + mirrored(x, width)];
		}
		return new Mask(paddedWidth(), paddedHeight(), padded);
	}

	/** A picture of the padded size without its border. */
	public Picture crop(final Picture padded) {
		if (padded.width() == width && padded.height() == height) return padded;
		final float[] values = new float[padded.channels() * width * height];
		for (int c = 0; c < padded.channels(); c++) {
			crop(padded.values(), c * padded.width() * padded.height(), padded.width(), values, c * width * height);
		}
		return new Picture(width, height, padded.channels(), values);
	}

	/** A mask of the padded size without its border. */
	public Mask crop(final Mask padded) {
		return padded.width() == width && padded.height() == height ? padded
			: new Mask(width, height, crop(padded.values(), padded.width()));
	}

	/** A plane of the padded size, row by row, without its border. */
	public float[] crop(final float[] padded, final int rowLength) {
		final float[] values = new float[width * height];
		crop(padded, 0, rowLength, values, 0);
		return values;
	}

	private void crop(final float[] from, final int fromStart, final int rowLength, final float[] to, final int toStart) {
		for (int y = 0; y < height; y++) System.arraycopy(from, fromStart + y * rowLength, to, toStart + y * width, width);
	}

	/** ... 2 1 0 | 0 1 2 ... n-1 | n-1 n-2 ...: the edge pixel is repeated, so that one pixel is enough. */
	private static int mirrored(final int place, final int size) {
		final int folded = place % (2 * size);
		return folded < size ? folded : 2 * size - 1 - folded;
	}
}
