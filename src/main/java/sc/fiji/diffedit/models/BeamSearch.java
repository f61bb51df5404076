package sc.fiji.diffedit.models;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Several likely rows followed at once; what ends among the best is kept, and the search ends when nothing under way can
 * become better than what is kept (transformers {@code _beam_search} with its default length penalty 1 and without early
 * stopping). A row's score is the mean log-probability of its new tokens.
 */
final class BeamSearch {

	/** A row under way or ended. */
	private record Row(long[] tokens, float sum, double score, int parent) {}

	private final TextGeneration limits;
	private final int numBeams;
	private List<Row> running = new ArrayList<>();
	private List<Row> ended = new ArrayList<>();

	BeamSearch(final TextGeneration limits, final int numBeams, final long[] start) {
		if (numBeams < 1) throw new sc.fiji.diffedit.DiffEditException("At least 1 beam is needed; got " + numBeams + ".");
		this.limits = limits;
		this.numBeams = numBeams;
		running.add(new Row(start, 0, 0, 0));
	}

	long[] run(final TextDecoder decoder) {
		long[][] fresh = { running.get(0).tokens() };
		for (int made = 1; made <= limits.maxNewTokens(); made++) {
			final boolean last = made == limits.maxNewTokens();
			final List<Row> best = best(TextGeneration.logProbabilities(decoder, fresh));
			end(best.subList(0, Math.min(numBeams, best.size())), made, last);
			if (!last) goOn(best);
			limits.progress().accept(made);
			if (last || running.isEmpty() || !canImprove(made)) break;
			decoder.select(running.stream().mapToInt(Row::parent).toArray());
			fresh = running.stream().map(row -> new long[] { row.tokens()[row.tokens().length - 1] }).toArray(long[][]::new);
		}
		return ended.get(0).tokens();
	}

	/** The likeliest continuations of all rows under way: twice as many as beams, since half of them may end. */
	private List<Row> best(final float[] logProbabilities) {
		final int vocabSize = logProbabilities.length / running.size();
		final float[] sums = new float[logProbabilities.length];
		for (int i = 0; i < sums.length; i++) sums[i] = running.get(i / vocabSize).sum() + logProbabilities[i];
		final List<Row> best = new ArrayList<>();
		for (final int i : largest(sums, 2 * numBeams)) {
			final long[] before = running.get(i / vocabSize).tokens();
			final long[] tokens = Arrays.copyOf(before, before.length + 1);
			tokens[before.length] = i % vocabSize;
			best.add(new Row(tokens, sums[i], 0, i / vocabSize));
		}
		return best;
	}

	private static int[] largest(final float[] values, final int count) {
		final int[] top = new int[Math.min(count, values.length)];
		int size = 0;
		for (int i = 0; i < values.length; i++) {
			if (size == top.length && !(values[i] > values[top[size - 1]])) continue;
			int at = size < top.length ? size++ : size - 1;
			for (; at > 0 && values[top[at - 1]] < values[i]; at--) top[at] = top[at - 1];
			top[at] = i;
		}
		return Arrays.copyOf(top, size);
	}

	private void end(final List<Row> best, final int made, final boolean all) {
		for (final Row row : best) {
			if (all || hasEnded(row)) ended.add(new Row(row.tokens(), row.sum(), row.sum() / made, 0));
		}
		ended = new ArrayList<>(ended.stream().sorted(Comparator.comparingDouble(Row::score).reversed()).limit(numBeams).toList());
	}

	private void goOn(final List<Row> best) {
		running = best.stream().filter(row -> !hasEnded(row)).limit(numBeams).toList();
	}

	private boolean hasEnded(final Row row) {
		return row.tokens()[row.tokens().length - 1] == limits.eosTokenId();
	}

	/** Whether the best row under way could still beat the worst that is kept. */
	private boolean canImprove(final int made) {
		if (ended.size() < numBeams) return true;
		return running.get(0).sum() / made > ended.get(ended.size() - 1).score();
	}
}
