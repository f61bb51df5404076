package sc.fiji.diffedit.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.SafetensorsReader;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.models.UNet2DConditionConfig;
import sc.fiji.diffedit.models.UNet2DConditionModel;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Noise;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** Whole numbers with a scale for each channel: what they stand for, and how far that may be from the weights. */
@ExtendWith(NoNativeLeaks.class)
class Int8WeightsTest {

	private static final int CHANNELS = 6, EACH = 4 * 3 * 3;

	/** Channels of very different size, the last one of zeros. */
	private static Tensor weight() {
		final float[] values = Noise.of(7).randn(DType.FLOAT32, CHANNELS, 4, 3, 3).toFloatArray();
		for (int i = 0; i < values.length; i++) values[i] *= i / EACH == CHANNELS - 1 ? 0 : (float) Math.pow(10, i / EACH - 3);
		return Tensor.of(values, CHANNELS, 4, 3, 3);
	}

	@Test
	void eachChannelIsOffByHalfAStepAtMost() {
		try (Scope scope = Scope.open()) {
			final Tensor weight = weight();
			final Map<String, Tensor> tensors = new LinkedHashMap<>(Map.of("conv.weight", weight, "conv.bias", Tensor.full(0.3, DType.FLOAT32, CHANNELS)));
			assertTrue(Int8Weights.numbers(tensors, DType.FLOAT32).isEmpty());
			Int8Weights.keep(tensors, "conv.weight");
			Int8Weights.keep(tensors, "conv.bias");
			Int8Weights.keep(tensors, "conv.missing");
			assertTrue(Int8Weights.numbers(tensors, DType.FLOAT32).isPresent());
			assertEquals(Set.of("conv.weight", "conv.weight_scale", "conv.bias"), tensors.keySet());
			assertEquals(DType.INT8, tensors.get("conv.weight").dtype());
			assertArrayEquals(weight.shape(), tensors.get("conv.weight").shape());
			final Map<String, Tensor> numbers = Int8Weights.numbers(tensors, DType.FLOAT32).orElseThrow();
			assertEquals(Set.of("conv.weight", "conv.bias"), numbers.keySet());
			assertArrayEquals(weight.shape(), numbers.get("conv.weight").shape());
			assertChannels(weight.toFloatArray(), numbers.get("conv.weight").toFloatArray());
			assertEquals(DType.BFLOAT16, Int8Weights.numbers(tensors, DType.BFLOAT16).orElseThrow().get("conv.weight").dtype());
		}
	}

	/** By the definition: the largest number of a channel is 127 steps. */
	private static void assertChannels(final float[] weights, final float[] numbers) {
		for (int channel = 0; channel < CHANNELS; channel++) {
			float largest = 0;
			for (int i = channel * EACH; i < (channel + 1) * EACH; i++) largest = Math.max(largest, Math.abs(weights[i]));
			final float step = largest / 127;
			for (int i = channel * EACH; i < (channel + 1) * EACH; i++) {
				assertEquals(step == 0 ? 0 : (float) Math.rint(weights[i] / step) * step, numbers[i], "channel " + channel);
				assertTrue(Math.abs(weights[i] - numbers[i]) <= step / 2 * 1.0001, weights[i] + " became " + numbers[i]);
			}
		}
	}

	/** Nearer than 8-bit floats, whose steps are 1/8 of a number's power of two. */
	@ParameterizedTest
	@CsvSource({ "sd1, 32", "sd2, 40" })
	void predictionsAreNearerThanWithEightBitFloats(final String model, final int width) {
		final float[] plain = prediction(model, width, ""), whole = prediction(model, width, "storage=int8"), floats = prediction(model, width, "storage=float8_e4m3fn");
		assertTrue(error(plain, whole) > 0);
		assertTrue(error(plain, whole) < 0.5 * error(plain, floats), error(plain, whole) + " and " + error(plain, floats));
		assertArrayEquals(whole, prediction(model, width, "storage=int8;offload=leaf"));
		assertArrayEquals(whole, prediction(model, width, "storage=int8;offload=block:2+disk"));
	}

	private static float[] prediction(final String name, final int width, final String plan) {
		final Path folder = GoldenCase.model(name + "/unet");
		try (Scope scope = Scope.open();
			ModelMemory memory = new ModelMemory(MemoryPlan.parse("preset=fast;packed=off;" + plan).filledFor(Device.CPU), Device.CPU, Mover.NATIVE, Map.of("unet", 1L), Set.of(), note -> {});
			UNet2DConditionModel unet = memory.place("unet", new UNet2DConditionModel(UNet2DConditionConfig.of(Config.read(folder.resolve("config.json"))),
				new SafetensorsReader(folder.resolve("diffusion_pytorch_model.safetensors")), DType.FLOAT32)))
		{
			return unet.predict(Noise.of(1).randn(DType.FLOAT32, 1, 4, 8, 8), 500, Conditioning.of(Noise.of(2).randn(DType.FLOAT32, 1, 77, width))).toFloatArray();
		}
	}

	private static double error(final float[] right, final float[] found) {
		double off = 0, all = 0;
		for (int i = 0; i < right.length; i++) {
			off += (right[i] - found[i]) * (right[i] - found[i]);
			all += right[i] * right[i];
		}
		return Math.sqrt(off / all);
	}
}
