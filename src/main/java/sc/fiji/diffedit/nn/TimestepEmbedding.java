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
		this(parts, new Leaves().linear("linear_1", in, out).linear("linear_2", out, out), size, flip, shift);
	}

	private TimestepEmbedding(final Parts parts, final Leaves leaves, final int size, final boolean flip, final double shift) {
		super(parts, leaves);
		this.size = size;
		this.flip = flip;
		this.shift = shift;
	}

	/**
	 * An embedding of {@code in} sinusoids that may have a condition added to them ({@code cond_proj}).
	 *
	 * @param condition length of the condition; 0 for none
	 */
	public static TimestepEmbedding conditioned(final Parts parts, final int in, final long out, final int condition, final boolean flip, final double shift) {
		final Leaves leaves = new Leaves().linear("linear_1", in, out).linear("linear_2", out, out);
		return new TimestepEmbedding(parts, condition == 0 ? leaves : leaves.linear("cond_proj", condition, in, false), in, flip, shift);
	}

	/**
	 * @param timestep shape (batch) or a single number, of any type
	 * @return shape (batch, out)
	 */
	public Tensor forward(final Tensor timestep) {
		return call("unet_time_embedding", timestep, size, flip, shift, dtype().torchCode());
	}

	/**
	 * The same under a condition.
	 *
	 * @param condition shape (batch, length)
	 */
	public Tensor forward(final Tensor timestep, final Tensor condition) {
		return call("unet_conditioned_time_embedding", timestep, condition, size, flip, shift, dtype().torchCode());
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
