package sc.fiji.diffedit.demo;

import java.util.stream.IntStream;

import sc.fiji.diffedit.pipelines.DifferenceMap;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Overlap;
import sc.fiji.diffedit.tensor.Planes;

/**
 * How good a mask and the heat map behind it are.
 *
 * @param iou intersection over union, in [0, 1]
 * @param dice twice the intersection over the sum of both, in [0, 1]
 * @param averagePrecision mean precision over all thresholds of the heat map, weighted by the recall that each adds, in [0, 1]
 */
public record MaskFigures(double iou, double dice, double averagePrecision) {

	/**
	 * Judges a mask.
	 *
	 * @param mask at any resolution that divides the truth's
	 * @param map the heat map behind it
	 */
	public static MaskFigures of(final Mask mask, final DifferenceMap map, final Mask truth) {
		final Overlap overlap = Overlap.of(mask, truth);
		return new MaskFigures(overlap.iou(), overlap.dice(), averagePrecision(Planes.nearest(map.values(), map.width(), map.height(), truth.width(), truth.height()), truth));
	}

	private static double averagePrecision(final float[] heat, final Mask truth) {
		final int[] hottestFirst = IntStream.range(0, heat.length).boxed().sorted((a, b) -> Float.compare(heat[b], heat[a])).mapToInt(Integer::intValue).toArray();
		double sum = 0;
		int found = 0, before = 0;
		for (int i = 0; i < hottestFirst.length; i++) {
			if (truth.values()[hottestFirst[i]] >= 0.5f) found++;
			final boolean isLastOfLevel = i + 1 == hottestFirst.length || heat[hottestFirst[i + 1]] != heat[hottestFirst[i]];
			if (!isLastOfLevel) continue;
			sum += (double) (found - before) * found / (i + 1);
			before = found;
		}
		return found == 0 ? 1 : sum / found;
	}
}
