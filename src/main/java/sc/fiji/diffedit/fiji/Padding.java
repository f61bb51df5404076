package sc.fiji.diffedit.fiji;

import sc.fiji.diffedit.models.VaeScale;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Planes;

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

	private VaeScale scale() {
		return new VaeScale(factor);
	}

	/** Columns of the latents of the padded image. */
	int latentWidth() {
		return scale().toLatentsCovering(width);
	}

	/** Rows of the latents of the padded image. */
	int latentHeight() {
		return scale().toLatentsCovering(height);
	}

	public int paddedWidth() {
		return scale().roundedUp(width);
	}

	public int paddedHeight() {
		return scale().roundedUp(height);
	}

	/** A mask at the resolution of the latents or of the image as one of the image. @param smooth as {@link Masks#enlarged} */
	Mask covered(final Mask mask, final boolean smooth) {
		return mask.width() == width && mask.height() == height ? mask : Masks.enlarged(mask, this, smooth);
	}

	/** A mask of the padded size without its border. */
	public Mask crop(final Mask padded) {
		return padded.width() == width && padded.height() == height ? padded
			: new Mask(width, height, crop(padded.values(), padded.width()));
	}

	/** A plane of the padded size, row by row, without its border. */
	public float[] crop(final float[] padded, final int rowLength) {
		return Planes.cropped(padded, rowLength, width, height);
	}
}
