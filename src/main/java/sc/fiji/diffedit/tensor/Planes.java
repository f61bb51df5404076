package sc.fiji.diffedit.tensor;

import java.util.Arrays;

/** Arithmetic on planes of numbers, row by row. */
public final class Planes {

	private Planes() {}

	/** Linear interpolation between the centres of pixels, as {@code torch.nn.functional.interpolate} without aligned corners. */
	public static float[] linear(final float[] from, final int width, final int height, final int newWidth, final int newHeight) {
		final float[] to = new float[newWidth * newHeight];
		final double[][] rows = new double[height][];
		for (int y = 0; y < newHeight; y++) {
			final double py = Math.max(0, (y + 0.5) * height / newHeight - 0.5);
			final int y0 = (int) py, y1 = Math.min(y0 + 1, height - 1);
			if (rows[y0] == null) rows[y0] = row(from, y0 * width, width, newWidth);
			if (rows[y1] == null) rows[y1] = row(from, y1 * width, width, newWidth);
			final double[] upper = rows[y0], lower = rows[y1];
			final double part = py - y0;
			for (int x = 0; x < newWidth; x++) to[y * newWidth + x] = (float) mix(upper[x], lower[x], part);
		}
		return to;
	}

	private static double[] row(final float[] from, final int start, final int width, final int newWidth) {
		final double[] row = new double[newWidth];
		for (int x = 0; x < newWidth; x++) {
			final double px = Math.max(0, (x + 0.5) * width / newWidth - 0.5);
			final int x0 = (int) px, x1 = Math.min(x0 + 1, width - 1);
			row[x] = mix(from[start + x0], from[start + x1], px - x0);
		}
		return row;
	}

	/** Each number as often as needed, taken from the nearest place. */
	public static float[] nearest(final float[] from, final int width, final int height, final int newWidth, final int newHeight) {
		final float[] to = new float[newWidth * newHeight];
		for (int y = 0; y < newHeight; y++) {
			final int row = (int) ((y + 0.5) * height / newHeight) * width;
			for (int x = 0; x < newWidth; x++) to[y * newWidth + x] = from[row + (int) ((x + 0.5) * width / newWidth)];
		}
		return to;
	}

	/** The upper left part of a plane. @param rowLength columns of the whole plane */
	public static float[] cropped(final float[] from, final int rowLength, final int width, final int height) {
		if (rowLength == width && from.length == width * height) return from;
		final float[] part = new float[width * height];
		for (int y = 0; y < height; y++) System.arraycopy(from, y * rowLength, part, y * width, width);
		return part;
	}

	private static double mix(final double a, final double b, final double part) {
		return a + part * (b - a);
	}

	/**
	 * The squared distance of each pixel to the nearest pixel that is 0; infinite when none is. Two passes over rows and
	 * columns (Felzenszwalb and Huttenlocher, Distance Transforms of Sampled Functions, 2012).
	 */
	public static double[] squaredDistanceToZero(final float[] values, final int width, final int height) {
		final double[] distance = new double[values.length];
		for (int i = 0; i < values.length; i++) distance[i] = values[i] == 0 ? 0 : Double.POSITIVE_INFINITY;
		for (int x = 0; x < width; x++) along(distance, x, width, height);
		for (int y = 0; y < height; y++) along(distance, y * width, 1, width);
		return distance;
	}

	/** The lower envelope of parabolas standing on each number of one line. */
	private static void along(final double[] plane, final int start, final int step, final int count) {
		final double[] line = new double[count];
		for (int i = 0; i < count; i++) line[i] = plane[start + i * step];
		final int[] feet = new int[count];
		final double[] from = new double[count + 1];
		int last = -1;
		for (int q = 0; q < count; q++) {
			if (line[q] == Double.POSITIVE_INFINITY) continue;
			double crossing = Double.NEGATIVE_INFINITY;
			while (last >= 0) {
				final int p = feet[last];
				crossing = (line[q] + (double) q * q - line[p] - (double) p * p) / (2.0 * (q - p));
				if (crossing > from[last]) break;
				last--;
			}
			last++;
			feet[last] = q;
			from[last] = last == 0 ? Double.NEGATIVE_INFINITY : crossing;
		}
		if (last < 0) return;
		Arrays.fill(from, last + 1, count + 1, Double.POSITIVE_INFINITY);
		for (int i = 0, k = 0; i < count; i++) {
			while (from[k + 1] < i) k++;
			final double away = i - feet[k];
			plane[start + i * step] = away * away + line[feet[k]];
		}
	}
}
