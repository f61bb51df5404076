package sc.fiji.diffedit.fiji.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import sc.fiji.diffedit.pipelines.MaskRefinement;
import sc.fiji.diffedit.pipelines.MaskSource;

/**
 * How one way to make masks did: for each number of its threshold the IoU of every sample.
 *
 * @param cut the kind of threshold
 * @param iou by threshold, then by sample
 */
record MaskScore(MaskSource source, MaskRefinement refinement, Cut cut, List<List<Double>> iou) {

	/**
	 * The IoU of each sample at the number that is best on average over the other half of the samples (every second one), so that no
	 * sample has a part in the choice of its own setting.
	 */
	List<Double> crossValidated() {
		final int[] chosen = { best(1), best(0) };
		final List<Double> values = new ArrayList<>();
		for (int sample = 0; sample < samples(); sample++) values.add(iou.get(chosen[sample % 2]).get(sample));
		return values;
	}

	private int samples() {
		return iou.get(0).size();
	}

	/** Index of the threshold that is best for one half of the samples, or for all if there are too few. */
	private int best(final int half) {
		int best = 0;
		for (int i = 1; i < iou.size(); i++) if (mean(i, half) > mean(best, half)) best = i;
		return best;
	}

	private double mean(final int threshold, final int half) {
		double sum = 0;
		int count = 0;
		for (int sample = 0; sample < samples(); sample++) {
			if (samples() > 1 && sample % 2 != half) continue;
			sum += iou.get(threshold).get(sample);
			count++;
		}
		return sum / count;
	}

	String line() {
		final String numbers = cut.thresholds().size() == 1 ? "" : "  at " + text(cut.thresholds().get(best(1)).number()) + " and " + text(cut.thresholds().get(best(0)).number());
		return String.format("%-26s %-14s %-13s IoU %s%s", source.word(), refinement.word(), cut.name(), Mean.of(crossValidated()), numbers);
	}

	private static String text(final double number) {
		return String.valueOf(Math.rint(1000 * number) / 1000);
	}

	Map<String, Object> json() {
		final Map<String, Object> json = new LinkedHashMap<>();
		json.put("maskSource", source.word());
		json.put("maskRefinement", refinement.word());
		json.put("threshold", cut.name());
		json.put("numbersOfHalves", cut.thresholds().size() == 1 ? List.of() : List.of(cut.thresholds().get(best(1)).number(), cut.thresholds().get(best(0)).number()));
		json.put("iou", crossValidated());
		return json;
	}
}
