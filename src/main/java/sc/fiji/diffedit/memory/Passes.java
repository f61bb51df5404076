package sc.fiji.diffedit.memory;

/**
 * How much passes through a part of a model in a stage of a run, all calls together: what its time depends on.
 *
 * @param rows latents that are computed, such as steps x images x halves of guidance, or tiles
 * @param height of each in latent pixels, on the decoder's and encoder's inner side too
 * @param width of each
 */
public record Passes(Part part, long rows, int height, int width) {

	/** What computes by itself and takes time worth telling. */
	public enum Part {
		ENCODER, UNET, DECODER
	}
}
