package sc.fiji.diffedit.pipelines;

import java.util.HashMap;
import java.util.Map;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;

/**
 * Objects that were outlined before, by a segmenter or by hand: candidates among which a heat map chooses.
 *
 * @param width of the image in pixels
 * @param height of it
 * @param labels row by row: 0 where there is no object, else the object's number from 1 to {@code count}; the array is not copied
 * @param count of objects
 */
public record ObjectLabels(int width, int height, int[] labels, int count) {

	/** @throws DiffEditException if there is not one label for each pixel, or one is out of its range */
	public ObjectLabels {
		if (labels.length != width * height) {
			throw new DiffEditException(Counted.there(labels.length, "label") + " for " + width + " x " + height + " pixels; give one for each pixel.");
		}
		for (final int label : labels) {
			if (label < 0 || label > count) throw new DiffEditException("A label is " + label + ", but there are " + Counted.of(count, "object") + "; number them from 1.");
		}
	}

	/**
	 * The objects of a label image.
	 *
	 * @param pixels row by row: the pixels of an object have the same number; 0 and NaN are outside of all
	 */
	public static ObjectLabels of(final int width, final int height, final float[] pixels) {
		final Map<Float, Integer> numbers = new HashMap<>();
		final int[] labels = new int[pixels.length];
		for (int i = 0; i < pixels.length; i++) {
			if (pixels[i] == 0 || Float.isNaN(pixels[i])) continue;
			labels[i] = i > 0 && pixels[i] == pixels[i - 1] ? labels[i - 1] : numbers.computeIfAbsent(pixels[i], value -> numbers.size() + 1);
		}
		return new ObjectLabels(width, height, labels, numbers.size());
	}
}
