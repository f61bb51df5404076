package sc.fiji.diffedit.weights;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * A tensor whose numbers lie in blocks that share a scale, so that it can stay that small until it is used.
 *
 * @param type how its blocks are laid out
 * @param shape of its numbers
 * @param blocks makes the bytes of its blocks (uint8, one axis) in the innermost scope
 */
public record QuantisedTensor(GgufType type, long[] shape, Supplier<Tensor> blocks) {

	/** Bytes of the blocks. */
	public long byteCount() {
		return count(shape) / type.blockNumbers() * type.blockBytes();
	}

	static long count(final long[] shape) {
		return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
	}

	/**
	 * The numbers in 32 bits, in the innermost scope.
	 *
	 * @param blocks what {@link #blocks} made, on any device
	 */
	public Tensor numbers(final Tensor blocks) {
		return type.numbers(blocks, shape);
	}

	Tensor numbers() {
		try (Scope scope = Scope.open()) {
			return scope.keep(numbers(blocks.get()));
		}
	}

	QuantisedTensor reshaped(final long... other) {
		return new QuantisedTensor(type, other, blocks);
	}

	/** The rows {@code from} to before {@code to}; empty where they are no whole blocks. */
	Optional<QuantisedTensor> rows(final long from, final long to) {
		final long row = count(shape) / shape[0];
		final long size = type.blockNumbers();
		if (from * row % size != 0 || to * row % size != 0) return Optional.empty();
		final long[] part = shape.clone();
		part[0] = to - from;
		final Supplier<Tensor> bytes = () -> {
			try (Scope scope = Scope.open()) {
				return scope.keep(blocks.get().slice(0, from * row / size * type.blockBytes(), to * row / size * type.blockBytes()));
			}
		};
		return Optional.of(new QuantisedTensor(type, part, bytes));
	}
}
