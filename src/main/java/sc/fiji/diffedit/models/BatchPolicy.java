package sc.fiji.diffedit.models;

/** The seam between a UNet and the memory for its activations: how many rows of a batch are computed at once. */
@FunctionalInterface
public interface BatchPolicy {

	/** Everything at once. */
	BatchPolicy WHOLE = (unet, batch, height, width) -> batch;

	/**
	 * Rows of one pass through the network; the batch is cut into as many passes as that takes, in order, which changes its
	 * result by rounding only.
	 *
	 * @param batch rows that are requested
	 * @param height of the latents
	 * @param width of the latents
	 * @return from 1 to {@code batch}
	 */
	long rows(UNet unet, long batch, long height, long width);
}
