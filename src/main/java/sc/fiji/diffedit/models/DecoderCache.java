package sc.fiji.diffedit.models;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Keys and values of each layer of a decoder: of the tokens said, which grow, and of what they are said about, which stay.
 * Shape (2, rows, heads, tokens, width of a head).
 */
final class DecoderCache implements AutoCloseable {

	private static final int ROWS = 1;
	private static final int TOKENS = 3;

	private final Scope home = Scope.detached();
	private final List<Tensor> own = new ArrayList<>();
	private final List<Tensor> cross = new ArrayList<>();
	/** Which of the first rows each row comes from: rows of one origin speak about the same. */
	private int[] origins;

	/** @param cross keys and values of what is spoken about, layer by layer; they belong to this cache from now on */
	DecoderCache(final List<Tensor> cross) {
		cross.forEach(tensor -> this.cross.add(home.adopt(tensor)));
		origins = IntStream.range(0, rows()).toArray();
	}

	/** Tokens generated so far. */
	int length() {
		return own.isEmpty() ? 0 : (int) own.get(0).size(TOKENS);
	}

	int rows() {
		return (int) cross.get(0).size(ROWS);
	}

	/** Keys and values of a layer with those of new tokens added. */
	Tensor add(final int layer, final Tensor fresh) {
		if (own.size() == layer) own.add(home.adopt(fresh));
		else replace(own, layer, Tensor.cat(TOKENS, own.get(layer), fresh));
		return own.get(layer);
	}

	Tensor cross(final int layer) {
		return cross.get(layer);
	}

	/** Keeps these rows, in this order. */
	void select(final int... rows) {
		final long[] indices = Arrays.stream(rows).asLongStream().toArray();
		try (Scope scope = Scope.open()) {
			for (int i = 0; i < own.size(); i++) replace(own, i, own.get(i).indexSelect(ROWS, indices));
			final int[] next = Arrays.stream(rows).map(row -> origins[row]).toArray();
			if (Arrays.equals(next, origins)) return;
			origins = next;
			for (int i = 0; i < cross.size(); i++) replace(cross, i, cross.get(i).indexSelect(ROWS, indices));
		}
	}

	private void replace(final List<Tensor> tensors, final int index, final Tensor next) {
		tensors.set(index, home.adopt(next)).close();
	}

	@Override
	public void close() {
		home.close();
	}
}
