package sc.fiji.diffedit.models;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * How the next word is drawn (transformers {@code logits_process.py}): scores are divided by the temperature, then all but
 * the {@code topK} best fall away, then all but the fewest best that together have {@code topP} of the probability.
 *
 * @param temperature above 0; below 1 likely words become likelier
 * @param topK number of words to choose among; 0 for all
 * @param topP probability to choose within, above 0; 1 for all
 */
public record Sampling(double temperature, int topK, double topP) {

	/** As in the guide to DiffEdit: temperature 0.8, the 10 best words. */
	public static final Sampling DEFAULTS = new Sampling(0.8, 10, 1);

	public Sampling {
		if (!(temperature > 0) || topK < 0 || !(topP > 0 && topP <= 1)) {
			throw new DiffEditException("Words cannot be drawn with temperature " + temperature + ", top k " + topK + " and top p " + topP
				+ "; temperature is above 0, top k at least 0, top p above 0 and at most 1.");
		}
	}

	/** Probabilities of the next word. Scores and result have the shape (rows, words). */
	public Tensor probabilities(final Tensor scores) {
		return TextGeneration.KERNELS.call("probabilities", scores, temperature, topK, topP);
	}
}
