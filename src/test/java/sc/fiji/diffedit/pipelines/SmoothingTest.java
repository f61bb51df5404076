package sc.fiji.diffedit.pipelines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import sc.fiji.diffedit.tensor.Picture;

/** Three moving averages against their definition, and against the Gaussian that they stand for. */
class SmoothingTest {

	private static float[] random(final int count) {
		final Random random = new Random(3);
		final float[] values = new float[count];
		for (int i = 0; i < count; i++) values[i] = random.nextFloat();
		return values;
	}

	/** A row of a plane that has a single 1 in its middle. */
	private static double[] response(final double sigma) {
		final int side = 2 * (int) Math.ceil(4 * sigma + 4) + 1;
		final float[] values = new float[side * side];
		values[values.length / 2] = 1;
		final float[] smooth = new Smoothing(sigma).of(values, side, side);
		final double[] sums = new double[side];
		for (int i = 0; i < smooth.length; i++) sums[i % side] += smooth[i];
		return sums;
	}

	/** Planes of several blocks, of a single line, and windows that reach over the plane several times. */
	@ParameterizedTest
	@CsvSource({ "9, 7, 1.5", "150, 5, 3", "5, 140, 0.3", "1, 1, 2", "1, 6, 4", "3, 4, 30" })
	void eachAxisIsAveragedThreeTimes(final int width, final int height, final double sigma) {
		final float[] plane = random(width * height);
		double[] expected = IntStream.range(0, plane.length).mapToDouble(i -> plane[i]).toArray();
		for (int pass = 0; pass < 3; pass++) expected = slow(slow(expected, width, height, sigma, 1, 0), width, height, sigma, 0, 1);
		final float[] smooth = new Smoothing(sigma).of(plane, width, height);
		for (int i = 0; i < plane.length; i++) assertEquals(expected[i], smooth[i], 1e-6);
	}

	/** The window whose variance is a third of the Gaussian's: ones, and a part at both ends. */
	private static double[] slow(final double[] plane, final int width, final int height, final double sigma, final int dx, final int dy) {
		final double variance = sigma * sigma / 3;
		int radius = 0;
		while ((2 * radius + 3.0) * (2 * radius + 3) - 1 <= 12 * variance) radius++;
		final int length = 2 * radius + 1;
		final double end = (variance * length - length * (length * length - 1) / 12.0) / (2 * ((radius + 1.0) * (radius + 1) - variance));
		final double[] averaged = new double[plane.length];
		for (int i = 0; i < plane.length; i++) {
			for (int d = -radius - 1; d <= radius + 1; d++) {
				final int x = reflected(i % width + d * dx, width), y = reflected(i / width + d * dy, height);
				averaged[i] += (Math.abs(d) > radius ? end : 1) / (length + 2 * end) * plane[y * width + x];
			}
		}
		return averaged;
	}

	private static int reflected(final int place, final int length) {
		if (place < 0) return reflected(-1 - place, length);
		return place < length ? place : reflected(2 * length - 1 - place, length);
	}

	@ParameterizedTest
	@ValueSource(doubles = { 0.2, 0.8, 1.5, 4, 12.3 })
	void theVarianceIsThatOfTheGaussian(final double sigma) {
		final double[] row = response(sigma);
		double sum = 0, variance = 0;
		for (int i = 0; i < row.length; i++) {
			final double away = i - row.length / 2;
			sum += row[i];
			variance += row[i] * away * away;
		}
		assertEquals(1, sum, 1e-5);
		assertEquals(sigma * sigma, variance, 2e-4 * Math.max(1, sigma * sigma));
	}

	@Test
	void theShapeIsNearlyAGaussian() {
		final double[] row = response(6);
		for (int i = 0; i < row.length; i++) {
			final double away = (i - row.length / 2) / 6.0, gaussian = Math.exp(-away * away / 2) / (6 * Math.sqrt(2 * Math.PI));
			assertEquals(gaussian, row[i], 0.07 * row[row.length / 2]);
		}
	}

	/** The smoothing of the form's pixels: after the guided filter on pixels, without it on the coarser map. */
	@Test
	void mapsAreSmoothedAfterTheirRefinement() {
		final DifferenceMap map = new DifferenceMap(12, 10, random(120));
		final Guide guide = new Guide(new Picture(48, 40, 3, random(3 * 48 * 40)), 4);
		final Threshold threshold = new Threshold.Top(0.4);
		final MaskResult refined = MaskResult.of(List.of(map), List.of(guide), MaskRequest.DEFAULTS), smooth = refined.smoothed(1.5, threshold);
		final float[] expected = new Smoothing(6).of(guide.refined(map).values(), 48, 40);
		assertArrayEquals(expected, smooth.refinedMap().values());
		assertArrayEquals(threshold.mask(new DifferenceMap(48, 40, expected)).values(), smooth.mask().values());
		assertSame(map, smooth.map());
		final MaskResult coarse = MaskResult.of(List.of(map), List.of(guide), MaskRequest.DEFAULTS.withMaskRefinement(MaskRefinement.NONE)).smoothed(1.5, threshold);
		assertArrayEquals(new Smoothing(1.5).of(map.values(), 12, 10), coarse.refinedMap().values());
	}
}
