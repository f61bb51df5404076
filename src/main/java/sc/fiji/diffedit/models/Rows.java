package sc.fiji.diffedit.models;

import sc.fiji.diffedit.tensor.Tensor;

/** Rows of token numbers as one tensor. */
final class Rows {

	private Rows() {}

	/** @param rows how many there must be, each as long as the first and not empty */
	static Tensor tensor(final long[][] tokens, final int rows) {
		if (tokens.length != rows) throw new IllegalArgumentException(tokens.length + " rows of tokens for " + rows);
		final int length = tokens[0].length;
		final long[] all = new long[rows * length];
		for (int i = 0; i < rows; i++) {
			if (tokens[i].length != length || length == 0) throw new IllegalArgumentException("rows of tokens differ in length or are empty");
			System.arraycopy(tokens[i], 0, all, i * length, length);
		}
		return Tensor.of(all, rows, length);
	}
}
