package sc.fiji.diffedit.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

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
import sc.fiji.diffedit.tensor.Tensor;

/** Whatever way a packed convolution takes for its size, it gives what a plain one gives, when it packs and afterwards. */
@ExtendWith(NoNativeLeaks.InScope.class)
@Numeric
class PackedConvTest {

	private static final Kernels PLAIN = Kernels.load("layers");
	private static final Kernels PACKED = EveryWay.load("packed", "packed_conv", "winograd", "doubled", "fast_conv_where_it_pays");
	private static final Kernels PACKED_DIRECTLY = EveryWay.load("packed", "packed_conv", "winograd", "doubled", "fast_conv_nowhere");

	/** The types in which this processor can pack. */
	private static List<DType> types() {
		final List<DType> types = Stream.of(DType.FLOAT32, DType.BFLOAT16).filter(dtype -> PackingProbe.passes(PACKED, dtype)).toList();
		assumeFalse(types.isEmpty(), "this libtorch packs nothing");
		return types;
	}

	/** Largest error over the largest value, in 32 bits and in bfloat16 (whose own rounding is 4e-3). */
	private static final double[] TOLERANCES = { 1e-5, 1.2e-2 };

	/** Few channels; large tiles; small tiles, also across the edge; one product of matrices; a weight that is not square. */
	@ParameterizedTest
	@CsvSource({ "8, 8, 6, 6", "64, 72, 16, 17", "800, 800, 8, 8", "800, 800, 9, 11", "800, 800, 4, 4", "800, 800, 5, 3", "400, 1600, 7, 8" })
	void everySizeGivesWhatAPlainConvolutionGives(final int in, final int out, final int height, final int width) {
		for (final DType dtype : types()) {
			final Generator numbers = Generator.of(in + height);
			final Map<String, Tensor> layer = layer(numbers, in, out, dtype);
			final Tensor x = numbers.randn(DType.FLOAT32, 3, in, height, width).to(dtype);
			final Tensor plain = call(PLAIN, 1, "conv", layer, x, 1, 1);
			assertClose(plain, call(PACKED, 2, "conv", layer, x, 1, 1));
			assertClose(plain, call(PACKED_DIRECTLY, 2, "conv", layer, x, 1, 1));
		}
	}

	/** Doubled by four products or on large tiles, and enlarged to an odd size. */
	@ParameterizedTest
	@CsvSource({ "8, 5, 6, 10, 12", "800, 4, 4, 8, 8", "64, 8, 9, 16, 18", "8, 5, 6, 9, 11" })
	void enlargedPicturesGiveWhatAPlainConvolutionGives(final int channels, final int height, final int width, final int newHeight, final int newWidth) {
		for (final DType dtype : types()) {
			final Generator numbers = Generator.of(channels + newWidth);
			final Map<String, Tensor> layer = layer(numbers, channels, channels, dtype);
			final Tensor x = numbers.randn(DType.FLOAT32, 2, channels, height, width).to(dtype);
			final Tensor plain = resized(PLAIN, layer, x, newHeight, newWidth);
			assertClose(plain, resized(PACKED, layer, x, newHeight, newWidth));
			assertClose(plain, resized(PACKED_DIRECTLY, layer, x, newHeight, newWidth));
			layer.put("c.lora_down", numbers.randn(DType.FLOAT32, 2, channels, 3, 3).multiply(0.1).to(dtype));
			layer.put("c.lora_up", numbers.randn(DType.FLOAT32, channels, 2, 1, 1).multiply(0.1).to(dtype));
			assertClose(resized(PLAIN, layer, x, newHeight, newWidth), resized(PACKED, layer, x, newHeight, newWidth));
		}
	}

	/** Slabs and shuffles only order the work, also where channels fill no slab. */
	@ParameterizedTest
	@CsvSource({ "1, 4", "3, 1", "64, 65", "130, 200" })
	void turnedWeightsAreThoseOfThePlainExpressions(final int in, final int out) {
		for (final DType dtype : List.of(DType.FLOAT32, DType.BFLOAT16)) {
			final Tensor weight = layer(Generator.of(in), in, out, dtype).get("c.weight");
			assertEqual(weight, PACKED.call("with_channels_last", weight));
			final Tensor wide = weight.to(DType.FLOAT32);
			assertEqual(PACKED.call("doubled_weights", wide).permute(0, 2, 1, 3).to(dtype), PACKED.call("doubled_phases", weight));
			assertEqual(PACKED.call("winograd_weight", wide, 4), PACKED.call("pack_large_tiles", wide));
		}
	}

	private static void assertEqual(final Tensor expected, final Tensor found) {
		assertArrayEquals(expected.shape(), found.shape());
		assertArrayEquals(expected.toFloatArray(), found.toFloatArray());
	}

	private static Map<String, Tensor> layer(final Generator numbers, final int in, final int out, final DType dtype) {
		final Map<String, Tensor> layer = new LinkedHashMap<>();
		layer.put("c.weight", numbers.randn(DType.FLOAT32, out, in, 3, 3).multiply(1 / (3 * Math.sqrt(in))).to(dtype));
		layer.put("c.bias", numbers.randn(DType.FLOAT32, out).to(dtype));
		return layer;
	}

	/** The last of some calls with the same dictionary: (x, layers, name, more). */
	private static Tensor call(final Kernels kernels, final int calls, final String kernel, final Map<String, Tensor> layer, final Tensor x, final Object... more) {
		try (Parameters parameters = new Parameters(layer)) {
			final List<Object> arguments = new ArrayList<>(List.of(x, parameters, "c"));
			arguments.addAll(Arrays.asList(more));
			for (int i = 1; i < calls; i++) kernels.call(kernel, arguments.toArray());
			return kernels.call(kernel, arguments.toArray());
		}
	}

	private static Tensor resized(final Kernels kernels, final Map<String, Tensor> layer, final Tensor x, final int height, final int width) {
		try (Parameters parameters = new Parameters(layer)) {
			kernels.call("resized_conv", x, height, width, parameters, "c");
			return kernels.call("resized_conv", x, height, width, parameters, "c");
		}
	}

	private static void assertClose(final Tensor expected, final Tensor found) {
		assertArrayEquals(expected.shape(), found.shape());
		final float[] a = expected.toFloatArray();
		double largest = 0;
		for (final float value : a) largest = Math.max(largest, Math.abs(value));
		Rounding.assertClose(a, found.toFloatArray(), TOLERANCES[expected.dtype() == DType.FLOAT32 ? 0 : 1] * largest);
	}
}
