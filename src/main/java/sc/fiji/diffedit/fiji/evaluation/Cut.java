package sc.fiji.diffedit.fiji.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import ij.process.AutoThresholder;

import sc.fiji.diffedit.fiji.AutoThreshold;
import sc.fiji.diffedit.pipelines.Threshold;

/**
 * Thresholds of one kind, among whose numbers the best is looked for.
 *
 * @param name as forms call them
 * @param thresholds one, or several in ascending order
 */
record Cut(String name, List<Threshold> thresholds) {

	/** All kinds. Fixed values mean little from one image to the next, and are left out. */
	static List<Cut> all() {
		final List<Cut> all = new ArrayList<>();
		all.add(new Cut(Threshold.RATIO, IntStream.rangeClosed(3, 16).<Threshold> mapToObj(i -> new Threshold.Ratio(0.5 * i)).toList()));
		all.add(new Cut(Threshold.TOP, IntStream.rangeClosed(5, 22).<Threshold> mapToObj(i -> new Threshold.Top(0.04 * i)).toList()));
		all.add(new Cut(Threshold.QUANTILE, IntStream.rangeClosed(14, 39).<Threshold> mapToObj(i -> new Threshold.Quantile(0.025 * i)).toList()));
		for (final AutoThresholder.Method method : AutoThresholder.Method.values()) all.add(new Cut(method.name(), List.of(new AutoThreshold(method))));
		return all;
	}
}
