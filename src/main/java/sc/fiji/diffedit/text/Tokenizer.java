package sc.fiji.diffedit.text;

/** Text to the numbers that a text encoder knows, and back. Safe for use by several threads until it is closed. */
public interface Tokenizer extends AutoCloseable {

	/** The numbers of a text with the start and end tokens that the model wants, however many there are. */
	long[] encode(String text);

	/** Numbers back to text; start, end and padding are left out. */
	String decode(long... ids);

	/** Most tokens that the model takes, start and end among them. */
	int maxLength();

	/** Number of the token that fills short texts up. */
	long padId();

	/** Number of tokens, added ones among them. */
	int size();

	/**
	 * A text in exactly {@code length} tokens: short ones are padded, of long ones the start is taken, with the end token as
	 * the last.
	 */
	default TokenizedPrompt pad(final String text, final int length) {
		return TokenizedPrompt.of(this, encode(text), length);
	}

	/** A text in exactly as many tokens as the model takes. */
	default TokenizedPrompt pad(final String text) {
		return pad(text, maxLength());
	}

	/** Frees the native tokenizer. */
	@Override
	void close();
}
