package sc.fiji.diffedit.fiji.form;

import java.util.Comparator;
import java.util.List;

/** Which of some words was probably meant. */
public final class Nearest {

	private static final int FEW = 3;

	private Nearest() {}

	/** The word that takes the fewest changed, added or left out letters; the first of those that are equally near. */
	public static String to(final String written, final List<String> words) {
		return words.stream().min(Comparator.comparingInt(word -> distance(written, word))).orElse("");
	}

	/** The {@code most} nearest words, the nearest first. */
	static List<String> some(final int most, final String written, final List<String> words) {
		return words.stream().sorted(Comparator.comparingInt(word -> distance(written, word))).limit(most).toList();
	}

	/** The nearest words for a sentence, the nearest first: {@code steps, seed, strength}. */
	public static String few(final String written, final List<String> words) {
		return String.join(", ", some(FEW, written, words));
	}

	/** Levenshtein's distance, row by row. */
	private static int distance(final String from, final String to) {
		int[] row = new int[to.length() + 1];
		for (int j = 0; j < row.length; j++) row[j] = j;
		for (int i = 1; i <= from.length(); i++) {
			final int[] next = new int[row.length];
			next[0] = i;
			for (int j = 1; j < row.length; j++) {
				final int changed = row[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
				next[j] = Math.min(changed, 1 + Math.min(row[j], next[j - 1]));
			}
			row = next;
		}
		return row[to.length()];
	}
}
