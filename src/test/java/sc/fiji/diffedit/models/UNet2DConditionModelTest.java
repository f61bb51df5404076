package sc.fiji.diffedit.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.SafetensorsReader;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** The UNet against diffusers (goldens B_unet_*), and what it says to configs and inputs that it cannot serve. */
@ExtendWith(NoNativeLeaks.class)
@Numeric
class UNet2DConditionModelTest {

	@ParameterizedTest
	@ValueSource(strings = { "sd1", "sd2", "sdxl", "sdxl-refiner", "sd1-inpaint", "ssd1b", "bk-small", "bk-tiny" })
	void givesWhatDiffusersGives(final String model) {
		final GoldenCase golden = new GoldenCase("B_unet_" + model);
		try (Scope scope = Scope.open(); UNet2DConditionModel unet = load(model, DType.FLOAT32)) {
			int i = 0;
			for (final JsonElement run : golden.json().getAsJsonArray("runs")) golden.check("out." + i++, run(unet, golden, run.getAsJsonObject()));
		}
	}

	@Test
	void computesInTheTypeItWasAskedFor() {
		final GoldenCase golden = new GoldenCase("B_unet_sd1");
		try (Scope scope = Scope.open(); UNet2DConditionModel unet = load("sd1", DType.BFLOAT16)) {
			final Tensor noise = run(unet, golden, golden.json().getAsJsonArray("runs").get(0).getAsJsonObject());
			assertEquals(DType.BFLOAT16, noise.dtype());
			final double error = noise.to(DType.FLOAT32).minus(golden.tensor("out.0")).abs().mean().toFloat();
			assertTrue(error < 0.15, "mean error " + error + " of numbers whose spread is 0.87; these small networks enlarge rounding");
		}
	}

	@Test
	void blocksStandInTheOrderOfTheForwardPass() {
		try (UNet2DConditionModel unet = load("sdxl", DType.FLOAT32)) {
			assertEquals("time_embedding.", unet.blocks().get(0).path());
			assertEquals("add_embedding.", unet.blocks().get(1).path());
			assertTrue(unet.blocks().stream().anyMatch(b -> b.path().equals("mid_block.attentions.0.transformer_blocks.1.")));
			final SafetensorsReader weights = weights("sdxl");
			assertEquals(weights.names().stream().mapToLong(n -> count(weights.shape(n))).sum(), unet.parameterCount());
		}
	}

