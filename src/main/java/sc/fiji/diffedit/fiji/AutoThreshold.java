package sc.fiji.diffedit.fiji;

import java.util.Arrays;

import ij.process.AutoThresholder;
import ij.process.FloatProcessor;

import sc.fiji.diffedit.pipelines.DifferenceMap;
import sc.fiji.diffedit.pipelines.Threshold;

/**
 * A threshold that ImageJ finds from the histogram of the heat map, as {@code Image > Adjust > Threshold...} does for an image of 32 bits
 * with a dark background.
 *
 * @param method as that dialog calls it, such as Otsu
 */
public record AutoThreshold(AutoThresholder.Method method) implements Threshold {

	/**
	 * A threshold by its name in forms and macros.
	 *
	 * @param method of ImageJ, or a name that {@link Threshold#named} knows
	 * @throws sc.fiji.diffedit.DiffEditException if there is none of this name, or the number does not suit it
	 */
	public static Threshold named(final String method, final double level, final double ratio) {
		final String word = method.strip();
		return Arrays.stream(AutoThresholder.Method.values()).filter(known -> known.name().equalsIgnoreCase(word)).findFirst().<Threshold> map(AutoThreshold::new)
			.orElseGet(() -> Threshold.named(word, level, ratio));
	}

	@Override
	public double cut(final DifferenceMap map) {
		final FloatProcessor plane = new FloatProcessor(map.width(), map.height(), map.values());
		if (plane.getMin() == plane.getMax()) return plane.getMax();        // of equal values ImageJ would take all as inside
		plane.setAutoThreshold(method.name() + " dark");
		return Math.nextDown(plane.getMinThreshold());                      // ImageJ takes the threshold itself as inside
	}
}
