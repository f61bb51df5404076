package sc.fiji.diffedit.fiji.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import sc.fiji.diffedit.pipelines.MaskRefinement;
import sc.fiji.diffedit.pipelines.MaskSource;
import sc.fiji.diffedit.tensor.Overlap;

/**
 * How one way to make masks did: for each number of its threshold the overlap with the truth of every sample.
 *
 * @param heat how its heat map did, whatever the threshold
 * @param cut the kind of threshold
 * @param overlaps by threshold, then by sample
 */
record MaskScore(MaskSource source, MaskRefinement refinement, HeatScore heat, Cut cut, List<List<Overlap>> overlaps) {

	/**
	 * The figures of a heat map.
	 *
	 * @param averagePrecision of each sample
	 * @param costs of each sample
	 */
	record HeatScore(List<Double> averagePrecision, List<Cost> costs) {}

	/** Their columns. */
	static final List<String> HEADINGS = List.of("heat map", "refinement", "threshold", "IoU", "in pairs", "Dice", "precision", "seconds", "MB resident", "numbers of the halves");

	/**
	 * The overlap of each sample at the number that is best on average over the other half of the samples (every second one), so that
	 * no sample has a part in the choice of its own setting.
	 */
	private List<Overlap> crossValidated() {
		final int[] chosen = { best(1), best(0) };
		final List<Overlap> values = new ArrayList<>();
		for (int sample = 0; sample < samples(); sample++) values.add(overlaps.get(chosen[sample % 2]).get(sample));
		return values;
	}

	/** IoU of each sample, with a number that is chosen on the other half of them. */
	List<Double> iou() {
		return crossValidated().stream().map(Overlap::iou).toList();
	}

	Mean meanIou() {
		return Mean.of(iou());
	}

	private int samples() {
		return overlaps.get(0).size();
	}

	/** Index of the threshold that is best for one half of the samples, or for all if there are too few. */
	private int best(final int half) {
		int best = 0;
		for (int i = 1; i < overlaps.size(); i++) if (mean(i, half) > mean(best, half)) best = i;
		return best;
	}

	private double mean(final int threshold, final int half) {
		double sum = 0;
		int count = 0;
		for (int sample = 0; sample < samples(); sample++) {
			if (samples() > 1 && sample % 2 != half) continue;
			sum += overlaps.get(threshold).get(sample).iou();
			count++;
		}
		return sum / count;
	}

	/** @param usual with which it is compared, sample by sample */
	List<String> row(final MaskScore usual) {
		final List<Double> mine = iou(), other = usual.iou(), differences = new ArrayList<>();
		for (int i = 0; i < mine.size(); i++) differences.add(mine.get(i) - other.get(i));
		return List.of(source.word(), refinement.word(), cut.name(), meanIou().toString(), this == usual ? "" : Mean.of(differences).toString(),
			Mean.of(crossValidated().stream().map(Overlap::dice).toList()).toString(), Mean.of(heat.averagePrecision).toString(),
			String.format(Locale.ROOT, "%.2f", Mean.of(heat.costs.stream().map(Cost::seconds).toList()).mean()), megabytes(), numbers());
	}

	private String megabytes() {
		final double most = heat.costs.stream().mapToDouble(Cost::resident).max().orElse(Double.NaN);
		return Double.isNaN(most) ? "-" : String.valueOf(Math.round(most / 1e6));
	}

	private String numbers() {
		return cut.thresholds().size() == 1 ? "" : text(cut.thresholds().get(best(1)).number()) + " and " + text(cut.thresholds().get(best(0)).number());
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
		json.put("iou", iou());
		json.put("dice", crossValidated().stream().map(Overlap::dice).toList());
		json.put("averagePrecision", heat.averagePrecision);
		json.put("seconds", heat.costs.stream().map(Cost::seconds).toList());
		return json;
	}
}
