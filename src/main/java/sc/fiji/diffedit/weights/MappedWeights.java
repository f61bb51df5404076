package sc.fiji.diffedit.weights;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** Tensors of another source under new names, some of them a part of a stored one or another view of it. */
final class MappedWeights implements WeightsView {

	/** How a tensor here is made from the stored one. */
	enum View {
		/** The stored tensor. */
		SAME,
		/** A 1x1 convolution as a matrix: (out, in, 1, 1) to (out, in). */
		MATRIX,
		/** Rows of the first, second or last third: queries, keys and values that are stored as one. */
		FIRST_THIRD, SECOND_THIRD, LAST_THIRD,
		/** A matrix with its axes exchanged. */
		TRANSPOSED
	}

	private record Entry(String stored, View view) {}

	private final Weights weights;
	private final Map<String, Entry> entries = new LinkedHashMap<>();
	private final Set<String> dropped = new HashSet<>();

	MappedWeights(final Weights weights) {
		this.weights = weights;
	}

	void put(final String name, final String stored, final View view) {
		entries.put(name, new Entry(stored, view));
	}

	/** Says that a stored tensor is known and not needed. */
	void drop(final String stored) {
		dropped.add(stored);
	}

	@Override
	public Weights stored() {
		return weights;
	}

	@Override
	public Set<String> storedNames() {
		return Stream.concat(dropped.stream(), entries.values().stream().map(Entry::stored)).collect(Collectors.toSet());
	}

	@Override
	public Set<String> names() {
		return Collections.unmodifiableSet(entries.keySet());
	}

	@Override
	public long[] shape(final String name) {
		final Entry entry = entry(name);
		final long[] shape = weights.shape(entry.stored());
		return switch (entry.view()) {
			case SAME -> shape;
			case MATRIX -> matrix(entry.stored(), shape);
			case TRANSPOSED -> {
				final long[] matrix = matrix(entry.stored(), shape);
				yield new long[] { matrix[1], matrix[0] };
			}
			default -> {
				shape[0] = weights.size(entry.stored(), 0) / 3;
				yield shape;
			}
		};
	}

	/** Two axes, and perhaps more of length one. */
	private long[] matrix(final String name, final long[] shape) {
		for (int i = 2; i < shape.length; i++) {
			if (shape[i] != 1) throw new DiffEditException(weights.source() + " has '" + name + "' in shape " + Arrays.toString(shape) + ", which is not a matrix; the file is damaged.");
		}
		return new long[] { weights.size(name, 0), weights.size(name, 1) };
	}

	@Override
	public DType dtype(final String name) {
		return weights.dtype(entry(name).stored());
	}

	@Override
	public Tensor get(final String name) {
		final Entry entry = entry(name);
		if (entry.view() == View.SAME) return weights.get(entry.stored());
		try (Scope scope = Scope.open()) {
			final Tensor stored = weights.get(entry.stored());
			final long third = stored.size(0) / 3;
			return scope.keep(switch (entry.view()) {
				case MATRIX -> stored.reshape(shape(name));
				case TRANSPOSED -> stored.reshape(matrix(entry.stored(), stored.shape())).permute(1, 0).copy();
				case FIRST_THIRD -> stored.slice(0, 0, third);
				case SECOND_THIRD -> stored.slice(0, third, 2 * third);
				default -> stored.slice(0, 2 * third, 3 * third);
			});
		}
	}

	@Override
	public Optional<QuantisedTensor> quantised(final String name) {
		final Entry entry = entry(name);
		final Optional<QuantisedTensor> stored = weights.quantised(entry.stored());
		return switch (entry.view()) {
			case SAME -> stored;
			case MATRIX -> stored.map(tensor -> tensor.reshaped(shape(name)));
			case TRANSPOSED -> Optional.empty();
			default -> {
				final long third = weights.size(entry.stored(), 0) / 3;
				final int which = entry.view().ordinal() - View.FIRST_THIRD.ordinal();
				yield stored.flatMap(tensor -> tensor.rows(which * third, (which + 1) * third));
			}
		};
	}

	@Override
	public String source() {
		return weights.source();
	}

	private Entry entry(final String name) {
		final Entry entry = entries.get(name);
		if (entry == null) throw new DiffEditException(weights.source() + " has no tensor '" + name + "'.");
		return entry;
	}
}