	/** Each of these keys asks for something that no model of the Stable Diffusion family has. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "act_fn|'gelu'", "down_block_types|['AttnDownBlock2D','DownBlock2D','DownBlock2D']",
		"up_block_types|['UpBlock2D']", "mid_block_type|'UNetMidBlock2DSimpleCrossAttn'", "class_embed_type|'timestep'",
		"encoder_hid_dim_type|'text_proj'", "resnet_time_scale_shift|'scale_shift'", "time_embedding_type|'fourier'",
		"addition_embed_type|'image'", "attention_head_dim|7", "attention_head_dim|[2,4]", "attention_head_dim|0", "block_out_channels|[]",
		"block_out_channels|[16,20,32]", "conv_in_kernel|2", "only_cross_attention|true", "norm_num_groups|null",
		"transformer_layers_per_block|[[1,2],1,1]", "in_channels|-4" })
	void refusesWhatItDoesNotHaveInOneSentence(final String key, final String value) {
		final Config config = config("sd1");
		config.json().add(key, JsonParser.parseString(value.replace('\'', '"')));
		final String message = assertThrows(DiffEditException.class, () -> UNet2DConditionConfig.of(config)).getMessage();
		assertTrue(message.contains("unet/config.json") && message.contains(key.equals("attention_head_dim") ? "heads" : key)
			|| message.contains(key), message);
	}

	@Test
	void refusesWeightsOfAnotherConfig() {
		final String message = assertThrows(DiffEditException.class,
			() -> new UNet2DConditionModel(UNet2DConditionConfig.of(config("sd1-inpaint")), weights("sd1"), DType.FLOAT32)).getMessage();
		assertTrue(message.contains("conv_in.weight") && message.contains("[16, 9, 3, 3]"), message);
	}

	@Test
	void refusesInputsOfAnotherKindAndStaysUsable() {
		try (Scope scope = Scope.open(); UNet2DConditionModel unet = load("sdxl", DType.FLOAT32)) {
			final Tensor sample = Tensor.zeros(DType.FLOAT32, 2, 4, 8, 8);
			final Conditioning conditioning = Conditioning.of(Tensor.zeros(DType.FLOAT32, 2, 77, 64));
			refused("9 x", unet, Tensor.zeros(DType.FLOAT32, 2, 9, 8, 8), 1, conditioning, "4 input channels");
			refused("words", unet, sample, 1, Conditioning.of(Tensor.zeros(DType.FLOAT32, 2, 77, 32)), "[2, 77, 32]");
			refused("batch", unet, sample, 1, Conditioning.of(Tensor.zeros(DType.FLOAT32, 1, 77, 64)), "[1, 77, 64]");
			refused("added", unet, sample, 1, conditioning, "time_ids");
			final Conditioning refiner = conditioning.with(Conditioning.TEXT_EMBEDS, Tensor.zeros(DType.FLOAT32, 2, 36));
			refused("ids", unet, sample, 1, refiner.with(Conditioning.TIME_IDS, Tensor.zeros(DType.FLOAT32, 2, 5)), "refiner 5");
			refused("times", unet, sample, 3, refiner.with(Conditioning.TIME_IDS, Tensor.zeros(DType.FLOAT32, 2, 6)), "3 timesteps");
			assertArrayEquals(new long[] { 2, 4, 8, 8 },
				unet.predict(sample, 1, refiner.with(Conditioning.TIME_IDS, Tensor.zeros(DType.FLOAT32, 2, 6))).shape());
		}
	}

	private static void refused(final String what, final UNet2DConditionModel unet, final Tensor sample, final int times,
		final Conditioning conditioning, final String word)
	{
		final String message = assertThrows(DiffEditException.class,
			() -> unet.predict(sample, Tensor.zeros(DType.FLOAT32, times), conditioning), what).getMessage();
		assertTrue(message.contains(word), message);
	}

	private static Tensor run(final UNet2DConditionModel unet, final GoldenCase golden, final JsonObject run) {
		Conditioning conditioning = Conditioning.of(tensor(golden, run.get("encoder_hidden_states")));
		if (run.has("added_cond_kwargs")) {
			for (final var added : run.getAsJsonObject("added_cond_kwargs").entrySet()) {
				conditioning = conditioning.with(added.getKey(), tensor(golden, added.getValue()));
			}
		}
		final Tensor sample = tensor(golden, run.get("sample"));
		final JsonElement timestep = run.get("timestep");
		return timestep.isJsonObject() ? unet.predict(sample, tensor(golden, timestep), conditioning)
			: unet.predict(sample, timestep.getAsDouble(), conditioning);
	}

	private static Tensor tensor(final GoldenCase golden, final JsonElement reference) {
		return golden.tensor(reference.getAsJsonObject().get("$tensor").getAsString());
	}

	private static UNet2DConditionModel load(final String model, final DType dtype) {
		return new UNet2DConditionModel(UNet2DConditionConfig.of(config(model)), weights(model), dtype);
	}

	private static Config config(final String model) {
		return Config.read(folder(model).resolve("config.json"));
	}

	private static SafetensorsReader weights(final String model) {
		return new SafetensorsReader(folder(model).resolve("diffusion_pytorch_model.safetensors"));
	}

	private static Path folder(final String model) {
		return GoldenCase.model(model + "/unet");
	}

	private static long count(final long[] shape) {
		long count = 1;
		for (final long length : shape) count *= length;
		return count;
	}
}
