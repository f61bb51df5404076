package sc.fiji.diffedit.models;

import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.nn.Leaves;
import sc.fiji.diffedit.nn.Parts;
import sc.fiji.diffedit.tensor.Tensor;

/** {@code CLIPEncoderLayer}: self-attention and feed-forward, each after a norm. CLIP's text and vision halves share it. */
final class CLIPLayer extends Block {

	private final int heads;
	private final double eps;
	private final String activation;
	private final boolean causal;

	CLIPLayer(final Parts parts, final int width, final int inner, final int heads, final double eps, final String activation,
		final boolean causal)
	{
		super(parts, new Leaves().layerNorm("layer_norm1", width).linear("self_attn.q_proj", width, width)
			.linear("self_attn.k_proj", width, width).linear("self_attn.v_proj", width, width)
			.linear("self_attn.out_proj", width, width).layerNorm("layer_norm2", width).linear("mlp.fc1", width, inner)
			.linear("mlp.fc2", inner, width));
		this.heads = heads;
		this.eps = eps;
		this.activation = activation;
		this.causal = causal;
	}

	/** (batch, tokens, width) to the same. */
	Tensor forward(final Tensor x) {
		return call("clip_layer", x, heads, eps, activation, causal);
	}
}
