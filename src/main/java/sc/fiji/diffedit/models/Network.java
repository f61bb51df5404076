package sc.fiji.diffedit.models;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.tensor.DType;

/** What every network offers to those who place it: its blocks in the order of the forward pass. */
public interface Network extends AutoCloseable {

	/** The blocks in the order of the forward pass. */
	List<Block> blocks();

	/** The type it computes in: inputs are cast to it. */
	default DType dtype() {
		return blocks().get(0).dtype();
	}

	/** The names of all its parameters in the checkpoint. */
	default Set<String> parameterNames() {
		return blocks().stream().flatMap(b -> b.leaves().stream().flatMap(l -> l.tensors().stream()).map(name -> b.path() + name)).collect(Collectors.toSet());
	}

	/** Number of parameters. */
	default long parameterCount() {
		return blocks().stream().flatMap(b -> b.leaves().stream()).flatMap(l -> l.tensors().stream().map(l::shapeOf))
			.mapToLong(Network::count).sum();
	}

	private static long count(final long[] shape) {
		long count = 1;
		for (final long length : shape) count *= length;
		return count;
	}

	/** Frees all tensors of the network; a later call loads them again. */
	@Override
	default void close() {
		blocks().forEach(Block::close);
	}
}
