package sc.fiji.diffedit.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A tokenized prompt for the text encoder: one or several pieces of 77 tokens, each with start, end and padding, and a weight per
 * token. Pieces end where words end.
 *
 * @param ids token numbers, piece by piece
 * @param weights of the tokens; 1 for start, end and padding
 * @param cut the truncated words; empty if all fit
 */
record PromptPieces(long[][] ids, float[][] weights, String cut) {

	/** A token inside a prompt. */
	private record Token(long id, float weight, boolean endsWord) {}

	/** @param most number of pieces; longer prompts are truncated, and unneeded pieces contain the empty text */
	static PromptPieces of(final ClipTokenizer tokenizer, final String prompt, final PromptOptions options, final int most) {
		if (!options.weighted() && most == 1) {
			final TokenizedPrompt whole = TokenizedPrompt.of(tokenizer, tokenizer.encode(prompt, options.parity()), tokenizer.maxLength());
			return new PromptPieces(new long[][] { whole.ids() }, new float[][] { ones(whole.ids().length) }, whole.cut());
		}
		final List<Token> tokens = tokens(tokenizer, prompt, options);
		final long[][] ids = new long[most][];
		final float[][] weights = new float[most][];
		int start = 0;
		for (int i = 0; i < most; i++) {
			final int end = end(tokens, start, tokenizer.maxLength() - 2, i == most - 1);
			fill(tokenizer, tokens.subList(start, end), i, ids, weights);
			start = end;
		}
		final long[] rest = tokens.subList(start, tokens.size()).stream().mapToLong(Token::id).toArray();
		return new PromptPieces(ids, weights, tokenizer.decode(rest));
	}

	/** All pieces one after another: the token numbers of words, and -1 for start, end and padding. */
	long[] words(final long endId) {
		return Arrays.stream(ids).flatMapToLong(piece -> {
			final long[] words = piece.clone();
			words[0] = -1;
			int end = 1;
			while (end < words.length && words[end] != endId) end++;
			Arrays.fill(words, end, words.length, -1);
			return Arrays.stream(words);
		}).toArray();
	}

	/** Number of pieces that a prompt needs, at least 1. */
	static int count(final ClipTokenizer tokenizer, final String prompt, final PromptOptions options) {
		final List<Token> tokens = tokens(tokenizer, prompt, options);
		int count = 0;
		int start = 0;
		do {
			start = end(tokens, start, tokenizer.maxLength() - 2, false);
			count++;
		}
		while (start < tokens.size());
		return count;
	}

	private static List<Token> tokens(final ClipTokenizer tokenizer, final String prompt, final PromptOptions options) {
		final List<WeightedText> texts = options.weighted() ? WeightedText.parse(prompt) : List.of(new WeightedText(prompt, 1));
		final List<Token> tokens = new ArrayList<>();
		for (final WeightedText text : texts) {
			final long[] ids = tokenizer.encode(text.text(), options.parity());
			for (int i = 1; i < ids.length - 1; i++) tokens.add(new Token(ids[i], (float) text.weight(), tokenizer.endsWord(ids[i])));
		}
		return tokens;
	}

	/** The end of a piece: after the last whole word that fits, or within a word that is longer than a piece or may be split. */
	private static int end(final List<Token> tokens, final int start, final int room, final boolean mayCut) {
		final int most = Math.min(tokens.size(), start + room);
		if (most == tokens.size() || mayCut) return most;
		for (int end = most; end > start; end--) {
			if (tokens.get(end - 1).endsWord()) return end;
		}
		return most;
	}

	private static void fill(final ClipTokenizer tokenizer, final List<Token> tokens, final int piece, final long[][] ids, final float[][] weights) {
		ids[piece] = new long[tokenizer.maxLength()];
		weights[piece] = ones(tokenizer.maxLength());
		Arrays.fill(ids[piece], tokenizer.padId());
		ids[piece][0] = tokenizer.startId();
		for (int i = 0; i < tokens.size(); i++) {
			ids[piece][i + 1] = tokens.get(i).id();
			weights[piece][i + 1] = tokens.get(i).weight();
		}
		ids[piece][tokens.size() + 1] = tokenizer.endId();
	}

	private static float[] ones(final int length) {
		final float[] ones = new float[length];
		Arrays.fill(ones, 1);
		return ones;
	}
}
