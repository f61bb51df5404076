package sc.fiji.diffedit.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Masks in bits do what the same masks do pixel by pixel, at widths with and without a part of a word left over. */
class MaskBitsTest {

	private static final int HEIGHT = 23;

	private static Mask random(final int width, final long seed, final double part) {
		final Random random = new Random(seed);
		final float[] values = new float[width * HEIGHT];
		for (int i = 0; i < values.length; i++) values[i] = random.nextDouble() < part ? 1 : 0;
		return new Mask(width, HEIGHT, values);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 63, 64, 65, 128, 150 })
	void theSameMaskComesBack(final int width) {
		final Mask mask = random(width, width, 0.4);
		final MaskBits bits = MaskBits.of(mask);
		assertArrayEquals(mask.values(), bits.mask().values());
		assertEquals(mask.area(), bits.area());
		final BitSet pixels = bits.pixels();
		for (int i = 0; i < width * HEIGHT; i++) assertEquals(mask.values()[i] > 0, pixels.get(i));
		assertTrue(MaskBits.of(pixels, width, HEIGHT).isSame(bits));
		assertArrayEquals(Mask.filled(width, HEIGHT, 1).values(), MaskBits.of(Mask.filled(width, HEIGHT, 1)).mask().values());
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 64, 65, 150 })
	void masksAreCombinedPixelByPixel(final int width) {
		final Mask one = random(width, 1, 0.5), other = random(width, 2, 0.5);
		final MaskBits a = MaskBits.of(one), b = MaskBits.of(other);
		final float[] or = a.or(b).mask().values(), and = a.and(b).mask().values(), without = a.without(b).mask().values(), xor = a.xor(b).mask().values();
		for (int i = 0; i < or.length; i++) {
			final boolean left = one.values()[i] > 0, right = other.values()[i] > 0;
			assertEquals(left || right ? 1 : 0, or[i]);
			assertEquals(left && right ? 1 : 0, and[i]);
			assertEquals(left && !right ? 1 : 0, without[i]);
			assertEquals(left != right ? 1 : 0, xor[i]);
		}
		assertFalse(a.isSame(b));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 64, 65, 150 })
	void aPartOfALargerMaskLiesWhereItIsPut(final int width) {
		final Mask mask = random(width, 3, 0.5);
		final float[] placed = MaskBits.of(mask).placed(37, 2, width + 40, HEIGHT + 5).mask().values();
		final float[] expected = new float[(width + 40) * (HEIGHT + 5)];
		for (int y = 0; y < HEIGHT; y++) System.arraycopy(mask.values(), y * width, expected, (y + 2) * (width + 40) + 37, width);
		assertArrayEquals(expected, placed);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 64, 65, 150 })
	void partsOfRowsArePutInsideAndOutside(final int width) {
		final MaskBits bits = new MaskBits(width, 2);
		for (int from = 0; from <= width; from++) {
			for (int to = from; to <= width; to += 7) {
				bits.set(1, from, to, true);
				assertEquals(to - from, bits.count());
				assertEquals(from == to ? width : from, bits.next(1, 0, true));
				assertEquals(from == to ? 0 : from == 0 ? to : 0, bits.next(1, 0, false));
				bits.set(1, from, to, false);
				assertEquals(0, bits.count());
			}
		}
	}

	@ParameterizedTest
	@ValueSource(doubles = { 0, 0.9, 1, 1.5, 2, 4.9, 7, 12.3, 31, 70, 500, Double.POSITIVE_INFINITY })
	void growsByAllPixelsWithinTheRadius(final double radius) {
		for (final int width : new int[] { 5, 64, 130 }) {
			final Mask mask = random(width, 4, 0.004);
			final float[] expected = mask.values().clone();
			for (int i = 0; i < expected.length; i++) {
				for (int j = 0; j < expected.length && expected[i] == 0; j++) {
					if (mask.values()[j] > 0 && Math.hypot(i % width - j % width, i / width - j / width) <= radius) expected[i] = 1;
				}
			}
			assertArrayEquals(expected, MaskBits.of(mask).grown(radius).mask().values(), width + " pixels wide");
		}
	}

	@Test
	void softValuesCountFromTheOneThatIsAskedFor() {
		final Mask soft = new Mask(3, 1, new float[] { 0.4f, 0.5f, 1 });
		assertEquals(2, MaskBits.of(soft).count());
		assertEquals(1, MaskBits.from(soft, 1).count());
	}
}
