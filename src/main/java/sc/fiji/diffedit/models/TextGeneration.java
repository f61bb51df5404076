package sc.fiji.diffedit.models;

import java.util.Arrays;
import java.util.function.Function;
import java.util.function.IntConsumer;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Generator;
import sc.fiji.diffedit.tensor.Kernels;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Ways to let a decoder speak: the likeliest word at each step, words drawn at random, or the likeliest of several rows
 * followed at once (transformers {@code generation/utils.py}). Each gives token numbers with the start, rows that ended
 * early filled up with padding.
 *
 * @param eosTokenId the token that ends a row
 * @param padTokenId the token that fills rows up
 * @param maxNewTokens most tokens after the start
 * @param progress receives the number of tokens so far after each; may throw {@code CancelledException}
 */
public record TextGeneration(long eosTokenId, long padTokenId, int maxNewTokens, IntConsumer progress) {

	static final Kernels KERNELS = Kernels.load("sampling");

	public TextGeneration {
		if (maxNewTokens < 1) throw new DiffEditException("At least 1 new token must be allowed; got " + maxNewTokens + ".");
	}

	/** The likeliest word at each step, for each row. */
	public long[][] greedy(final TextDecoder decoder, final long[][] start) {
		return oneByOne(decoder, start, scores -> KERNELS.call("best", scores));
	}

	/** Words drawn at random, for each row. */
	public long[][] sample(final TextDecoder decoder, final long[][] start, final Sampling sampling, final Generator generator) {
		return oneByOne(decoder, start, scores -> generator.multinomial(sampling.probabilities(scores)));
	}

	private long[][] oneByOne(final TextDecoder decoder, final long[][] start, final Function<Tensor, Tensor> choice) {
		final int length = start[0].length;
		final long[][] generated = new long[start.length][];
		for (int i = 0; i < generated.length; i++) generated[i] = filled(start[i], length + maxNewTokens);
		final boolean[] ended = new boolean[start.length];
		long[][] fresh = start;
		int at = length;
		while (at < length + maxNewTokens && !all(ended)) {
			final long[] tokens = choose(decoder, fresh, choice);
			fresh = new long[tokens.length][];
			for (int i = 0; i < tokens.length; i++) {
				generated[i][at] = ended[i] ? padTokenId : tokens[i];
				ended[i] |= tokens[i] == eosTokenId;
				fresh[i] = new long[] { generated[i][at] };
			}
			at++;
			progress.accept(at - length);
		}
		for (int i = 0; i < generated.length; i++) generated[i] = Arrays.copyOf(generated[i], at);
		return generated;
	}

	private static long[] choose(final TextDecoder decoder, final long[][] fresh, final Function<Tensor, Tensor> choice) {
		try (Scope scope = Scope.open()) {
			return choice.apply(scores(decoder, fresh)).toLongArray();
		}
	}

	private long[] filled(final long[] start, final int length) {
		final long[] tokens = Arrays.copyOf(start, length);
		Arrays.fill(tokens, start.length, length, padTokenId);
		return tokens;
	}

	private static boolean all(final boolean[] flags) {
		for (final boolean flag : flags) {
			if (!flag) return false;
		}
		return true;
	}

	/**
	 * The likeliest of {@code numBeams} rows followed at once, by mean log-probability of a new token.
	 *
	 * @param decoder with one row
	 */
	public long[] beams(final TextDecoder decoder, final long[] start, final int numBeams) {
		return new BeamSearch(this, numBeams, start).run(decoder);
	}

	/** Log-probabilities of the next word, row by row. */
	static float[] logProbabilities(final TextDecoder decoder, final long[][] fresh) {
		try (Scope scope = Scope.open()) {
			return KERNELS.call("log_softmax", scores(decoder, fresh)).toFloatArray();
		}
	}

	/** Scores of the next word, shape (rows, words), in 32 bits. */
	private static Tensor scores(final TextDecoder decoder, final long[][] fresh) {
		final Tensor scores = KERNELS.call("last", decoder.next(fresh));
		if (!scores.isFinite()) {
			throw new DiffEditException("The language model's numbers overflow in this element type; load it in bfloat16 or float32.");
		}
		return scores;
	}
}
