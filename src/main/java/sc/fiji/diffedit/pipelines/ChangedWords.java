package sc.fiji.diffedit.pipelines;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The words of two prompts that the other one does not have at their place in the sentence: all that are outside a longest common
 * subsequence of their tokens. Prompts that share no word are changed as a whole, and equal ones not at all.
 *
 * @param source for each token of the source's embeddings 1 where it is such a word, else 0
 * @param target the same for the target
 */
record ChangedWords(float[] source, float[] target) {

	/**
	 * @param source token numbers, -1 where there is no word, see {@link sc.fiji.diffedit.text.PromptEncoder#words}; a row for each text encoder
	 * @param target the same
	 */
	static ChangedWords between(final List<long[]> source, final List<long[]> target) {
		final ChangedWords changed = new ChangedWords(new float[source.get(0).length], new float[target.get(0).length]);
		for (int i = 0; i < source.size(); i++) changed.add(source.get(i), target.get(i));
		return changed;
	}

	/** A token that differs for one of the text encoders is a changed one. */
	private void add(final long[] from, final long[] to) {
		final int[] old = places(from), fresh = places(to);
		final int[][] common = common(from, old, to, fresh);
		int i = 0, j = 0;
		while (i < old.length || j < fresh.length) {
			final boolean same = i < old.length && j < fresh.length && from[old[i]] == to[fresh[j]];
			if (same) {
				i++;
				j++;
			}
			else if (j == fresh.length || i < old.length && common[i + 1][j] >= common[i][j + 1]) source[old[i++]] = 1;
			else target[fresh[j++]] = 1;
		}
	}

	/** Length of the longest common subsequence of what follows word i of one and word j of the other, at [i][j]. */
	private static int[][] common(final long[] from, final int[] old, final long[] to, final int[] fresh) {
		final int[][] common = new int[old.length + 1][fresh.length + 1];
		for (int i = old.length - 1; i >= 0; i--) {
			for (int j = fresh.length - 1; j >= 0; j--) {
				common[i][j] = from[old[i]] == to[fresh[j]] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
			}
		}
		return common;
	}

	private static int[] places(final long[] tokens) {
		final List<Integer> places = new ArrayList<>();
		for (int i = 0; i < tokens.length; i++) if (tokens[i] >= 0) places.add(i);
		return places.stream().mapToInt(Integer::intValue).toArray();
	}

	/** Whether a prompt has changed words. @param words of it */
	static boolean any(final float[] words) {
		return !Arrays.equals(words, new float[words.length]);
	}
}
