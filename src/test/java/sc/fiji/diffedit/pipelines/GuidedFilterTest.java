package sc.fiji.diffedit.pipelines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import sc.fiji.diffedit.tensor.Picture;

/** The guided filter against its definition, window by window; {@code RefinedMaskTest} has numbers of numpy. */
class GuidedFilterTest {

	private static final double EPSILON = 0.03;

	private static Picture random(final int width, final int height, final float contrast) {
		final Random random = new Random(5);
		final float[] values = new float[3 * width * height];
		for (int i = 0; i < values.length; i++) values[i] = 0.4f + contrast * random.nextFloat();
		return new Picture(width, height, 3, values);
	}

	private static float[] input(final int count) {
		final Random random = new Random(6);
		final float[] values = new float[count];
		for (int i = 0; i < count; i++) values[i] = 3 * random.nextFloat();
		return values;
	}

	/** More than one band of rows, windows larger than the picture, and one of a single pixel. */
	@ParameterizedTest
	@CsvSource({ "9, 7, 2", "6, 150, 5", "5, 4, 24", "1, 1, 3", "17, 3, 0" })
	void eachPixelIsTheMeanOfTheLinearFunctionsOfItsWindows(final int width, final int height, final int radius) {
		final Picture guide = random(width, height, 0.5f);
		final float[] input = input(width * height);
		assertArrayEquals(slow(guide, input, radius), new GuidedFilter(guide, radius, EPSILON).of(input), 1e-5f);
	}

	@Test
	void contrastAndBrightnessOfTheGuideDoNotMatter() {
		final float[] input = input(40 * 30);
		assertArrayEquals(new GuidedFilter(random(40, 30, 0.5f), 6, EPSILON).of(input), new GuidedFilter(random(40, 30, 0.05f), 6, EPSILON).of(input), 2e-3f);
	}

	@Test
	void aGuideWithoutOutlinesGivesMeansOfMeans() {
		final float[] filtered = new GuidedFilter(random(30, 20, 0), 50, EPSILON).of(input(600));
		double mean = 0;
		for (final float value : input(600)) mean += value / 600.0;
		for (final float value : filtered) assertEquals(mean, value, 1e-5);
	}

	@Test
	void theResultHasTheEdgeOfTheGuide() {
		final float[] values = new float[3 * 40 * 40], input = new float[40 * 40];
		for (int i = 0; i < values.length; i++) values[i] = i % 40 < 20 ? 0.2f : 0.3f;
		for (int i = 0; i < input.length; i++) input[i] = Math.min(1, Math.max(0, (i % 40 - 10) / 20f));
		final float[] filtered = new GuidedFilter(new Picture(40, 40, 3, values), 8, EPSILON).of(input);
		assertTrue(filtered[20 * 40 + 20] - filtered[20 * 40 + 19] > 0.3, "a ramp has become a step: " + (filtered[20 * 40 + 20] - filtered[20 * 40 + 19]));
	}

	/** Windows over the whole picture would know colours only, and not which of two equal objects is meant. */
	@Test
	void inASmallPictureTheMaskIsOneOfTwoEqualObjects() {
		final int size = 40, factor = 4;
		final float[] values = new float[3 * size * size], heat = new float[size * size / factor / factor];
		for (int i = 0; i < values.length; i++) values[i] = isWithin(i, size, 8, 16) || isWithin(i, size, 24, 32) ? 0.9f : 0.1f;
		for (int i = 0; i < heat.length; i++) heat[i] = isWithin(i, size / factor, 2, 4) ? 1 : 0.05f;
		final DifferenceMap refined = new Guide(new Picture(size, size, 3, values), factor).refined(new DifferenceMap(size / factor, size / factor, heat));
		final float[] mask = Threshold.Top.USUAL.mask(refined).values();
		for (int i = 0; i < mask.length; i++) assertEquals(isWithin(i, size, 8, 16) ? 1 : 0, mask[i], "pixel " + i % size + ", " + i / size);
	}

	/** Windows that are cut at the border hold little but the two filaments and the heat around them: there it passed for heat of the background. */
	@Test
	void theEmptyPlaceBetweenTwoFilamentsAtTheBorderIsOutside() {
		final int size = 96, factor = 4;
		final float[] values = new float[3 * size * size], heat = new float[size * size / factor / factor];
		for (int i = 0; i < values.length; i++) values[i] = !isFilament(i, size) ? 0.05f : i / (size * size) == 1 ? 0.8f : 0.1f;
		for (int i = 0; i < heat.length; i++) heat[i] = filamentHeat(i % (size / factor), i / (size / factor));
		final DifferenceMap refined = new Guide(new Picture(size, size, 3, values), factor).refined(new DifferenceMap(size / factor, size / factor, heat));
		final float[] mask = Threshold.Top.USUAL.mask(refined).values();
		for (int i = 0; i < mask.length; i++) assertEquals(isFilament(i, size) ? 1 : 0, mask[i], "pixel " + i % size + ", " + i / size);
	}

