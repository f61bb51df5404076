package sc.fiji.diffedit.text;

/**
 * How prompts are read. All are off by default.
 *
 * @param weighted whether {@code (word:1.2)}, {@code (word)} and {@code [word]} give words more or less weight
 * @param longPrompts whether prompts beyond the text encoder's 77 tokens are read in several pieces rather than cut
 * @param parity whether textual inversions are read as diffusers 0.42.1 does with transformers 5: of a word with capital letters
 *          the first vector alone
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
