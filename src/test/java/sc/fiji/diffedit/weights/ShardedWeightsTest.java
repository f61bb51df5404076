package sc.fiji.diffedit.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Tensor;

/** Weights in several files: each tensor comes from the file that the index names for it. */
@ExtendWith(NoNativeLeaks.InScope.class)
class ShardedWeightsTest {

	@TempDir
	Path temp;
	private Weights one;
	private Weights two;

	@BeforeEach
	void make() {
		one = new MemoryWeights("one", Map.of("a", Tensor.full(1, DType.FLOAT32, 2), "both", Tensor.full(1, DType.FLOAT32, 1)));
		two = new MemoryWeights("two", Map.of("b", Tensor.full(2, DType.FLOAT16, 3), "both", Tensor.full(2, DType.FLOAT32, 1), "c", Tensor.full(3, DType.FLOAT32, 1)));
	}

	private ShardedWeights open(final String map) throws IOException {
		final Path index = Files.writeString(temp.resolve("x.index.json"), "{\"weight_map\": {" + map.replace('\'', '"') + "}}");
		return ShardedWeights.open(index, name -> name.equals("1") ? one : two);
	}

	/** As in diffusers, which reads shards whole, what the index does not name is there too. */
	@Test
	void eachTensorIsThatOfItsShard() throws IOException {
		final Weights weights = open("'both': '2', 'a': '1', 'b': '2'");
		assertEquals(Set.of("a", "b", "both", "c"), weights.names());
		assertArrayEquals(new float[] { 1, 1 }, weights.get("a").toFloatArray());
		assertArrayEquals(new float[] { 2 }, weights.get("both").toFloatArray());
		assertArrayEquals(new float[] { 3 }, weights.get("c").toFloatArray());
		assertArrayEquals(new long[] { 3 }, weights.shape("b"));
		assertEquals(DType.FLOAT16, weights.dtype("b"));
		assertTrue(weights.source().endsWith("/x.index.json"), weights.source());
		assertTrue(assertThrows(DiffEditException.class, () -> weights.get("d")).getMessage().contains("has no tensor 'd'"));
	}

	@Test
	void ofANameThatSeveralHaveTheFirstCounts() {
		final Weights weights = ShardedWeights.of("together", two, one);
		assertEquals(List.of("a", "b", "both", "c"), weights.names().stream().sorted().toList());
		assertArrayEquals(new float[] { 2 }, weights.get("both").toFloatArray());
		assertEquals("together", weights.source());
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "..", ".", "a/b", "/etc/passwd", "a\\\\b" })
	void filesInOtherFoldersAreNotOpened(final String file) {
		final String message = assertThrows(DiffEditException.class, () -> open("'a': '" + file + "'")).getMessage();
		assertTrue(message.contains("which is not a file in its own folder"), message);
	}

	@Test
	void anIndexOfOtherShardsIsRefused() {
		final String message = assertThrows(DiffEditException.class, () -> open("'b': '1'")).getMessage();
		assertTrue(message.contains("looks for 'b' in 1, which has no such tensor"), message);
	}
}
