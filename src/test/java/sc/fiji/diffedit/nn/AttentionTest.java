package sc.fiji.diffedit.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.EveryWay;
import sc.fiji.diffedit.tensor.Generator;
import sc.fiji.diffedit.tensor.Kernels;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Tensor;

/** Both ways of attention ({@code attention.torchscript}) against the definition in 64 bits. */
@ExtendWith(NoNativeLeaks.InScope.class)
@Numeric
class AttentionTest {

	private static final String[] PARTS = { "layers", "attention", "onednn_products" };
	private static final int HEADS = 3, WIDTH = 10;

	private Generator numbers;

	@BeforeEach
	void open() {
		numbers = Generator.of(3);
	}

	/** Scores of a standard deviation of 1 and of 6, where few keys take all; queries fill two blocks, or no whole one. */
	@ParameterizedTest
	@CsvSource({ "FLOAT32, 1, 1030, 600, 3e-6", "FLOAT32, 6, 70, 33, 3e-6", "BFLOAT16, 1, 1030, 600, 6e-3", "BFLOAT16, 6, 1030, 600, 9e-3", "BFLOAT16, 6, 70, 33, 9e-3", "FLOAT16, 6, 520, 520, 2e-3" })
	void blocksGiveTheNumbersOfTheDefinition(final DType dtype, final double deviation, final int queries, final int keys, final double allowed) {
		final Tensor q = random(dtype, deviation, queries), k = random(dtype, 1, keys), v = random(dtype, 1, keys);
		final double[] expected = definition(q, k, v);
		assertTrue(error(expected, kernels().call("blocked_attention", q, k, v, HEADS)) < allowed);
		assertTrue(error(expected, kernels().call("fused_attention", q, k, v, HEADS)) < allowed);
	}

	/** Scores of several hundred are rounded to whole numbers in 16 bits, unless what all keys share is subtracted before. */
	@Test
	void whatAllKeysShareCostsNoPrecision() {
		final Tensor q = random(DType.BFLOAT16, 8, 530), k = random(DType.BFLOAT16, 1, 530).plus(4), v = random(DType.BFLOAT16, 1, 530);
		assertTrue(error(definition(q, k, v), kernels().call("blocked_attention", q, k, v, HEADS)) < 2e-2);
	}

	@Test
	void theChoiceDecidesForItsTypeWhereThereAreManyPlaces() {
		final Tensor many = random(DType.FLOAT32, 1, 512), few = random(DType.FLOAT32, 1, 511);
		final Kernels fused = EveryWay.loadWith("none", PARTS), blocked = EveryWay.loadWith("blocked-attention:float32", PARTS);
		assertArrayEquals(call(fused, "fused_attention", many), call(fused, "attention", many));
		assertArrayEquals(call(fused, "blocked_attention", many), call(blocked, "attention", many));
		assertFalse(Arrays.equals(call(fused, "attention", many), call(blocked, "attention", many)), "the two ways sum in another order");
		assertArrayEquals(call(fused, "fused_attention", few), call(blocked, "attention", few));
		final Tensor half = many.to(DType.BFLOAT16);
		assertArrayEquals(call(blocked, "fused_attention", half), call(blocked, "attention", half));
	}

	/** Products of 32 bits are no faster there than libtorch's fused attention. */
	@Test
	void withoutOneDnnBlocksAreFor16BitsAlone() {
		final Kernels plain = EveryWay.load("layers", "attention", "plain_products");
		final Tensor many = random(DType.FLOAT32, 1, 512), half = many.to(DType.BFLOAT16);
		assertArrayEquals(call(plain, "fused_attention", many), call(plain, "attention", many));
		assertArrayEquals(call(plain, "blocked_attention", half), call(plain, "attention", half));
		assertTrue(error(definition(many, many, many), plain.call("blocked_attention", many, many, many, HEADS)) < 3e-6);
	}

	@Test
	void eachRowOfABatchIsComputedAlone() {
		final Tensor one = random(DType.BFLOAT16, 1, 600), other = random(DType.BFLOAT16, 1, 600);
		final Tensor both = Tensor.cat(0, one, other);
		final float[] together = call(kernels(), "blocked_attention", both);
		assertArrayEquals(call(kernels(), "blocked_attention", one), Arrays.copyOf(together, together.length / 2));
		assertArrayEquals(call(kernels(), "blocked_attention", other), Arrays.copyOfRange(together, together.length / 2, together.length));
	}

	private static Kernels kernels() {
		return Kernels.load(PARTS);
	}

	private static float[] call(final Kernels kernels, final String way, final Tensor x) {
		return kernels.call(way, x, x, x, HEADS).to(DType.FLOAT32).toFloatArray();
	}

	private Tensor random(final DType dtype, final double deviation, final int tokens) {
		return numbers.randn(DType.FLOAT32, 1, tokens, HEADS * WIDTH).multiply(deviation).to(dtype);
	}

	/** Softmax of the products over the square root of a head's size, times the values. */
	private static double[] definition(final Tensor q, final Tensor k, final Tensor v) {
		final float[] queries = q.to(DType.FLOAT32).toFloatArray(), keys = k.to(DType.FLOAT32).toFloatArray(), values = v.to(DType.FLOAT32).toFloatArray();
		final int all = HEADS * WIDTH;
		final double[] result = new double[queries.length], weights = new double[keys.length / all];
		for (int at = 0; at < queries.length; at += WIDTH) {
			final int head = at % all;
			for (int j = 0; j < weights.length; j++) weights[j] = product(queries, at, keys, j * all + head) / Math.sqrt(WIDTH);
			final double largest = Arrays.stream(weights).max().getAsDouble();
			for (int j = 0; j < weights.length; j++) weights[j] = Math.exp(weights[j] - largest);
			final double sum = Arrays.stream(weights).sum();
			for (int i = 0; i < WIDTH; i++) {
				for (int j = 0; j < weights.length; j++) result[at + i] += weights[j] / sum * values[j * all + head + i];
			}
		}
		return result;
	}

	private static double product(final float[] one, final int from, final float[] other, final int start) {
		double sum = 0;
		for (int i = 0; i < WIDTH; i++) sum += (double) one[from + i] * other[start + i];
		return sum;
	}

	/** Root mean square of what differs, to that of what is expected. */
	private static double error(final double[] expected, final Tensor found) {
		final float[] values = found.to(DType.FLOAT32).toFloatArray();
		assertEquals(expected.length, values.length);
		double squares = 0, all = 0;
		for (int i = 0; i < values.length; i++) {
			squares += Math.pow(values[i] - expected[i], 2);
			all += Math.pow(expected[i], 2);
		}
		return Math.sqrt(squares / all);
	}
}