	/** Two of them, 4 pixels wide and 32 long, from the upper border downwards. */
	private static boolean isFilament(final int i, final int size) {
		final int x = i % size, y = i / size % size;
		return y < 32 && (x >= 28 && x < 32 || x >= 64 && x < 68);
	}

	/** As blurred as a model leaves it. */
	private static float filamentHeat(final int x, final int y) {
		if (y >= 8 || x < 6 || x > 17) return 0.05f;
		return x == 7 || x == 16 ? 1 : 0.75f;
	}

	/** Whether a pixel is in the square from a corner on the diagonal to before another one. */
	private static boolean isWithin(final int i, final int size, final int from, final int to) {
		final int x = i % size, y = i / size % size;
		return x >= from && x < to && y >= from && y < to;
	}

	/** Equations 19 and 20 of the paper, but windows of the first are moved into the picture. */
	private static float[] slow(final Picture guide, final float[] input, final int radius) {
		final int width = guide.width(), height = guide.height();
		final double[][] colours = centred(guide);
		final double[][] linear = new double[4][input.length];
		for (int i = 0; i < input.length; i++) fit(colours, input, width, height, i, radius, linear);
		final float[] result = new float[input.length];
		for (int i = 0; i < input.length; i++) {
			double sum = 0;
			final int[] window = window(width, height, i, radius);
			for (final int k : window) sum += linear[3][k] + linear[0][k] * colours[0][i] + linear[1][k] * colours[1][i] + linear[2][k] * colours[2][i];
			result[i] = (float) (sum / window.length);
		}
		return result;
	}

	private static double[][] centred(final Picture guide) {
		final int plane = guide.width() * guide.height();
		final double[][] colours = new double[3][plane];
		double variance = 0;
		for (int c = 0; c < 3; c++) {
			double mean = 0;
			for (int i = 0; i < plane; i++) mean += guide.values()[c * plane + i] / (double) plane;
			for (int i = 0; i < plane; i++) colours[c][i] = guide.values()[c * plane + i] - mean;
			for (int i = 0; i < plane; i++) variance += colours[c][i] * colours[c][i] / plane;
		}
		final double spread = Math.max(1e-3, Math.sqrt(variance));
		for (final double[] colour : colours) for (int i = 0; i < plane; i++) colour[i] /= spread;
		return colours;
	}

	private static int[] window(final int width, final int height, final int at, final int radius) {
		return java.util.stream.IntStream.range(0, width * height).filter(k -> Math.abs(k % width - at % width) <= radius && Math.abs(k / width - at / width) <= radius).toArray();
	}

	/** The window whose centre is moved as far into the picture as it needs. */
	private static int[] moved(final int width, final int height, final int at, final int radius) {
		return window(width, height, inside(at % width, radius, width) + width * inside(at / width, radius, height), radius);
	}

	private static int inside(final int at, final int radius, final int length) {
		return 2 * radius >= length ? Math.max(length - 1 - radius, Math.min(radius, length - 1)) : Math.max(radius, Math.min(length - 1 - radius, at));
	}

	/** Ridge regression of the input on the colours of a window, by Gaussian elimination. */
	private static void fit(final double[][] colours, final float[] input, final int width, final int height, final int at, final int radius, final double[][] linear) {
		final int[] window = moved(width, height, at, radius);
		final double[] mean = new double[4];
		for (final int k : window) for (int c = 0; c < 4; c++) mean[c] += (c < 3 ? colours[c][k] : input[k]) / window.length;
		final double[][] rows = new double[3][4];
		for (final int k : window) {
			for (int c = 0; c < 3; c++) for (int d = 0; d < 4; d++) rows[c][d] += (colours[c][k] - mean[c]) * ((d < 3 ? colours[d][k] : input[k]) - mean[d]) / window.length;
		}
		for (int c = 0; c < 3; c++) rows[c][c] += EPSILON;
		for (int c = 0; c < 3; c++) {
			for (int r = 0; r < 3; r++) {
				if (r == c) continue;
				final double part = rows[r][c] / rows[c][c];
				for (int d = 0; d < 4; d++) rows[r][d] -= part * rows[c][d];
			}
		}
		linear[3][at] = mean[3];
		for (int c = 0; c < 3; c++) {
			linear[c][at] = rows[c][3] / rows[c][c];
			linear[3][at] -= linear[c][at] * mean[c];
		}
	}
}
