package sc.fiji.diffedit.pipelines;

import java.util.stream.IntStream;

import sc.fiji.diffedit.tensor.Picture;

/**
 * The guided filter with a colour guide (He, Sun, Tang: "Guided Image Filtering", ECCV 2010, equations 19 and 20): within each window
 * the result is the linear function of the guide's colours that is nearest to the input, and a pixel takes the mean of its windows.
 * So the result has edges where the guide has edges.
 * <p>
 * At the border windows of the first step are moved into the picture, and not cut as in the paper: a small one between two objects would know
 * little of the background and take their heat for its own. Those of the second step end there. The guide is centred and divided by its spread, so contrast and brightness of the picture do not matter.
 * All sums are in double precision: in single precision those of pictures of low contrast would cancel. Each row costs the same for any
 * radius: sums along columns are updated from row to row, and running sums along the row give those of windows. Bands of rows are
 * independent and of fixed height, so the result is the same on any number of cores.
 */
final class GuidedFilter {

	private static final int BAND = 64;
	private static final double LEAST_SPREAD = 1e-3;
	/** Sums of windows: three colours, input, three colours times input, six products of colours. */
	private static final int SUMS = 13, COEFFICIENTS = 4;

	private final int width;
	private final int height;
	private final int radius;
	private final double epsilon;
	private final float[][] guide;

	/**
	 * @param picture the guide, with three channels
	 * @param radius of windows in pixels; they are 2 radius + 1 wide
	 * @param epsilon how much variance of the guide, whose whole spread is 1, counts as an edge
	 */
	GuidedFilter(final Picture picture, final int radius, final double epsilon) {
		this.width = picture.width();
		this.height = picture.height();
		this.radius = radius;
		this.epsilon = epsilon;
		this.guide = centred(picture);
	}

	private static float[][] centred(final Picture picture) {
		final int plane = picture.width() * picture.height();
		final double[] means = new double[3];
		double variance = 0;
		for (int c = 0; c < 3; c++) {
			double sum = 0, squares = 0;
			for (int i = c * plane; i < (c + 1) * plane; i++) sum += picture.values()[i];
			means[c] = sum / plane;
			for (int i = c * plane; i < (c + 1) * plane; i++) squares += (picture.values()[i] - means[c]) * (picture.values()[i] - means[c]);
			variance += squares / plane;
		}
		final double spread = Math.max(LEAST_SPREAD, Math.sqrt(variance));
		final float[][] planes = new float[3][plane];
		for (int c = 0; c < 3; c++) for (int i = 0; i < plane; i++) planes[c][i] = (float) ((picture.values()[c * plane + i] - means[c]) / spread);
		return planes;
	}

	/** The input in the outlines of the guide. @param input of the guide's size, row by row */
	float[] of(final float[] input) {
		final float[][] linear = new float[COEFFICIENTS][input.length];
		final float[] result = new float[input.length];
		bands((from, to) -> fit(input, linear, from, to));
		bands((from, to) -> apply(linear, result, from, to));
		return result;
	}

	private interface Band {

		void rows(int from, int to);
	}

	/** What becomes of windows that would reach beyond the border. */
	private enum Border {
		/** They end there. */
		CUT,
		/** They are moved into the picture, as far as it is large enough. */
		MOVED;

		/** The first place, of a row or column, that is in the window of another one. */
		int low(final int at, final int radius, final int length) {
			return Math.max(0, (this == CUT ? at : Math.min(at, length - 1 - radius)) - radius);
		}

		/** Where the window ends. */
		int high(final int at, final int radius, final int length) {
			return Math.min(length, (this == CUT ? at : Math.max(at, radius)) + radius + 1);
		}
	}

	private void bands(final Band work) {
		IntStream.range(0, (height + BAND - 1) / BAND).parallel().forEach(band -> work.rows(band * BAND, Math.min(height, (band + 1) * BAND)));
	}

	// -- the linear function of each window --

	private void fit(final float[] input, final float[][] linear, final int from, final int to) {
		final double[][] row = new double[4][width], columns = new double[SUMS][width], means = new double[SUMS][width];
		final double[] running = new double[width + 1];
		for (int y = Border.MOVED.low(from, radius, height); y < Border.MOVED.high(from, radius, height); y++) enter(input, y, 1, row, columns);
		for (int y = from; y < to; y++) {
			final int low = Border.MOVED.low(y, radius, height), high = Border.MOVED.high(y, radius, height);
			if (y > from && high > Border.MOVED.high(y - 1, radius, height)) enter(input, high - 1, 1, row, columns);
			if (y > from && low > Border.MOVED.low(y - 1, radius, height)) enter(input, low - 1, -1, row, columns);
			for (int k = 0; k < SUMS; k++) windowMeans(columns[k], Border.MOVED, high - low, running, means[k]);
			for (int x = 0; x < width; x++) solve(means, x, linear, y * width + x);
		}
	}

