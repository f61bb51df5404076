package sc.fiji.diffedit.fiji;

import java.util.Arrays;

/**
 * The finite pixels of a plane in rising order, of a large plane evenly spaced ones. Whole numbers of up to 16 bits are counted, so that
 * they take 256 KB however large the plane is; others are sorted.
 */
abstract class RankedPixels {

	/** More pixels than this are sampled: every second, third, ... pixel. */
	private static final long SAMPLE = 1 << 22;
	private static final int COUNTED = 1 << 16;

	static RankedPixels of(final Plane plane) {
		final long size = (long) plane.width() * plane.height(), step = (size + SAMPLE - 1) / SAMPLE;
		final int count = (int) ((size + step - 1) / step);
		return plane.isWhole() && plane.most() - plane.least() < COUNTED ? new Counted(plane, step, count) : new Sorted(plane, step, count);
	}

	private static double pixel(final Plane plane, final long place) {
		return plane.get((int) (place % plane.width()), (int) (place / plane.width()));
	}

	/** How many there are. */
	abstract int count();

	/** The one that this many are smaller than or equal to. @param rank from 0 to less than {@link #count} */
	abstract double at(int rank);

	/** A percentile in [0, 100], with linear interpolation, as numpy. There is at least one pixel. */
	final double percentile(final double percent) {
		final double place = percent / 100 * (count() - 1);
		final int below = (int) Math.floor(place);
		final int above = Math.min(below + 1, count() - 1);
		return at(below) + (place - below) * (at(above) - at(below));
	}

	private static final class Counted extends RankedPixels {

		private final int[] counts = new int[COUNTED];
		private final double least;
		private final int count;

		Counted(final Plane plane, final long step, final int count) {
			least = plane.least();
			this.count = count;
			for (int i = 0; i < count; i++) counts[(int) (pixel(plane, i * step) - least)]++;
		}

		@Override
		int count() {
			return count;
		}

		@Override
		double at(final int rank) {
			int value = 0;
			for (int smaller = counts[0]; smaller <= rank; smaller += counts[++value]);
			return least + value;
		}
	}

	private static final class Sorted extends RankedPixels {

		private final double[] sorted;
		private final int count;

		Sorted(final Plane plane, final long step, final int size) {
			sorted = new double[size];
			int finite = 0;
			for (int i = 0; i < size; i++) {
				final double value = pixel(plane, i * step);
				if (Double.isFinite(value)) sorted[finite++] = value;
			}
			count = finite;
			Arrays.sort(sorted, 0, count);
		}

		@Override
		int count() {
			return count;
		}

		@Override
		double at(final int rank) {
			return sorted[rank];
		}
	}
}
