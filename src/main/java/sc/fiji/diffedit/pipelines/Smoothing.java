package sc.fiji.diffedit.pipelines;

import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A plane of numbers under nearly a Gaussian: three moving averages along each axis, whose variances add up to the Gaussian's (Gwosdek,
 * Grewenig, Bruhn, Weickert: "Theoretical Foundations of Gaussian Convolution by Extended Box Filtering", SSVM 2011). The
 * plane is mirrored beyond its border, so that nothing of it is lost.
 * <p>
 * The time does not depend on how far is smoothed. Columns are smoothed in blocks that fit into a processor's cache, then rows one by one.
 * Blocks and rows are independent, so the result is the same on any number of cores.
 */
final class Smoothing {

	private static final int PASSES = 3, BLOCK = 64;

	/** Of the window whose numbers count in full; those one farther count less. */
	private final int radius;
	private final double inner;
	private final double outer;

	/** @param sigma of the Gaussian in pixels, above 0 */
	Smoothing(final double sigma) {
		final double variance = sigma * sigma / PASSES;
		radius = (int) Math.floor((Math.sqrt(12 * variance + 1) - 1) / 2);
		final int length = 2 * radius + 1;
		final double next = radius + 1.0, part = length * (variance - radius * next / 3) / (2 * (next * next - variance));
		inner = 1 / (length + 2 * part);
		outer = part * inner;
	}

	/** The plane after it, in a new array. */
	float[] of(final float[] plane, final int width, final int height) {
		final float[] result = plane.clone();
		final int[] places = IntStream.range(-radius - 1, height + radius + 1).map(place -> mirrored(place, height)).toArray();
		shared((width + BLOCK - 1) / BLOCK, () -> {
			final double[][][] buffers = new double[2][height][BLOCK];
			return block -> columns(result, width, block * BLOCK, buffers, places);
		});
		shared(height, () -> {
			final double[] row = new double[width], wide = new double[width + 2 * radius + 2];
			return y -> row(result, y * width, row, wide);
		});
		return result;
	}

	/** Does a piece of work for each number below a count, on all cores. @param workers make one with buffers of its own */
	private static void shared(final int count, final Supplier<IntConsumer> workers) {
		final int parts = Math.min(count, Runtime.getRuntime().availableProcessors());
		IntStream.range(0, parts).parallel().forEach(part -> {
			final IntConsumer worker = workers.get();
			for (int i = part; i < count; i += parts) worker.accept(i);
		});
	}

	private static void widen(final float[] plane, final int start, final int count, final double[] row) {
		for (int x = 0; x < count; x++) row[x] = plane[start + x];
	}

	private static void narrow(final double[] row, final int count, final float[] plane, final int start) {
		for (int x = 0; x < count; x++) plane[start + x] = (float) row[x];
	}

	// -- columns --

	/** @param buffers two of a row for each of the plane's, so that the compiler sees that rows are apart and makes vectors of the loops */
	private void columns(final float[] plane, final int width, final int first, final double[][][] buffers, final int[] places) {
		final int count = Math.min(BLOCK, width - first);
		double[][] from = buffers[0], to = buffers[1];
		for (int y = 0; y < from.length; y++) widen(plane, y * width + first, count, from[y]);
		for (int pass = 0; pass < PASSES; pass++) {
			average(from, to, places);
			final double[][] free = from;
			from = to;
			to = free;
		}
		for (int y = 0; y < from.length; y++) narrow(from[y], count, plane, y * width + first);
	}

	/** One moving average along the columns. @param places which row stands where, from radius + 1 above the plane on */
	private void average(final double[][] from, final double[][] to, final int[] places) {
		final int length = 2 * radius + 1;
		final double[] sums = new double[BLOCK];
		for (int i = 1; i <= length; i++) add(from[places[i]], sums);
		for (int y = 0; y < to.length; y++) {
			final double[] after = from[places[y + length + 1]];
			weigh(sums, from[places[y]], after, to[y]);
			move(sums, from[places[y + 1]], after);
		}
	}

	private static void add(final double[] row, final double[] sums) {
		for (int x = 0; x < sums.length; x++) sums[x] += row[x];
	}

	private void weigh(final double[] sums, final double[] before, final double[] after, final double[] to) {
		for (int x = 0; x < to.length; x++) to[x] = inner * sums[x] + outer * (before[x] + after[x]);
	}

	private static void move(final double[] sums, final double[] first, final double[] after) {
		for (int x = 0; x < sums.length; x++) sums[x] += after[x] - first[x];
	}

	// -- rows --

	/** @param wide for the row with what lies beyond its ends */
	private void row(final float[] plane, final int start, final double[] row, final double[] wide) {
		widen(plane, start, row.length, row);
		for (int pass = 0; pass < PASSES; pass++) {
			System.arraycopy(row, 0, wide, radius + 1, row.length);
			for (int i = 0; i <= radius; i++) {
				wide[i] = row[mirrored(i - radius - 1, row.length)];
				wide[radius + 1 + row.length + i] = row[mirrored(row.length + i, row.length)];
			}
			average(wide, row);
		}
		narrow(row, row.length, plane, start);
	}

	private void average(final double[] wide, final double[] row) {
		final int length = 2 * radius + 1;
		double sum = 0;
		for (int i = 1; i <= length; i++) sum += wide[i];
		for (int x = 0; x < row.length; x++) {
			row[x] = inner * sum + outer * (wide[x] + wide[x + length + 1]);
			sum += wide[x + length + 1] - wide[x + 1];
		}
	}

	/** Which of the numbers of a line stands in the place of one beyond its end. */
	private static int mirrored(final int place, final int length) {
		final int within = Math.floorMod(place, 2 * length);
		return Math.min(within, 2 * length - 1 - within);
	}
}
