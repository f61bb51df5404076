package sc.fiji.diffedit.models;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Region;

/**
 * What an image is brought to before it is encoded.
 *
 * @param width in pixels; 0 keeps the image's own, rounded down to a multiple of the autoencoder's factor
 * @param height in pixels; 0 keeps the image's own, rounded down as well
 * @param mode how a size of another shape is reached
 * @param crop the part of the image that is used, or null for the whole image
 */
public record ImageFit(int width, int height, ResizeMode mode, Region crop) {

	/** The whole image at its own size, rounded down to a multiple of the autoencoder's factor. */
	public static final ImageFit OWN_SIZE = new ImageFit(0, 0, ResizeMode.DEFAULT, null);

	public ImageFit {
		if (width < 0 || height < 0) {
			throw new DiffEditException("An image of " + width + " x " + height + " pixels cannot be made; sizes are above 0, or 0 for the image's own.");
		}
	}

	/** The whole image, stretched to a size. */
	public static ImageFit to(final int width, final int height) {
		return new ImageFit(width, height, ResizeMode.DEFAULT, null);
	}

	/** A part of the image, fitted into a size and filled up at the edges: inpainting with {@code padding_mask_crop}. */
	public static ImageFit cropped(final Region crop, final int width, final int height) {
		return new ImageFit(width, height, ResizeMode.FILL, crop);
	}
}
