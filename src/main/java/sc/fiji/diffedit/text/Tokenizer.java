package sc.fiji.diffedit.text;

/** Converts text to token IDs, and back. Thread-safe until it is closed. */
public interface Tokenizer extends AutoCloseable {

	/** The token IDs of a text with the model's start and end tokens, without truncation. */
	long[] encode(String text);

	/** Decodes token IDs to text, without start, end and padding tokens. */
	String decode(long... ids);

	/** The maximum number of tokens, including start and end. */
	int maxLength();

	/** ID of the padding token. */
	long padId();

	/** Number of tokens in the vocabulary, including added ones. */
	int size();

	/**
	 * A text in exactly {@code length} tokens: short texts are padded, long ones truncated, with the end token last.
	 */
	default TokenizedPrompt pad(final String text, final int length) {
		return TokenizedPrompt.of(this, encode(text), length);
	}

	/** A text padded or truncated to the model's maximum length. */
	default TokenizedPrompt pad(final String text) {
		return pad(text, maxLength());
	}

	/** Frees the native tokenizer. */
	@Override
	void close();
}
