package sc.fiji.diffedit.text;

/**
 * Options for encoding prompts. All are off by default.
 *
 * @param weighted whether {@code (word:1.2)}, {@code (word)} and {@code [word]} change the weight of words
 * @param longPrompts whether prompts beyond the text encoder's 77 tokens are encoded in several pieces rather than truncated
 * @param parity whether textual inversions are read as diffusers 0.42.1 does with transformers 5: of a token with capital letters
 *          only the first vector is used
 */
public record PromptOptions(boolean weighted, boolean longPrompts, boolean parity) {

	public static final PromptOptions DEFAULTS = new PromptOptions(false, false, false);

	public PromptOptions withWeighted(final boolean on) {
		return new PromptOptions(on, longPrompts, parity);
	}

	public PromptOptions withLongPrompts(final boolean on) {
		return new PromptOptions(weighted, on, parity);
	}

	public PromptOptions withParity(final boolean on) {
		return new PromptOptions(weighted, longPrompts, on);
	}
}
