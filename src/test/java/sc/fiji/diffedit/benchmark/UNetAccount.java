package sc.fiji.diffedit.benchmark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import sc.fiji.diffedit.models.UNet;
import sc.fiji.diffedit.nn.BasicTransformerBlock;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.nn.BlockPolicy;
import sc.fiji.diffedit.nn.Leaf;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Where the time of a UNet call goes. First a call is watched block by block, through the seam that policies use; then each
 * layer of each block runs alone on an input of the size that was seen ({@link LayerProbe}; equal layers once). Operations
 * and bytes are counted from shapes: a multiplication with its addition is two operations; bytes are weights, input and
 * output once. What the layers alone do not explain is the rest: sums, concatenations, activations, copies.
 */
final class UNetAccount {

	/** How often the whole call and the watched call are taken. */
	private static final int TAKES = 3;

	private final UNet unet;
	private final Runnable forward;
	private final List<Call> calls = new ArrayList<>();
	private final Map<String, Double> numbers = new LinkedHashMap<>();
	private final Map<String, Double> known = new HashMap<>();

	/** A call of a block that was seen. */
	private record Call(Block block, long[] input, long words, int heads, double seconds) {}

	/** @param forward runs the UNet once and frees the result */
	UNetAccount(final UNet unet, final Runnable forward) {
		this.unet = unet;
		this.forward = forward;
	}

	/** Numbers by name: KIND.seconds, KIND.gflop and KIND.bytes for each kind of layer, block.CLASS.seconds, whole.seconds. */
	Map<String, Double> make() {
		forward.run();
		forward.run();
		numbers.put("whole.seconds", medianOfWholeCalls());
		watch();
		for (final Call call : calls) {
			add("block." + call.block.getClass().getSimpleName() + ".seconds", call.seconds);
			for (final Leaf leaf : call.block.leaves()) account(call, leaf);
			if (call.block instanceof BasicTransformerBlock) accountAttention(call);
		}
		return numbers;
	}

	private double medianOfWholeCalls() {
		final double[] takes = new double[TAKES];
		for (int i = 0; i < TAKES; i++) {
			final long start = System.nanoTime();
			forward.run();
			takes[i] = (System.nanoTime() - start) * 1e-9;
		}
		Arrays.sort(takes);
		return takes[TAKES / 2];
	}

	/** One call with a watch around every block's policy. */
	private void watch() {
		final Map<Block, BlockPolicy> before = new LinkedHashMap<>();
		for (final Block block : unet.blocks()) {
			before.put(block, block.policy());
			block.setPolicy(new Watched(block.policy()));
		}
		try {
			forward.run();
		}
		finally {
			before.forEach(Block::setPolicy);
		}
	}

	/** Notes what a block was called with and how long it took; a transformer block may be called for its pixels first, then for words. */
	private final class Watched implements BlockPolicy {

		private final BlockPolicy inner;
		private double pixels;

		Watched(final BlockPolicy inner) {
			this.inner = inner;
		}

		@Override
		public Tensor call(final Block block, final String kernel, final Object... arguments) {
			final long[] input = ((Tensor) arguments[0]).shape();
			final boolean attends = block instanceof BasicTransformerBlock;
			final long start = System.nanoTime();
			final Tensor result = inner.call(block, kernel, arguments);
			final double seconds = (System.nanoTime() - start) * 1e-9 + pixels;
			pixels = attends && !(arguments[1] instanceof Tensor) ? seconds : 0;
			if (pixels > 0) return result;
			final long words = attends ? ((Tensor) arguments[1]).size(1) : 0;
			calls.add(new Call(block, input, words, attends ? (Integer) arguments[2] : 0, seconds));
			return result;
		}

		@Override
		public void evicted(final Block block) {
			inner.evicted(block);
		}
	}

	private void account(final Call call, final Leaf leaf) {
		final long[] input = inputOf(call, leaf);
		if (input.length == 0) return;
		final long outputs = outputs(input, leaf);
		double weights = 1;
		for (final long length : leaf.shape()) weights *= length;
		final double perOutput = leaf.shape().length == 1 ? 0 : 2 * weights / leaf.shape()[0];
		final String kind = kind(leaf);
		add(kind + ".seconds", known.computeIfAbsent(kind + Arrays.toString(leaf.shape()) + Arrays.toString(input) + leaf.stride() + leaf.bias(),
			key -> probe(call, leaf, input)));
		add(kind + ".gflop", outputs * perOutput * 1e-9);
		add(kind + ".bytes", (weights + count(input) + outputs) * call.block.dtype().bytes());
	}

	private double probe(final Call call, final Leaf leaf, final long... input) {
		try (LayerProbe probe = LayerProbe.of(call.block, leaf)) {
			return probe.seconds(input, unet.config().normNumGroups());
		}
	}

	/** Shape of what a layer gets; none for layers on words, which are kept from step to step, and on the time, which are tiny. */
	private static long[] inputOf(final Call call, final Leaf leaf) {
		final long[] seen = call.input;
		if (leaf.kind() == Leaf.Kind.LINEAR) {
			if (seen.length == 4 && leaf.name().contains("time") || seen.length < 3) return new long[0];
			if (leaf.name().equals("attn2.to_k") || leaf.name().equals("attn2.to_v")) return new long[0];
			return new long[] { seen[0], seen.length == 4 ? seen[2] * seen[3] : seen[1], leaf.shape()[1] };
		}
		if (leaf.kind() == Leaf.Kind.LAYER_NORM) return seen;
		final long channels = leaf.kind() == Leaf.Kind.CONV2D ? leaf.shape()[1] : leaf.shape()[0];
		return new long[] { seen[0], channels, seen[2] * leaf.scale(), seen[3] * leaf.scale() };
	}

	private static long outputs(final long[] input, final Leaf leaf) {
		if (leaf.kind() == Leaf.Kind.LINEAR) return input[0] * input[1] * leaf.shape()[0];
		if (leaf.kind() != Leaf.Kind.CONV2D) return count(input);
		return input[0] * leaf.shape()[0] * (input[2] / leaf.stride()) * (input[3] / leaf.stride());
	}

	private void accountAttention(final Call call) {
		final long[] tokens = call.input;
		final long[] words = { tokens[0], call.words, tokens[2] };
		for (final long[] others : List.of(tokens, words)) {
			add("attention.seconds", known.computeIfAbsent("attention" + Arrays.toString(tokens) + Arrays.toString(others), key -> {
				try (LayerProbe probe = LayerProbe.of(call.block, call.block.leaves().get(0))) {
					return probe.attentionSeconds(tokens, others, call.heads);
				}
			}));
			add("attention.gflop", 4.0 * tokens[0] * tokens[1] * others[1] * tokens[2] * 1e-9);
			add("attention.bytes", 2.0 * (count(tokens) + count(others)) * call.block.dtype().bytes());
		}
	}

	private static String kind(final Leaf leaf) {
		if (leaf.kind() == Leaf.Kind.CONV2D) return leaf.shape()[2] == 1 ? "conv 1x1" : "conv 3x3";
		return leaf.kind() == Leaf.Kind.LINEAR ? "linear" : "norms";
	}

	private static long count(final long[] shape) {
		long count = 1;
		for (final long length : shape) count *= length;
		return count;
	}

	private void add(final String name, final double number) {
		numbers.merge(name, number, Double::sum);
	}
}
