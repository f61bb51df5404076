package sc.fiji.diffedit.tensor;

import java.util.function.DoubleUnaryOperator;

/**
 * Filters that bring 8-bit planes to another size, with the very numbers of {@code Image.resize} of Pillow 13: two passes in
 * fixed point with 22 bits, rounded to 8 bits after each, and filters that widen when the picture shrinks.
 */
public enum Resampling {
	/** The pixel below the middle of the new one. */
	NEAREST(0, null),
	/** Equal weights. */
	BOX(0.5, x -> x > -0.5 && x <= 0.5 ? 1 : 0),
	BILINEAR(1, x -> Math.max(0, 1 - Math.abs(x))),
	/** Keys' cubic with a = -0.5. */
	BICUBIC(2, Resampling::cubic),
	/** Sinc under a window of three lobes: what diffusers brings images to size with. */
	LANCZOS(3, x -> x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0);

	private static final int PRECISION_BITS = 22;

	private final double support;
	private final DoubleUnaryOperator filter;

	Resampling(final double support, final DoubleUnaryOperator filter) {
		this.support = support;
		this.filter = filter;
	}

	private static double cubic(final double distance) {
		final double a = -0.5;
		final double x = Math.abs(distance);
		if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
		return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
	}

	private static double sinc(final double x) {
		return x == 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
	}

	/**
	 * Brings a part of a plane to a size.
	 *
	 * @param plane unsigned bytes, row by row
	 * @param x1 left edge of the part; parts may begin between pixels and may be empty
	 * @param x2 right edge, {@code y1} upper edge, {@code y2} lower edge
	 */
	byte[] resize(final byte[] plane, final int width, final int height, final int newWidth, final int newHeight,
		final double x1, final double y1, final double x2, final double y2)
	{
		if (filter == null) return nearest(plane, width, height, newWidth, newHeight, x1, y1, x2, y2);
		final boolean across = newWidth != width || x1 != 0 || x2 != newWidth;
		final boolean down = newHeight != height || y1 != 0 || y2 != newHeight;
		byte[] result = plane;
		if (isVerticalFirst(width - newWidth, height - newHeight)) {
			if (down) result = columns(result, width, newHeight, new Weights(height, newHeight, y1, y2));
			if (across) result = rows(result, width, newHeight, new Weights(width, newWidth, x1, x2));
		}
		else {
			if (across) result = rows(result, width, height, new Weights(width, newWidth, x1, x2));
			if (down) result = columns(result, newWidth, newHeight, new Weights(height, newHeight, y1, y2));
		}
		return result == plane ? plane.clone() : result;
	}

	/** Pillow 13 begins with the columns where that saves work; the order shows in the rounding. */
	private static boolean isVerticalFirst(final int narrower, final int shorter) {
		return shorter > 0 && shorter > 2 * narrower;
	}

	private static byte[] nearest(final byte[] plane, final int width, final int height, final int newWidth, final int newHeight,
		final double x1, final double y1, final double x2, final double y2)
	{
		final int[] columns = steps(newWidth, width, x1, (x2 - x1) / newWidth);
		final int[] rows = steps(newHeight, height, y1, (y2 - y1) / newHeight);
		final byte[] result = new byte[newWidth * newHeight];
		for (int y = 0; y < newHeight; y++) {
			for (int x = 0; x < newWidth; x++) result[y * newWidth + x] = plane[rows[y] * width + columns[x]];
		}
		return result;
	}

	/** Positions are added up, not multiplied: Pillow's rounding on the way decides between two pixels. */
	private static int[] steps(final int count, final int limit, final double start, final double step) {
		final int[] positions = new int[count];
		double position = start + step * 0.5;
		for (int i = 0; i < count; i++, position += step) positions[i] = Math.min(limit - 1, (int) position);
		return positions;
	}

	private static byte[] rows(final byte[] plane, final int width, final int height, final Weights weights) {
		final int newWidth = weights.first.length;
		final byte[] result = new byte[newWidth * height];
		for (int y = 0; y < height; y++) {
			for (int x = 0; x < newWidth; x++) {
				result[y * newWidth + x] = weights.sum(plane, y * width, 1, x);
			}
		}
		return result;
	}

	private static byte[] columns(final byte[] plane, final int width, final int newHeight, final Weights weights) {
		final byte[] result = new byte[width * newHeight];
		for (int y = 0; y < newHeight; y++) {
			for (int x = 0; x < width; x++) result[y * width + x] = weights.sum(plane, x, width, y);
		}
		return result;
	}

	/** For each new position the first old one that it sees, and the weights from there on in fixed point. */
	private final class Weights {

		private final int[] first;
		private final int[][] weights;

		Weights(final int size, final int newSize, final double from, final double to) {
			final double scale = (to - from) / newSize;
			final double widening = Math.max(scale, 1);
			final double reach = support * widening;
			first = new int[newSize];
			weights = new int[newSize][];
			for (int i = 0; i < newSize; i++) {
				final double centre = from + (i + 0.5) * scale;
				first[i] = Math.max(0, (int) (centre - reach + 0.5));
				final int end = Math.min(size, (int) (centre + reach + 0.5));
				weights[i] = fixed(first[i] - centre + 0.5, end - first[i], 1 / widening);
			}
		}

		private int[] fixed(final double offset, final int count, final double scale) {
			final double[] exact = new double[count];
			double sum = 0;
			for (int i = 0; i < count; i++) sum += exact[i] = filter.applyAsDouble((i + offset) * scale);
			final int[] rounded = new int[count];
			for (int i = 0; i < count; i++) {
				final double weight = (sum == 0 ? exact[i] : exact[i] / sum) * (1 << PRECISION_BITS);
				rounded[i] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
			}
			return rounded;
		}

		byte sum(final byte[] plane, final int start, final int stride, final int position) {
			final int[] own = weights[position];
			int sum = 1 << PRECISION_BITS - 1;
			int at = start + first[position] * stride;
			for (int i = 0; i < own.length; i++, at += stride) sum += (plane[at] & 255) * own[i];
			return (byte) Math.max(0, Math.min(255, sum >> PRECISION_BITS));
		}
	}
}
