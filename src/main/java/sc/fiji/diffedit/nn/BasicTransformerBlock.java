package sc.fiji.diffedit.nn;

import sc.fiji.diffedit.Run;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** Self-attention of the image tokens, cross-attention to the text embeddings and a gated feed-forward, each with a residual connection. */
public final class BasicTransformerBlock extends Block {

	private static final ThreadLocal<AttentionListener> LISTENER = new ThreadLocal<>();

	private final int heads;

	/** @param crossAttentionDim width of the text embeddings */
	public BasicTransformerBlock(final Parts parts, final long channels, final long crossAttentionDim, final int heads) {
		super(parts, leaves(channels, crossAttentionDim));
		this.heads = heads;
	}

	private static Leaves leaves(final long channels, final long crossAttentionDim) {
		final Leaves leaves = new Leaves();
		attention(leaves.layerNorm("norm1", channels), "attn1", channels, channels);
		attention(leaves.layerNorm("norm2", channels), "attn2", channels, crossAttentionDim);
		return leaves.layerNorm("norm3", channels).linear("ff.net.0.proj", channels, 8 * channels).linear("ff.net.2", 4 * channels, channels);
	}

	private static void attention(final Leaves leaves, final String name, final long channels, final long context) {
		leaves.linear(name + ".to_q", channels, channels, false).linear(name + ".to_k", context, channels, false)
			.linear(name + ".to_v", context, channels, false).linear(name + ".to_out.0", channels, channels);
	}

	/**
	 * @param x image tokens, shape (batch, tokens, channels)
	 * @param encoderHiddenStates text embeddings, shape (batch, tokens, crossAttentionDim)
	 * @return shape of {@code x}
	 */
	public Tensor forward(final Tensor x, final Tensor encoderHiddenStates) {
		if (!isHeard()) return call("unet_transformer_block", x, encoderHiddenStates, heads);
		try (Tensor own = selfAttention(x)) {
			return crossAttention(own, encoderHiddenStates);
		}
	}

	/**
	 * The first half, which does not depend on the text embeddings.
	 *
	 * @param x image tokens, shape (batch, tokens, channels)
	 * @return shape of {@code x}, for {@link #crossAttention}
	 */
	Tensor selfAttention(final Tensor x) {
		return call("unet_transformer_self", x, heads);
	}

	/** The second half: {@code crossAttention(selfAttention(x), states)} equals {@code forward(x, states)} to the last bit. */
	Tensor crossAttention(final Tensor x, final Tensor encoderHiddenStates) {
		final AttentionListener listener = LISTENER.get();
		if (listener != null && listener.wants(x.size(1))) tell(listener, x, encoderHiddenStates);
		return call("unet_transformer_cross", x, encoderHiddenStates, heads);
	}

	private void tell(final AttentionListener listener, final Tensor x, final Tensor encoderHiddenStates) {
		try (Scope scope = Scope.open()) {
			listener.attended(policy().call(this, "unet_attention_to", x, encoderHiddenStates, listener.words().to(x.device()), heads));
		}
	}

	/** Does work of which a listener hears what the cross-attention of this thread looks at; results are the same to the last bit. */
	public static <T, E extends Exception> T heard(final AttentionListener listener, final Run.Work<T, E> work) throws E {
		return Run.during(work, LISTENER, listener);
	}

	/** Whether a listener on this thread waits for blocks to be computed. */
	public static boolean isHeard() {
		return LISTENER.get() != null;
	}
}
