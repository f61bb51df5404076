package sc.fiji.diffedit.service;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import sc.fiji.diffedit.memory.Passes.Part;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.nn.Leaf;

/**
 * How the computation of a model component grows with the image: linearly with its pixels for most layers, quadratically for
 * self-attention. In multiplications for one batch row; only ratios between sizes are meaningful.
 *
 * @param linear per pixel at the component's highest resolution
 * @param quadratic per pair of such pixels
 */
record Cost(double linear, double quadratic) {

	private static final Pattern LEVEL = Pattern.compile("(down|up)_blocks\\.(\\d+)\\..*");

	/** The multiplications for an image of so many pixels. */
	double of(final double pixels) {
		return linear * pixels + quadratic * pixels * pixels;
	}

	/** @param blocks of the component, in the order of the forward pass */
	static Cost of(final List<Block> blocks, final Part part) {
		final int deepest = blocks.stream().map(block -> level(block.path())).mapToInt(m -> m.matches() ? Integer.parseInt(m.group(2)) : 0).max().orElse(0);
		double linear = 0;
		double quadratic = 0;
		for (final Block block : blocks) {
			final double share = Math.pow(0.25, depth(block.path() + block.leaves().get(0).name(), deepest, part));
			linear += share * block.leaves().stream().filter(Cost::isMatrix).mapToLong(leaf -> Arrays.stream(leaf.shape()).reduce(1, (a, b) -> a * b)).sum();
			if (block.path().contains("attentions")) quadratic += 2 * share * share * attending(block);
		}
		return new Cost(Math.max(1, linear), quadratic);
	}

	private static Matcher level(final String path) {
		return LEVEL.matcher(path.replaceFirst("^(encoder|decoder)\\.", ""));
	}

	/** The number of 2x downsamplings before a block. */
	private static int depth(final String path, final int deepest, final Part part) {
		final Matcher level = level(path);
		if (level.matches()) return level.group(1).equals("down") ? Integer.parseInt(level.group(2)) : deepest - Integer.parseInt(level.group(2));
		final boolean inner = path.contains("mid_block") || part != Part.UNET && path.contains("quant_conv");
		return inner ? deepest : 0;
	}

	/** Channels of the self-attention, 0 without one. */
	private static long attending(final Block block) {
		return block.leaves().stream().filter(leaf -> leaf.name().equals("to_q") || leaf.name().equals("attn1.to_q")).mapToLong(leaf -> leaf.shape()[0]).sum();
	}

	private static boolean isMatrix(final Leaf leaf) {
		return leaf.kind() == Leaf.Kind.CONV2D || leaf.kind() == Leaf.Kind.LINEAR;
	}
}
