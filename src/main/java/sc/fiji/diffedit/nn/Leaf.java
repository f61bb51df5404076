package sc.fiji.diffedit.nn;

import java.util.List;

/**
 * A layer with parameters inside a {@link Block}: what the checkpoint must hold for it and what kind of arithmetic it is.
 * Policies read it to decide what to pack, cast or leave alone; adapters read it to find where they fit.
 *
 * @param name path inside the block, such as {@code conv1} or {@code attn1.to_q}
 * @param kind what the layer computes
 * @param shape shape of {@code weight}; (out, in, k, k) for convolutions, (out, in) for linear layers
 * @param bias whether it has a {@code bias} of length {@code shape[0]}
 * @param stride stride of a convolution, else 1
 * @param scale size of the layer's input relative to the block's first input, per axis (2 after upsampling, else 1)
 */
public record Leaf(String name, Kind kind, long[] shape, boolean bias, int stride, int scale) {

	/** Layer classes, by PyTorch's names. */
	public enum Kind {
		CONV2D, LINEAR, GROUP_NORM, LAYER_NORM, EMBEDDING, PARAMETER
	}

	/** Names of the tensors of this layer, relative to the block. */
	public List<String> tensors() {
		if (kind == Kind.PARAMETER) return List.of(name);
		return bias ? List.of(name + ".weight", name + ".bias") : List.of(name + ".weight");
	}

	/** The shape that a tensor of this layer must have. */
	public long[] shapeOf(final String tensor) {
		return tensor.endsWith(".bias") && kind != Kind.PARAMETER ? new long[] { shape[0] } : shape;
	}
}
