package sc.fiji.diffedit.text;

import java.util.Arrays;

/**
 * A text in a fixed number of tokens.
 *
 * @param ids token numbers
 * @param attentionMask 1 for tokens of the text with start and end, 0 for padding
 * @param cut the truncated words, from the first incomplete one; empty if all fit
 */
public record TokenizedPrompt(long[] ids, long[] attentionMask, String cut) {

	/** @param all the whole text with start and end */
	static TokenizedPrompt of(final Tokenizer tokenizer, final long[] all, final int length) {
		final long[] ids = Arrays.copyOf(all, length);
		final long[] mask = new long[length];
		Arrays.fill(mask, 0, Math.min(all.length, length), 1);
		if (all.length <= length) {
			Arrays.fill(ids, all.length, length, tokenizer.padId());
			return new TokenizedPrompt(ids, mask, "");
		}
		ids[length - 1] = all[all.length - 1];
		return new TokenizedPrompt(ids, mask, tail(tokenizer, all, length - 1));
	}

	/** The text from a token on, starting with the whole word that contains it. */
	private static String tail(final Tokenizer tokenizer, final long[] all, final int from) {
		final String whole = tokenizer.decode(all);
		final String kept = withoutHalfLetter(tokenizer.decode(Arrays.copyOf(all, from)));
		if (!whole.startsWith(kept)) return tokenizer.decode(Arrays.copyOfRange(all, from, all.length));
		int start = kept.length();
		if (start < whole.length() && whole.charAt(start) != ' ') start = whole.lastIndexOf(' ', start) + 1;
		return whole.substring(start).trim();
	}

	/** A character of several bytes may be split, and is then shown as U+FFFD. */
	private static String withoutHalfLetter(final String text) {
		int end = text.length();
		while (end > 0 && text.charAt(end - 1) == '\uFFFD') end--;
		return text.substring(0, end);
	}
}
