package sc.fiji.diffedit.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import sc.fiji.diffedit.DiffEditException;

/** One half is inside, what is above 0 is not empty, and rows come one after another. */
class MaskTest {

	private static final Mask SOFT = mask(3, 0, 0.25f, 0.5f, 0.75f, 1, 0.49f);

	private static Mask mask(final int width, final float... values) {
		return new Mask(width, values.length / width, values);
	}

	@Test
	void oneHalfIsInside() {
		assertFalse(SOFT.isInside(1, 0));
		assertTrue(SOFT.isInside(2, 0));
		assertTrue(SOFT.isInside(0, 1));
		assertFalse(SOFT.isInside(2, 1));
		assertEquals(0.5, SOFT.area());
		assertArrayEquals(new float[] { 0, 0, 1, 1, 1, 0 }, SOFT.binary().values());
		assertArrayEquals(new float[] { 0, 1, 1, 1, 1, 1 }, SOFT.touched().values());
		assertArrayEquals(new float[] { 1, 0.75f, 0.5f, 0.25f, 0, 0.51f }, SOFT.inverted().values());
		for (final Mask other : List.of(SOFT.binary(), SOFT.touched(), SOFT.inverted())) assertEquals("3 x 2", other.width() + " x " + other.height());
	}

	@Test
	void onlyZerosAreEmpty() {
		assertFalse(mask(2, 0, 0.001f).isEmpty());
		assertTrue(Mask.filled(2, 3, 0).isEmpty());
		assertArrayEquals(new float[] { 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f }, Mask.filled(2, 3, 0.5f).values());
	}

	@Test
	void masksTogetherAreTheLargestOfEachPixel() {
		final Mask one = mask(2, 0, 0.75f), other = mask(2, 0.5f, 0.25f);
		assertArrayEquals(new float[] { 0.5f, 0.75f }, Mask.together(List.of(one, other)).values());
		assertArrayEquals(new float[] { 0, 0.75f }, one.values(), "which stay as they were");
		assertEquals(2, Mask.together(List.of(one)).width());
	}

	/** Halves, doubles and an odd size, each pixel from the one under its centre. */
	@ParameterizedTest
	@CsvSource({ "3, 2, 0 1 0 / 0 0 1", "6, 4, 0 0 1 1 0 0 / 0 0 1 1 0 0 / 0 0 0 0 1 1 / 0 0 0 0 1 1", "1, 1, 0", "2, 2, 0 0 / 0 1", "4, 1, 0 0 0 1" })
	void resizedPixelsAreTheNearest(final int width, final int height, final String expected) {
		final Mask resized = mask(3, 0, 1, 0, 0, 0, 1).resized(width, height);
		final StringBuilder text = new StringBuilder();
		for (int y = 0; y < height; y++) {
			for (int x = 0; x < width; x++) text.append(x > 0 ? " " : y > 0 ? " / " : "").append((int) resized.values()[y * width + x]);
		}
		assertEquals(expected, text.toString());
	}

	@ParameterizedTest
	@ValueSource(floats = { -0.001f, 1.001f, Float.NaN })
	void valuesBesideTheRangeAreRefused(final float value) {
		final String refused = assertThrows(DiffEditException.class, () -> mask(2, 0, value)).getMessage();
		assertTrue(refused.startsWith("The mask holds " + value), refused);
	}

	@ParameterizedTest
	@CsvSource({ "0, 1, 0", "1, 0, 0", "-1, -1, 1", "2, 2, 3", "65536, 65536, 0" })
	void sizesThatDoNotFitAreRefused(final int width, final int height, final int values) {
		final String refused = assertThrows(DiffEditException.class, () -> new Mask(width, height, new float[values])).getMessage();
		assertTrue(refused.startsWith("A mask of " + width + " x " + height + " needs " + (long) width * height + " value"), refused);
	}
}
