package sc.fiji.diffedit.models;

import java.util.Arrays;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Tensor;

/** Checks the inputs of an autoencoder, so that a wrong shape gives a clear message. */
final class Images {

	private Images() {}

	static void check(final Tensor image, final int channels, final int least) {
		final long[] shape = image.shape();
		if (shape.length != 4 || shape[1] != channels || shape[2] < least || shape[3] < least) {
			throw new DiffEditException("The image has shape " + Arrays.toString(shape) + "; the autoencoder needs (batch, " + channels
				+ ", height, width) with at least " + least + " x " + least + " pixels.");
		}
	}

	static void checkLatents(final Tensor latents, final int channels) {
		final long[] shape = latents.shape();
		if (shape.length != 4 || shape[1] != channels) {
			throw new DiffEditException("The latents have shape " + Arrays.toString(shape) + "; this autoencoder needs (batch, " + channels
				+ ", height, width): latents belong to the model that made them.");
		}
	}
}
