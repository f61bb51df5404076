package sc.fiji.diffedit.memory;

import java.util.Map;

import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.tensor.Tensor;

/** Where the weights of blocks are while they are on no device, in their storage type. */
interface WeightHome extends AutoCloseable {

	/** The tensors of a block on the CPU, by their names in the block; they belong to the innermost scope or to this. */
	Map<String, Tensor> tensors(Block block);

	/** A block's weights have changed. */
	void changed(Block block);

	@Override
	void close();

	/** The weights as they come from the checkpoint, read and cast again each time from the mapped file. */
	static WeightHome checkpoint(final StoredWeights weights) {
		return new WeightHome() {

			@Override
			public Map<String, Tensor> tensors(final Block block) {
				return weights.of(block);
			}

			@Override
			public void changed(final Block block) {}

			@Override
			public void close() {}
		};
	}

	/** The tensors of a block in their storage type, in the innermost scope. */
	@FunctionalInterface
	interface StoredWeights {

		Map<String, Tensor> of(Block block);
	}
}
