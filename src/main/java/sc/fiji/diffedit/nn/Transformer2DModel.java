package sc.fiji.diffedit.nn;

import java.util.ArrayList;
import java.util.List;

import sc.fiji.diffedit.tensor.Tensor;

/** Self-attention and cross-attention over the pixels of an image; diffusers' {@code Transformer2DModel} for continuous inputs. */
public final class Transformer2DModel {

	private final Entry entry;
	private final List<BasicTransformerBlock> blocks = new ArrayList<>();
	private final Exit exit;

	/**
	 * @param crossAttentionDim width of the text embeddings
	 * @param depth number of transformer blocks
	 * @param linear whether the projections are linear layers ({@code use_linear_projection}), else 1x1 convolutions
	 */
	public Transformer2DModel(final Parts parts, final long channels, final long crossAttentionDim, final int heads, final int depth,
		final int groups, final boolean linear)
	{
		entry = new Entry(parts, channels, groups, linear);
		for (int i = 0; i < depth; i++) {
			blocks.add(new BasicTransformerBlock(parts.at("transformer_blocks", i), channels, crossAttentionDim, heads));
		}
		exit = new Exit(parts, channels, linear);
	}

	/**
	 * @param x shape (batch, channels, height, width)
	 * @param encoderHiddenStates text embeddings, shape (batch, tokens, crossAttentionDim)
	 * @return shape of {@code x}
	 */
	public Tensor forward(final Tensor x, final Tensor encoderHiddenStates) {
		return finished(x, entry.forward(x), encoderHiddenStates, 0);
	}

	/**
	 * What is computed before the first cross-attention, and does not depend on the text embeddings.
	 *
	 * @param x shape (batch, channels, height, width)
	 * @return tokens for {@link #forward(Tensor, Tensor, Tensor)}, shape (batch, height x width, channels)
	 */
	public Tensor beforeCrossAttention(final Tensor x) {
		try (Tensor tokens = entry.forward(x)) {
			return blocks.get(0).selfAttention(tokens);
		}
	}

	/**
	 * The rest: {@code forward(x, beforeCrossAttention(x), states)} equals {@code forward(x, states)} to the last bit.
	 *
	 * @param x shape (batch, channels, height, width)
	 * @param tokens result of {@link #beforeCrossAttention} for it, shape (batch, height x width, channels)
	 * @param encoderHiddenStates text embeddings, shape (batch, tokens, crossAttentionDim)
	 * @return shape of {@code x}
	 */
	public Tensor forward(final Tensor x, final Tensor tokens, final Tensor encoderHiddenStates) {
		return finished(x, blocks.get(0).crossAttention(tokens, encoderHiddenStates), encoderHiddenStates, 1);
	}

	/** The blocks from one on, and the way back to an image; takes the tokens. */
	private Tensor finished(final Tensor x, final Tensor tokens, final Tensor encoderHiddenStates, final int from) {
		Tensor h = tokens;
		for (final BasicTransformerBlock block : blocks.subList(from, blocks.size())) {
			try (Tensor before = h) {
				h = block.forward(before, encoderHiddenStates);
			}
		}
		try (Tensor before = h) {
			return exit.forward(x, before);
		}
	}

	private static Leaves projection(final Leaves leaves, final String name, final long channels, final boolean linear) {
		return linear ? leaves.linear(name, channels, channels) : leaves.conv(name, channels, channels, 1);
	}

	/** From an image to tokens. */
	private static final class Entry extends Block {

		private final int groups;
		private final boolean linear;

		Entry(final Parts parts, final long channels, final int groups, final boolean linear) {
			super(parts, projection(new Leaves().groupNorm("norm", channels), "proj_in", channels, linear));
			this.groups = groups;
			this.linear = linear;
		}

		Tensor forward(final Tensor x) {
			return call("unet_transformer_in", x, groups, linear);
		}
	}

	/** From tokens back to the image they came from. */
	private static final class Exit extends Block {

		private final boolean linear;

		Exit(final Parts parts, final long channels, final boolean linear) {
			super(parts, projection(new Leaves(), "proj_out", channels, linear));
			this.linear = linear;
		}

		Tensor forward(final Tensor x, final Tensor tokens) {
			return call("unet_transformer_out", x, tokens, linear);
		}
	}
}
