package sc.fiji.diffedit.nn;

import sc.fiji.diffedit.tensor.Tensor;

/** Numbers as sines and cosines of many frequencies, passed through two linear layers; the sinusoids are computed in 32 bits. */
public final class TimestepEmbedding extends Block {

	private final int size;
	private final boolean flip;
	private final double shift;

	/**
	 * @param in length of what enters the first layer
	 * @param out length of the embedding
	 * @param size sinusoids per number
	 * @param flip whether cosines come first ({@code flip_sin_to_cos})
	 * @param shift of the frequencies ({@code freq_shift})
	 */
	public TimestepEmbedding(final Parts parts, final long in, final long out, final int size, final boolean flip, final double shift) {
		super(parts, new Leaves().linear("linear_1", in, out).linear("linear_2", out, out));
		this.size = size;
		this.flip = flip;
		this.shift = shift;
	}

	/**
	 * @param timestep shape (batch) or a single number, of any type
	 * @return shape (batch, out)
	 */
	public Tensor forward(final Tensor timestep) {
		return call("unet_time_embedding", timestep, size, flip, shift, dtype().torchCode());
	}

	/**
	 * Adds the embedding of SDXL's added conditions.
	 *
	 * @param time shape (batch, out)
	 * @param text pooled text embedding, shape (batch, n)
	 * @param ids numbers that become sinusoids, shape (batch, m) with n + m x size = in
	 * @return shape (batch, out)
	 */
	public Tensor forward(final Tensor time, final Tensor text, final Tensor ids) {
		return call("unet_add_embedding", time, text, ids, size, flip, shift);
	}
}
