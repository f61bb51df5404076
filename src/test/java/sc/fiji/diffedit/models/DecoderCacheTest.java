package sc.fiji.diffedit.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;

import org.junit.jupiter.api.Test;

import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.tensor.Torch;

/** Rows under way that change places: what they said goes with them, what they speak about only where it differs. */
@Numeric
class DecoderCacheTest {

	/** Shape (2, rows, 1, 1, 1), a number per row. */
	private static Tensor rows(final float... numbers) {
		final float[] both = new float[2 * numbers.length];
		for (int i = 0; i < both.length; i++) both[i] = numbers[i % numbers.length];
		return Tensor.of(both, 2, numbers.length, 1, 1, 1);
	}

	private static void assertRows(final Tensor found, final float... numbers) {
		final float[] both = found.toFloatArray();
		assertEquals(2 * numbers.length, both.length);
		for (int i = 0; i < both.length; i++) assertEquals(numbers[i % numbers.length], both[i]);
	}

	@Test
	void rowsOfOneOriginShareWhatTheySpeakAbout() {
		Torch.prepareThread();
		final long before = Scope.liveValues();
		try (Scope scope = Scope.open(); DecoderCache cache = new DecoderCache(List.of(rows(7)))) {
			cache.select(0, 0, 0);
			cache.add(0, rows(1, 2, 3));
			final Tensor seen = cache.cross(0);
			cache.select(2, 0, 0);
			assertRows(cache.add(0, rows(4, 5, 6)).slice(3, 0, 1), 3, 1, 1);
			assertSame(seen, cache.cross(0));
			assertRows(cache.cross(0), 7, 7, 7);
		}
		assertEquals(before, Scope.liveValues());
	}

	@Test
	void rowsOfOtherOriginsTakeTheirsAlong() {
		Torch.prepareThread();
		try (Scope scope = Scope.open(); DecoderCache cache = new DecoderCache(List.of(rows(7, 8)))) {
			final Tensor seen = cache.cross(0);
			cache.select(1, 0);
			assertNotSame(seen, cache.cross(0));
			assertRows(cache.cross(0), 8, 7);
			cache.select(1, 1, 0);
			assertRows(cache.cross(0), 7, 7, 8);
			assertArrayEquals(new long[] { 2, 3, 1, 1, 1 }, cache.cross(0).shape());
			assertEquals(3, cache.rows());
		}
	}
}