	/** Adds a row to the sums of columns, or takes it away. */
	private void enter(final float[] input, final int y, final int sign, final double[][] row, final double[][] columns) {
		final int start = y * width;
		for (int c = 0; c < 3; c++) for (int x = 0; x < width; x++) row[c][x] = guide[c][start + x];
		for (int x = 0; x < width; x++) row[3][x] = input[start + x];
		int k = 0;
		for (int c = 0; c < 4; c++) add(columns[k++], row[c], sign);
		for (int c = 0; c < 3; c++) for (int d = 3; d >= c; d--) add(columns[k++], row[c], row[d], sign);
	}

	private static void add(final double[] sums, final double[] values, final double sign) {
		for (int x = 0; x < sums.length; x++) sums[x] += sign * values[x];
	}

	private static void add(final double[] sums, final double[] a, final double[] b, final double sign) {
		for (int x = 0; x < sums.length; x++) sums[x] += sign * a[x] * b[x];
	}

	private void windowMeans(final double[] columns, final Border border, final int rows, final double[] running, final double[] means) {
		double sum = 0;
		for (int x = 0; x < width; x++) {
			sum += columns[x];
			running[x + 1] = sum;
		}
		for (int x = 0; x < width; x++) {
			final int low = border.low(x, radius, width), high = border.high(x, radius, width);
			means[x] = (running[high] - running[low]) / (rows * (high - low));
		}
	}

	/** Coefficients of the colours and a constant: {@code (covariance + epsilon)^-1} times the covariance with the input. */
	private void solve(final double[][] m, final int x, final float[][] linear, final int at) {
		final double r = m[0][x], g = m[1][x], b = m[2][x], p = m[3][x];
		final double rp = m[4][x] - r * p, rb = m[5][x] - r * b, rg = m[6][x] - r * g, rr = m[7][x] - r * r + epsilon;
		final double gp = m[8][x] - g * p, gb = m[9][x] - g * b, gg = m[10][x] - g * g + epsilon;
		final double bp = m[11][x] - b * p, bb = m[12][x] - b * b + epsilon;
		final double i00 = gg * bb - gb * gb, i01 = rb * gb - rg * bb, i02 = rg * gb - rb * gg;
		final double i11 = rr * bb - rb * rb, i12 = rb * rg - rr * gb, i22 = rr * gg - rg * rg;
		final double one = 1 / (rr * i00 + rg * i01 + rb * i02);
		final double a0 = (i00 * rp + i01 * gp + i02 * bp) * one, a1 = (i01 * rp + i11 * gp + i12 * bp) * one, a2 = (i02 * rp + i12 * gp + i22 * bp) * one;
		linear[0][at] = (float) a0;
		linear[1][at] = (float) a1;
		linear[2][at] = (float) a2;
		linear[3][at] = (float) (p - a0 * r - a1 * g - a2 * b);
	}

	// -- the mean of all windows --

	private void apply(final float[][] linear, final float[] result, final int from, final int to) {
		final double[][] columns = new double[COEFFICIENTS][width], means = new double[COEFFICIENTS][width];
		final double[] running = new double[width + 1];
		for (int y = Border.CUT.low(from, radius, height); y < Border.CUT.high(from, radius, height); y++) enter(linear, y, 1, columns);
		for (int y = from; y < to; y++) {
			final int low = Border.CUT.low(y, radius, height), high = Border.CUT.high(y, radius, height);
			if (y > from && high > Border.CUT.high(y - 1, radius, height)) enter(linear, high - 1, 1, columns);
			if (y > from && low > Border.CUT.low(y - 1, radius, height)) enter(linear, low - 1, -1, columns);
			for (int k = 0; k < COEFFICIENTS; k++) windowMeans(columns[k], Border.CUT, high - low, running, means[k]);
			for (int x = 0; x < width; x++) {
				final int at = y * width + x;
				result[at] = (float) (means[0][x] * guide[0][at] + means[1][x] * guide[1][at] + means[2][x] * guide[2][at] + means[3][x]);
			}
		}
	}

	private void enter(final float[][] linear, final int y, final int sign, final double[][] columns) {
		for (int k = 0; k < COEFFICIENTS; k++) {
			final double[] sums = columns[k];
			final float[] values = linear[k];
			for (int x = 0; x < width; x++) sums[x] += sign * values[y * width + x];
		}
	}
}
