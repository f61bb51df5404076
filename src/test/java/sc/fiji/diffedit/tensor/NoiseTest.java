package sc.fiji.diffedit.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import sc.fiji.diffedit.DiffEditException;

/** Seeded noise is that of PyTorch, and an image with a seed of its own does not see its neighbours. */
class NoiseTest {

	private long before;
	private Scope scope;

	@BeforeEach
	void open() {
		Torch.prepareThread();
		before = Scope.liveValues();
		scope = Scope.open();
	}

	@AfterEach
	void nothingIsLeftAlive() {
		scope.close();
		assertEquals(before, Scope.liveValues());
	}

	@Test
	void oneGeneratorForEachImage() {
		final Tensor both = Noise.perImage(5, 6).randn(DType.FLOAT32, 2, 4, 3, 3);
		assertArrayEquals(Generator.of(5).randn(DType.FLOAT32, 1, 4, 3, 3).toFloatArray(), both.slice(0, 0, 1).toFloatArray());
		assertArrayEquals(Generator.of(6).randn(DType.FLOAT32, 1, 4, 3, 3).toFloatArray(), both.slice(0, 1, 2).toFloatArray());
		assertEquals(Generator.of(6).randint(1000), Noise.perImage(5, 6).randint(1, 1000));
	}

	@Test
	void oneSeedServesABatchOfAnySize() {
		final float[] expected = Generator.of(5).randn(DType.FLOAT32, 3, 4, 3, 3).toFloatArray();
		assertArrayEquals(expected, Noise.of(5).randn(DType.FLOAT32, 3, 4, 3, 3).toFloatArray());
		assertArrayEquals(expected, Noise.perImage(5).randn(DType.FLOAT32, 3, 4, 3, 3).toFloatArray());
	}

	@Test
	void seedsMustBeAsManyAsImages() {
		final Noise noise = Noise.perImage(1, 2, 3);
		assertThrows(DiffEditException.class, () -> noise.randn(DType.FLOAT32, 2, 4, 3, 3));
		assertThrows(DiffEditException.class, Noise::perImage);
	}

	@Test
	void closingFreesTheGenerators() {
		final long open = Scope.liveValues();
		final Noise noise = Noise.perImage(1, 2);
		assertEquals(open + 2, Scope.liveValues());
		noise.close();
		assertEquals(open, Scope.liveValues());
	}
}
