package sc.fiji.diffedit.models;

import sc.fiji.diffedit.tensor.Tensor;

/**
 * A network in the middle of saying something: several rows of tokens, each continued token by token. It keeps keys and
 * values of what was said, so that a step costs one token. It lives until it is closed.
 */
public interface TextDecoder extends AutoCloseable {

	/** Number of rows. */
	int rows();

	/**
	 * Adds tokens to each row.
	 *
	 * @param tokens one array per row, all of one length; the first call takes the start, later ones one token each
	 * @return scores of what may follow each of these tokens, shape (rows, tokens, words), in the innermost scope
	 */
	Tensor next(long[][] tokens);

	/** Goes on with these rows, in this order; rows may repeat. */
	void select(int... rows);

	/** Frees what was kept. */
	@Override
	void close();
}
