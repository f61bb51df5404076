package sc.fiji.diffedit.nn;

import sc.fiji.diffedit.tensor.Tensor;

/** Hears of every block that is computed on its thread: how far a call of a network is, and how long its blocks take. */
@FunctionalInterface
public interface BlockListener {

	/**
	 * @param result what the block gave; not to be kept
	 * @param nanos how long it took; on a GPU only the time to launch it
	 */
	void computed(Block block, Tensor result, long nanos);
}
