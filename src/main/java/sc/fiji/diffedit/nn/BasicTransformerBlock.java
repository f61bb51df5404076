package sc.fiji.diffedit.nn;

import sc.fiji.diffedit.tensor.Tensor;

/** Attention of the pixels among themselves, attention to the words, and a gated feed-forward, each around a shortcut. */
public final class BasicTransformerBlock extends Block {

	private final int heads;

	/** @param words width of the words' embeddings */
	public BasicTransformerBlock(final Parts parts, final long channels, final long words, final int heads) {
		super(parts, leaves(channels, words));
		this.heads = heads;
	}

	private static Leaves leaves(final long channels, final long words) {
		final Leaves leaves = new Leaves();
		attention(leaves.layerNorm("norm1", channels), "attn1", channels, channels);
		attention(leaves.layerNorm("norm2", channels), "attn2", channels, words);
		return leaves.layerNorm("norm3", channels).linear("ff.net.0.proj", channels, 8 * channels).linear("ff.net.2", 4 * channels, channels);
	}

	private static void attention(final Leaves leaves, final String name, final long channels, final long context) {
		leaves.linear(name + ".to_q", channels, channels, false).linear(name + ".to_k", context, channels, false)
			.linear(name + ".to_v", context, channels, false).linear(name + ".to_out.0", channels, channels);
	}

	/**
	 * @param x pixels as tokens, shape (batch, tokens, channels)
	 * @param words shape (batch, words, width)
	 * @return shape of {@code x}
	 */
	public Tensor forward(final Tensor x, final Tensor words) {
		return call("unet_transformer_block", x, words, heads);
	}

	/**
	 * The first half: what the pixels make of one another, whatever the words are.
	 *
	 * @param x pixels as tokens, shape (batch, tokens, channels)
	 * @return shape of {@code x}, for {@link #toWords}
	 */
	Tensor amongPixels(final Tensor x) {
		return call("unet_transformer_pixels", x, heads);
	}

	/** The second half: {@code toWords(amongPixels(x), words)} is {@code forward(x, words)}, to the last bit. */
	Tensor toWords(final Tensor x, final Tensor words) {
		return call("unet_transformer_words", x, words, heads);
	}
}
