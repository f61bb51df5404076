package sc.fiji.diffedit.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import sc.fiji.diffedit.Numeric;

/** Arithmetic and lives of tensors. */
@ExtendWith(NoNativeLeaks.InScope.class)
@Numeric
class TensorTest {

	@Test
	void arithmeticBroadcastsAndKeepsTheType() {
		final Tensor x = Tensor.of(new float[] { 1, 2, 3, 4 }, 2, 2);
		final Tensor row = Tensor.of(new float[] { 10, 20 }, 2);
		assertArrayEquals(new float[] { 11, 22, 13, 24 }, x.plus(row).toFloatArray());
		assertArrayEquals(new float[] { -9, -18, -7, -16 }, x.minus(row).toFloatArray());
		assertArrayEquals(new float[] { 10, 40, 30, 80 }, x.multiply(row).toFloatArray());
		assertArrayEquals(new float[] { .5f, 1, 1.5f, 2 }, x.div(2).toFloatArray());
		assertEquals(DType.FLOAT16, x.to(DType.FLOAT16).multiply(0.1).plus(2).dtype());
		assertEquals(2.5f, x.mean().toFloat());
		assertArrayEquals(new float[] { 2, 3 }, x.mean(false, 0).toFloatArray());
		assertArrayEquals(new float[] { 2, 1, 4, 3 }, x.roll(1, 1).toFloatArray());
	}

	@Test
	void shapesAreCutAndJoined() {
		final Tensor x = Tensor.of(new float[] { 1, 2, 3, 4, 5, 6 }, 3, 2);
		assertArrayEquals(new long[] { 2, 3 }, x.permute(1, 0).shape());
		assertArrayEquals(new float[] { 3, 4 }, x.get(1).toFloatArray());
		assertArrayEquals(new float[] { 3, 4, 5, 6 }, x.slice(0, 1, 3).toFloatArray());
		final List<Tensor> columns = x.chunk(2, 1);
		assertArrayEquals(new float[] { 2, 4, 6 }, columns.get(1).toFloatArray());
		assertArrayEquals(new float[] { 1, 2, 3, 4, 5, 6 }, Tensor.cat(columns, 1).toFloatArray());
		assertArrayEquals(new float[] { 1, 1, 3, 3, 5, 5, 2, 2, 4, 4, 6, 6 },
			Tensor.cat(columns, 0).reshape(6).repeatInterleave(2).toFloatArray());
		assertArrayEquals(new long[] { 6, 2 }, x.repeat(2).shape());
	}

	@Test
	void eightBitFloatsCanBeStoredAndCastBack() {
		final Tensor x = Tensor.of(new float[] { 1, -0.5f, 448 }, 3);
		final Tensor small = x.to(DType.FLOAT8_E4M3FN);
		assertEquals(DType.FLOAT8_E4M3FN, small.dtype());
		assertArrayEquals(new float[] { 1, -0.5f, 448 }, small.toFloatArray());
	}

	@Test
	void kernelsSayWhetherNumbersAreFinite() {
		assertTrue(Tensor.of(new float[] { 1, 2 }, 2).isFinite());
		assertFalse(Tensor.of(new float[] { 1, Float.NaN }, 2).isFinite());
	}

	@Test
	void keptTensorsOutliveTheirScopeAndOthersDoNot() {
		final Tensor kept;
		final Tensor lost;
		try (Scope inner = Scope.open()) {
			lost = Tensor.full(1, DType.FLOAT32, 3);
			kept = inner.keep(lost.plus(1));
		}
		assertArrayEquals(new float[] { 2, 2, 2 }, kept.toFloatArray());
		assertTrue(lost.isClosed());
		assertThrows(IllegalStateException.class, () -> lost.plus(1));
	}

	/** torch.randn(3, generator=torch.Generator("cpu").manual_seed(0)), the first numbers everybody knows. */
	@Test
	void generatorsGiveTheNumbersOfPyTorch() {
		final Generator generator = Generator.of(0);
		assertArrayEquals(new float[] { 1.5409961f, -0.2934289f, -2.1787894f }, generator.randn(DType.FLOAT32, 3).toFloatArray(), 1e-6f);
		final long first = Generator.of(7).randint(1000);
		assertEquals(first, Generator.of(7).randint(1000));
	}
}
