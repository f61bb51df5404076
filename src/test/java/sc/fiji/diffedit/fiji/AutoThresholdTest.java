package sc.fiji.diffedit.fiji;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import ij.ImagePlus;
import ij.plugin.Thresholder;
import ij.process.AutoThresholder.Method;
import ij.process.FloatProcessor;

import sc.fiji.diffedit.pipelines.DifferenceMap;
import sc.fiji.diffedit.pipelines.Threshold;

/** ImageJ's methods cut a heat map where ImageJ cuts an image of the same numbers. */
class AutoThresholdTest {

	@ParameterizedTest
	@EnumSource(Method.class)
	void masksAreThoseOfImageJ(final Method method) {
		final Random random = new Random(3);
		final float[] values = new float[40 * 30];
		for (int i = 0; i < values.length; i++) values[i] = (float) (i % 40 < 28 ? Math.abs(0.2 * random.nextGaussian()) : 2 + 0.3 * random.nextGaussian());
		final Threshold threshold = AutoThreshold.named(method.name().toLowerCase(), 0, 0);
		assertEquals(new AutoThreshold(method), threshold);
		final ImagePlus image = new ImagePlus("heat", new FloatProcessor(40, 30, values.clone()));
		image.getProcessor().setAutoThreshold(method.name() + " dark");
		assertArrayEquals((byte[]) Thresholder.createMask(image).getPixels(), (byte[]) Masks.toBytes(threshold.mask(new DifferenceMap(40, 30, values))).getPixels());
	}

	/** As of all thresholds: two descriptions that the model cannot tell apart change nothing. */
	@ParameterizedTest
	@EnumSource(Method.class)
	void nothingIsInsideOfAMapWithoutDifferences(final Method method) {
		assertTrue(new AutoThreshold(method).mask(new DifferenceMap(8, 8, new float[64])).isEmpty());
	}
}
