package sc.fiji.diffedit.benchmark;

import java.util.Arrays;
import java.util.List;

import sc.fiji.diffedit.memory.PackedWeights;
import sc.fiji.diffedit.models.Network;
import sc.fiji.diffedit.models.UNet2DConditionModel;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.nn.Leaf;
import sc.fiji.diffedit.nn.Leaves;
import sc.fiji.diffedit.nn.Parts;
import sc.fiji.diffedit.tensor.Kernels;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** One layer of a UNet's block by itself, with the same weights, packed like the block's: to see what that layer alone costs. */
final class LayerProbe extends Block implements Network {

	private static final double EPS = 1e-5;
	private static final int TAKES = 5;
	private static final int WARM = 2;

	private final Leaf leaf;

	private LayerProbe(final Block owner, final Leaf leaf) {
		super(parts(owner), leaves(leaf));
		this.leaf = leaf;
	}

	/** The layer under the policy that a UNet on a CPU has. */
	static LayerProbe of(final Block owner, final Leaf leaf) {
		final LayerProbe probe = new LayerProbe(owner, leaf);
		PackedWeights.attach(probe, 0);
		return probe;
	}

	private static Kernels program() {
		final String[] parts = UNet2DConditionModel.KERNELS.toArray(new String[UNet2DConditionModel.KERNELS.size() + 1]);
		parts[parts.length - 1] = "benchmark";
		return Kernels.load(parts);
	}

	private static Parts parts(final Block owner) {
		final String path = owner.path();
		final Parts root = Parts.of(owner.weights(), program(), owner.dtype());
		return path.isEmpty() ? root : root.at(path.substring(0, path.length() - 1));
	}

	private static Leaves leaves(final Leaf leaf) {
		final long[] shape = leaf.shape();
		switch (leaf.kind()) {
			case CONV2D:
				return new Leaves().conv(leaf.name(), shape[1], shape[0], (int) shape[2], leaf.stride(), 1);
			case LINEAR:
				return new Leaves().linear(leaf.name(), shape[1], shape[0], leaf.bias());
			case GROUP_NORM:
				return new Leaves().groupNorm(leaf.name(), shape[0]);
			case LAYER_NORM:
				return new Leaves().layerNorm(leaf.name(), shape[0]);
			default:
				throw new IllegalArgumentException("no probe for a layer of kind " + leaf.kind());
		}
	}

	@Override
	public List<Block> blocks() {
		return List.of(this);
	}

	private Tensor forward(final Tensor x, final int groups) {
		switch (leaf.kind()) {
			case CONV2D:
				return call("benchmark_conv", x, leaf.name(), leaf.stride(), (int) leaf.shape()[2] / 2);
			case GROUP_NORM:
				return call("benchmark_group_norm_silu", x, leaf.name(), groups, EPS);
			case LAYER_NORM:
				return call("benchmark_layer_norm", x, leaf.name(), EPS);
			default:
				return call(leaf.name().equals("ff.net.0.proj") ? "benchmark_geglu" : "benchmark_linear", x, leaf.name());
		}
	}

	/** Median seconds of a call on an input of that shape. */
	double seconds(final long[] shape, final int groups) {
		try (Scope scope = Scope.open()) {
			final Tensor x = input(shape);
			return median(() -> forward(x, groups).close());
		}
	}

	/** Median seconds of attention of {@code tokens} of one shape to those of another. */
	double attentionSeconds(final long[] tokens, final long[] others, final int heads) {
		try (Scope scope = Scope.open()) {
			final Tensor q = input(tokens);
			final Tensor k = input(others);
			return median(() -> call("benchmark_attention", q, k, heads).close());
		}
	}

	private Tensor input(final long... shape) {
		final Tensor x = Tensor.full(0.5, dtype(), shape);
		return shape.length == 4 ? x.channelsLast() : x;
	}

	private static double median(final Runnable call) {
		for (int i = 0; i < WARM; i++) call.run();
		final double[] takes = new double[TAKES];
		for (int i = 0; i < TAKES; i++) {
			final long start = System.nanoTime();
			call.run();
			takes[i] = (System.nanoTime() - start) * 1e-9;
		}
		Arrays.sort(takes);
		return takes[TAKES / 2];
	}
}
