package sc.fiji.diffedit.nn;

import java.util.ArrayList;
import java.util.List;

import sc.fiji.diffedit.nn.Leaf.Kind;

/** The list of a block's layers, built in the block's constructor. */
public final class Leaves {

	private final List<Leaf> leaves = new ArrayList<>();

	/** A convolution with bias and stride 1. */
	public Leaves conv(final String name, final long in, final long out, final int kernel) {
		return conv(name, in, out, kernel, 1, 1);
	}

	/** A convolution with bias; {@code scale} is the size of its input relative to the block's, per axis. */
	public Leaves conv(final String name, final long in, final long out, final int kernel, final int stride, final int scale) {
		return add(new Leaf(name, Kind.CONV2D, new long[] { out, in, kernel, kernel }, true, stride, scale));
	}

	/** A convolution without bias. */
	public Leaves convNoBias(final String name, final long in, final long out, final int kernel, final int stride) {
		return add(new Leaf(name, Kind.CONV2D, new long[] { out, in, kernel, kernel }, false, stride, 1));
	}

	/** A fully connected layer with bias. */
	public Leaves linear(final String name, final long in, final long out) {
		return linear(name, in, out, true);
	}

	public Leaves linear(final String name, final long in, final long out, final boolean bias) {
		return add(new Leaf(name, Kind.LINEAR, new long[] { out, in }, bias, 1, 1));
	}

	public Leaves groupNorm(final String name, final long channels) {
		return add(new Leaf(name, Kind.GROUP_NORM, new long[] { channels }, true, 1, 1));
	}

	public Leaves layerNorm(final String name, final long channels) {
		return add(new Leaf(name, Kind.LAYER_NORM, new long[] { channels }, true, 1, 1));
	}

	/** A norm with a scale and no bias (T5). */
	public Leaves rmsNorm(final String name, final long channels) {
		return add(new Leaf(name, Kind.LAYER_NORM, new long[] { channels }, false, 1, 1));
	}

	/** A table of {@code count} vectors. */
	public Leaves embedding(final String name, final long count, final long size) {
		return add(new Leaf(name, Kind.EMBEDDING, new long[] { count, size }, false, 1, 1));
	}

	/** A tensor that is no layer's weight or bias, under its own name. */
	public Leaves parameter(final String name, final long... shape) {
		return add(new Leaf(name, Kind.PARAMETER, shape, false, 1, 1));
	}

	private Leaves add(final Leaf leaf) {
		leaves.add(leaf);
		return this;
	}

	List<Leaf> list() {
		return List.copyOf(leaves);
	}
}
