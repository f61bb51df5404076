package sc.fiji.diffedit.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import sc.fiji.diffedit.results.ResultStore.Kind;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Numbers;

/** What the store takes, whoever gives it. */
class ResultStoreTest {

	@Test
	void whatIsNoNumberIsNeverKept() {
		final ResultStore store = new ResultStore(1 << 20);
		store.put("sound", List.of(numbers(1), numbers(2)), Kind.PREDICTED_NOISE, "demo", "");
		final long bytes = store.bytes();
		for (final float bad : new float[] { Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY }) {
			store.put("bad", List.of(numbers(1), numbers(bad)), Kind.PREDICTED_NOISE, "demo", "");
			assertEquals(Optional.empty(), store.find("bad"));
		}
		assertEquals(bytes, store.bytes());
		store.put("sound", List.of(numbers(Float.NaN)), Kind.PREDICTED_NOISE, "demo", "");
		assertTrue(store.find("sound").isEmpty() && store.bytes() == 0, "the earlier answer of the same call goes");
	}

	private static Numbers numbers(final float value) {
		return new Numbers(new float[] { 0, value }, DType.FLOAT32, 2);
	}
}
