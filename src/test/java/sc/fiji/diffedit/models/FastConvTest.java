package sc.fiji.diffedit.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.Rounding;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.EveryWay;
import sc.fiji.diffedit.tensor.Generator;
import sc.fiji.diffedit.tensor.Kernels;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Parameters;
import sc.fiji.diffedit.tensor.SlowConvolutions;
import sc.fiji.diffedit.tensor.Tensor;

/** Convolutions with fewer multiplications give what plain ones give. */
@ExtendWith(NoNativeLeaks.InScope.class)
@Numeric
class FastConvTest {

	private static final Kernels KERNELS = EveryWay.load("layers", "winograd", "doubled", "fast_conv");

	private static Map<String, Tensor> layer(final Generator numbers, final int in, final int out) {
		final Map<String, Tensor> layer = new LinkedHashMap<>();
		layer.put("c.weight", numbers.randn(DType.FLOAT32, out, in, 3, 3).multiply(1 / (3 * Math.sqrt(in))));
		layer.put("c.bias", numbers.randn(DType.FLOAT32, out));
		return layer;
	}

	@ParameterizedTest
	@CsvSource({ "1, 8, 6, 16, 16, 2", "2, 5, 7, 13, 9, 2", "1, 16, 16, 1, 1, 2", "1, 3, 4, 2, 600, 2", "2, 4, 4, 601, 3, 2",
		"1, 8, 6, 16, 16, 4", "2, 5, 7, 13, 9, 4", "1, 16, 16, 1, 1, 4", "1, 3, 4, 2, 1100, 4", "2, 4, 4, 1101, 3, 4", "3, 8, 8, 64, 64, 4" })
	void winogradGivesWhatAPlainConvolutionGives(final int batch, final int in, final int out, final int height, final int width, final int side) {
		final Generator numbers = Generator.of(5);
		final Map<String, Tensor> layer = layer(numbers, in, out);
		final Tensor x = numbers.randn(DType.FLOAT32, batch, in, height, width);
		final Tensor fast = KERNELS.call("winograd_conv", x, KERNELS.call("winograd_weight", layer.get("c.weight"), side), List.of(), layer.get("c.bias"));
		assertClose(call("conv", x, layer, 1, 1), fast);
	}

	@ParameterizedTest
	@CsvSource({ "1, 8, 6, 16, 16", "2, 5, 7, 13, 9", "1, 16, 16, 1, 1" })
	void doublingGivesWhatEnlargingAndConvolvingGives(final int batch, final int in, final int out, final int height, final int width) {
		final Generator numbers = Generator.of(6);
		final Map<String, Tensor> layer = layer(numbers, in, out);
		final Tensor x = numbers.randn(DType.FLOAT32, batch, in, height, width);
		assertClose(call("conv", enlarged(x), layer, 1, 1), call("upsample_conv", x, layer));
	}

	/** In bfloat16 a sum of taps is rounded once more, which moves results by about as much as their own rounding does (2^-8 of the largest). */
	@ParameterizedTest
	@CsvSource({ "1, 32, 24, 32, 32", "2, 40, 7, 33, 35", "3, 64, 64, 1, 1100", "1, 8, 8, 31, 31" })
	void doublingRoundsAsBfloat16Does(final int batch, final int in, final int out, final int height, final int width) {
		final Generator numbers = Generator.of(9);
		final Map<String, Tensor> layer = layer(numbers, in, out);
		layer.replaceAll((name, weight) -> weight.to(DType.BFLOAT16));
		final Map<String, Tensor> precise = new LinkedHashMap<>();
		layer.forEach((name, weight) -> precise.put(name, weight.to(DType.FLOAT32)));
		final Tensor x = numbers.randn(DType.FLOAT32, batch, in, height, width).to(DType.BFLOAT16);
		final float[] wanted = call("conv", enlarged(x.to(DType.FLOAT32)), precise, 1, 1).toFloatArray();
		final Tensor doubled = call("upsample_conv", x, layer);
		assertEquals(DType.BFLOAT16, doubled.dtype());
		final double error = largestDifference(wanted, doubled.toFloatArray());
		Rounding.assertWithin(largest(wanted) / 128, error, "differs by");
		final boolean plainly = Arrays.equals(call("conv", enlarged(x), layer, 1, 1).toFloatArray(), doubled.toFloatArray());
		assertEquals(height * width < 1024 || SlowConvolutions.has(DType.BFLOAT16), plainly, "small pictures go the plain way, and all where oneDNN refuses the type");
	}

	private static double largest(final float[] numbers) {
		return largestDifference(numbers, new float[numbers.length]);
	}

	private static double largestDifference(final float[] a, final float[] b) {
		assertEquals(a.length, b.length);
		return IntStream.range(0, a.length).mapToDouble(i -> Math.abs(a[i] - b[i])).max().orElseThrow();
	}

	private static Tensor enlarged(final Tensor x) {
		return x.reshape(x.size(0), x.size(1), x.size(2), 1, x.size(3), 1).multiply(Tensor.full(1, x.dtype(), 1, 1, 1, 2, 1, 2))
			.reshape(x.size(0), x.size(1), 2 * x.size(2), 2 * x.size(3));
	}

	@Test
	void wideLayersOfLargeImagesTakeTheFastWay() {
		final Generator numbers = Generator.of(7);
		final Map<String, Tensor> layer = layer(numbers, 256, 256);
		final Tensor x = numbers.randn(DType.FLOAT32, 1, 256, 65, 66);
		assertClose(call("conv", x, layer, 1, 1), call("conv3", x, layer));
	}

	/** Half precision and layers under an adapter go the plain way, to the bit. */
	@Test
	void otherLayersGoThePlainWay() {
		final Generator numbers = Generator.of(8);
		final Map<String, Tensor> layer = layer(numbers, 4, 4);
		final Tensor x = numbers.randn(DType.FLOAT32, 1, 4, 8, 8);
		final Tensor half = x.to(DType.BFLOAT16);
		assertArrayEquals(call("conv", half, layer, 1, 1).toFloatArray(), call("conv3", half, layer).toFloatArray());
		layer.put("c.lora_down", numbers.randn(DType.FLOAT32, 2, 4, 3, 3));
		layer.put("c.lora_up", numbers.randn(DType.FLOAT32, 4, 2, 1, 1));
		assertArrayEquals(call("conv", x, layer, 1, 1).toFloatArray(), call("conv3", x, layer).toFloatArray());
		assertEquals(16, call("upsample_conv", x, layer).size(2));
	}

	private static Tensor call(final String kernel, final Tensor x, final Map<String, Tensor> layer, final Object... more) {
		try (Parameters parameters = new Parameters(layer)) {
			return more.length == 0 ? KERNELS.call(kernel, x, parameters, "c") : KERNELS.call(kernel, x, parameters, "c", more[0], more[1]);
		}
	}

	private static void assertClose(final Tensor expected, final Tensor found) {
		assertArrayEquals(expected.shape(), found.shape());
		Rounding.assertClose(expected.toFloatArray(), found.toFloatArray(), 7e-5);
	}
}
