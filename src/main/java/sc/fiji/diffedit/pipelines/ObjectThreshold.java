package sc.fiji.diffedit.pipelines;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Mask;

/**
 * A threshold that whole objects pass or not, by the mean heat inside of each. So the descriptions choose which objects change, and the
 * mask has their own outlines; what lies in no object stays outside.
 *
 * @param threshold what the mean heat of an object must exceed; it is found from all of the heat map
 * @param objects the candidates, at the size of the image
 */
public record ObjectThreshold(Threshold threshold, ObjectLabels objects) implements Threshold {

	@Override
	public double number() {
		return threshold.number();
	}

	@Override
	public double cut(final DifferenceMap map) {
		return threshold.cut(map);
	}

	@Override
	public Threshold through(final double cut, final DifferenceMap map) {
		return new ObjectThreshold(threshold.through(cut, map), objects);
	}

	/** At the size of the image, also where the map is coarser and its values stand for squares of pixels. */
	@Override
	public Mask mask(final DifferenceMap map) {
		final double[] sums = new double[objects.count() + 1];
		final int[] sizes = new int[sums.length], labels = objects.labels();
		final int factor = factor(map);
		for (int y = 0; y < objects.height(); y++) {
			for (int x = 0; x < objects.width(); x++) {
				final int label = labels[y * objects.width() + x];
				sums[label] += map.values()[y / factor * map.width() + x / factor];
				sizes[label]++;
			}
		}
		final double cut = cut(map);
		final float[] inside = new float[labels.length];
		for (int i = 0; i < inside.length; i++) inside[i] = labels[i] > 0 && sums[labels[i]] / sizes[labels[i]] > cut ? 1 : 0;
		return new Mask(objects.width(), objects.height(), inside);
	}

	/** Pixels along the side of a square: autoencoders halve sizes, so it is a power of two. The last squares may reach beyond the image. */
	private int factor(final DifferenceMap map) {
		for (int factor = 1; factor < 2 * Math.max(objects.width(), objects.height()); factor *= 2) {
			if (squares(objects.width(), factor) == map.width() && squares(objects.height(), factor) == map.height()) return factor;
		}
		throw new DiffEditException("The objects are given on " + objects.width() + " x " + objects.height() + " pixels, which do not fit the heat map of " + map.width()
			+ " x " + map.height() + "; give them at the size of the image.");
	}

	private static int squares(final int length, final int factor) {
		return (length + factor - 1) / factor;
	}
}
