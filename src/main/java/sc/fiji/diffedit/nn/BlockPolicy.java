package sc.fiji.diffedit.nn;

import sc.fiji.diffedit.tensor.Tensor;

/**
 * The one seam between networks and memory: what happens around a call of a block's kernel. A policy may bring weights
 * before and drop them after, hand over packed or cast ones, or move the arguments; networks never know. Policies wrap one
 * another, and the innermost is {@link #DIRECT}.
 */
@FunctionalInterface
public interface BlockPolicy {

	/** Calls the kernel with the block's parameters as they are. */
	BlockPolicy DIRECT = (block, kernel, arguments) -> block.kernels().call(kernel, withParameters(block, arguments));

	/**
	 * Runs one kernel of a block.
	 *
	 * @param arguments of the kernel without the block's parameters, which come last
	 * @return the kernel's result, in the innermost scope
	 */
	Tensor call(Block block, String kernel, Object... arguments);

	/** Told when a block's tensors are freed or about to be replaced: what was made from them is stale. */
	default void evicted(final Block block) {}

	/** The arguments followed by the block's parameters. */
	static Object[] withParameters(final Block block, final Object... arguments) {
		final Object[] all = java.util.Arrays.copyOf(arguments, arguments.length + 1);
		all[arguments.length] = block.parameters();
		return all;
	}
}
