package sc.fiji.diffedit.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.Rounding;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Generator;
import sc.fiji.diffedit.tensor.Kernels;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Parameters;
import sc.fiji.diffedit.tensor.SlowConvolutions;
import sc.fiji.diffedit.tensor.Tensor;

/** The layers that all networks share, on numbers one can check by hand. */
@ExtendWith(NoNativeLeaks.InScope.class)
@Numeric
class LayersTest {

	private static final long[] SHAPE = { 24, 24, 3, 3 }, UP = { 24, 24, 1, 1 };

	private Kernels layers;

	@BeforeEach
	void open() {
		layers = Kernels.load("layers");
	}

	@Test
	void linearLayersMayHaveABiasAndAnAdapter() {
		final Tensor x = Tensor.of(new float[] { 1, 2 }, 1, 2);
		final Tensor weight = Tensor.of(new float[] { 1, 0, 0, 1, 1, 1 }, 3, 2);
		final Tensor bias = Tensor.of(new float[] { 10, 20, 30 }, 3);
		assertArrayEquals(new float[] { 1, 2, 3 }, linear(x, Map.of("p.weight", weight)));
		assertArrayEquals(new float[] { 11, 22, 33 }, linear(x, Map.of("p.weight", weight, "p.bias", bias)));
		final Tensor down = Tensor.of(new float[] { 1, 1 }, 1, 2);
		final Tensor up = Tensor.of(new float[] { 0, 1, 100 }, 3, 1);
		assertArrayEquals(new float[] { 1, 5, 303 }, linear(x, Map.of("p.weight", weight, "p.lora_down", down, "p.lora_up", up)));
	}

	@Test
	void weightsAreCastToTheTypeOfTheInput() {
		final Tensor x = Tensor.of(new float[] { 1, 2 }, 1, 2);
		final Tensor small = Tensor.of(new float[] { 1, 0, 0, 1, 1, 1 }, 3, 2).to(DType.FLOAT8_E4M3FN);
		assertArrayEquals(new float[] { 1, 2, 3 }, linear(x, Map.of("p.weight", small)));
		try (Parameters w = new Parameters(Map.of("p.weight", small))) {
			assertEquals(DType.BFLOAT16, layers.call("linear", x.to(DType.BFLOAT16), w, "p").dtype());
		}
	}

	/** Also where the processor has no instructions for the type: there they are convolved in 32 bits. */
	@ParameterizedTest
	@EnumSource(names = { "BFLOAT16", "FLOAT16" })
	void convolutionsIn16BitsAreThoseIn32BitsRounded(final DType dtype) {
		final Generator numbers = Generator.of(1);
		final Map<String, Tensor> layer = new HashMap<>();
		for (final String name : List.of("p.weight", "p.lora_down", "p.lora_up")) layer.put(name, numbers.randn(dtype, name.equals("p.lora_up") ? UP : SHAPE));
		layer.put("p.bias", numbers.randn(dtype, 24));
		final Tensor x = numbers.randn(dtype, 2, 24, 7, 6);
		for (final List<String> names : List.of(List.of("p.weight"), List.of("p.weight", "p.bias"), List.copyOf(layer.keySet()))) {
			final Map<String, Tensor> some = new HashMap<>(layer);
			some.keySet().retainAll(names);
			final Map<String, Tensor> wide = new HashMap<>();
			some.forEach((name, tensor) -> wide.put(name, tensor.to(DType.FLOAT32)));
			final float[] expected = conv(x.to(DType.FLOAT32), wide, 1);
			double largest = 0;
			for (final float value : expected) largest = Math.max(largest, Math.abs(value));
			final float[] found = conv(x, some, 1);
			Rounding.assertClose(expected, found, (dtype == DType.BFLOAT16 ? 0x1p-8 : 0x1p-11) * 4 * largest);
			if (SlowConvolutions.has(dtype) && some.size() == 1) {
				assertArrayEquals(Tensor.of(expected, expected.length).to(dtype).toFloatArray(), found);
			}
		}
	}

	@Test
	void convolutionsMayHaveAnAdapterOfTheirOwnSize() {
		final Tensor x = Tensor.full(1, DType.FLOAT32, 1, 1, 3, 3);
		final Tensor weight = Tensor.full(1, DType.FLOAT32, 1, 1, 3, 3);
		final Tensor bias = Tensor.full(100, DType.FLOAT32, 1);
		final Tensor down = Tensor.full(1, DType.FLOAT32, 2, 1, 3, 3);
		final Tensor up = Tensor.full(0.5, DType.FLOAT32, 1, 2, 1, 1);
		final Map<String, Tensor> plain = Map.of("p.weight", weight, "p.bias", bias);
		final Map<String, Tensor> adapted = Map.of("p.weight", weight, "p.bias", bias, "p.lora_down", down, "p.lora_up", up);
		assertArrayEquals(new float[] { 104, 106, 104, 106, 109, 106, 104, 106, 104 }, conv(x, plain, 1));
		assertArrayEquals(new float[] { 108, 112, 108, 112, 118, 112, 108, 112, 108 }, conv(x, adapted, 1));
		assertArrayEquals(new float[] { 108, 108, 108, 108 }, conv(x, adapted, 2));
	}

	@Test
	void normsTakeMeanAndSpreadAway() {
		final Tensor x = Tensor.of(new float[] { 1, 3, 5, 9 }, 1, 2, 2, 1);
		final Map<String, Tensor> scale = Map.of("n.weight", Tensor.of(new float[] { 1, 10 }, 2), "n.bias", Tensor.of(new float[] { 0, 5 }, 2));
		try (Parameters w = new Parameters(scale)) {
			assertArrayEquals(new float[] { -1, 1, -5, 15 }, layers.call("group_norm", x, w, "n", 2, 0.0).toFloatArray(), 1e-5f);
			assertArrayEquals(new float[] { -0.26894143f, 0.7310586f, -0.03346425f, 14.999996f },
				layers.call("group_norm_silu", x, w, "n", 2, 0.0).toFloatArray(), 1e-5f);
			assertArrayEquals(new float[] { -1, 15, -1, 15 },
				layers.call("layer_norm", x.reshape(2, 2), w, "n", 0.0).toFloatArray(), 1e-5f);
		}
	}

	private float[] linear(final Tensor x, final Map<String, Tensor> tensors) {
		try (Parameters w = new Parameters(tensors)) {
			return layers.call("linear", x, w, "p").toFloatArray();
		}
	}

	private float[] conv(final Tensor x, final Map<String, Tensor> tensors, final int stride) {
		try (Parameters w = new Parameters(tensors)) {
			return layers.call("conv", x, w, "p", stride, 1).toFloatArray();
		}
	}
}
