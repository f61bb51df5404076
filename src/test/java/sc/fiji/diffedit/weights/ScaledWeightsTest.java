package sc.fiji.diffedit.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Tensor;

/** Weights in 8 bits times the scales beside them are the weights. All numbers here are exact in 8 bits. */
@ExtendWith(NoNativeLeaks.InScope.class)
class ScaledWeightsTest {

	private static final float[] STORED = { 1, -2, 448, 0.5f, 3, 0.25f };

	private static Weights with(final String scale, final Tensor value) {
		final Map<String, Tensor> tensors = new LinkedHashMap<>();
		tensors.put("to_q.weight", Tensor.of(STORED, 2, 3).to(DType.FLOAT8_E4M3FN));
		tensors.put("to_q.bias", Tensor.of(new float[] { 7, 8 }, 2));
		tensors.put("scaled_fp8", Tensor.zeros(DType.FLOAT8_E4M3FN, 2));
		tensors.put(scale, value);
		return ScaledWeights.of(new MemoryWeights("a file", tensors));
	}

	@ParameterizedTest
	@ValueSource(strings = { "to_q.scale_weight", "to_q.weight_scale" })
	void oneScaleIsForTheWholeWeight(final String name) {
		final Weights weights = with(name, Tensor.full(0.5, DType.FLOAT32));
		assertEquals(Set.of("to_q.weight", "to_q.bias"), weights.names());
		assertEquals(DType.FLOAT32, weights.dtype("to_q.weight"));
		assertArrayEquals(new float[] { 0.5f, -1, 224, 0.25f, 1.5f, 0.125f }, weights.get("to_q.weight").toFloatArray());
		assertArrayEquals(new float[] { 7, 8 }, weights.get("to_q.bias").toFloatArray());
	}

	@Test
	void aScalePerOutputIsForItsRow() {
		final Weights weights = with("to_q.weight_scale", Tensor.of(new float[] { 0.5f, 2 }, 2, 1));
		assertArrayEquals(new float[] { 0.5f, -1, 224, 1, 6, 0.5f }, weights.get("to_q.weight").toFloatArray());
		assertArrayEquals(new long[] { 2, 3 }, weights.shape("to_q.weight"));
	}

	@Test
	void otherScalesAreRefused() {
		assertThrows(DiffEditException.class, () -> with("to_q.weight_scale", Tensor.full(1, DType.FLOAT32, 3)));
		assertThrows(DiffEditException.class, () -> with("to_q.weight_zero_point", Tensor.full(1, DType.FLOAT32)));
	}

	@Test
	void scalesOfInputsChangeNothing() {
		final Weights weights = with("to_q.input_scale", Tensor.full(3, DType.FLOAT32));
		assertArrayEquals(STORED, weights.get("to_q.weight").to(DType.FLOAT32).toFloatArray());
		assertEquals(Set.of("to_q.weight", "to_q.bias"), weights.names());
	}

	@Test
	void plainWeightsStayAsTheyAre() {
		final Weights plain = new MemoryWeights("a file", Map.of("to_q.weight", Tensor.of(STORED, 2, 3)));
		assertSame(plain, ScaledWeights.of(plain));
	}
}
