package sc.fiji.diffedit.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.Rounding;
import sc.fiji.diffedit.SafetensorsReader;
import sc.fiji.diffedit.benchmark.RandomWeights;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.models.AutoencoderKL;
import sc.fiji.diffedit.models.AutoencoderKLConfig;
import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.models.UNet2DConditionConfig;
import sc.fiji.diffedit.models.UNet2DConditionModel;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.nn.BlockPolicy;
import sc.fiji.diffedit.nn.Leaf;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Generator;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** Packed weights change the speed and nothing else: the goldens hold on them as they do on plain ones. */
@ExtendWith(NoNativeLeaks.class)
@Numeric
class PackedWeightsTest {

	/** The runs of a case have different sizes, so a network that packs at once packs anew for each of them. */
	@ParameterizedTest
	@CsvSource({ "sd1,0", "sd2,0", "sdxl,0", "sdxl-refiner,0", "sd1-inpaint,0", "sd2,1" })
	void unetGivesWhatDiffusersGives(final String model, final int plainCalls) {
		final GoldenCase golden = new GoldenCase("B_unet_" + model);
		try (Scope scope = Scope.open(); UNet2DConditionModel unet = unet(model, DType.FLOAT32)) {
			assumeTrue(PackedWeights.attach(unet, plainCalls));
			int i = 0;
			for (final JsonElement run : golden.json().getAsJsonArray("runs")) {
				final String out = "out." + i++;
				for (int again = 0; again < 2 + plainCalls; again++) golden.check(out, run(unet, golden, run.getAsJsonObject()));
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "sd1", "sd2", "sdxl" })
	void autoencoderGivesWhatDiffusersGives(final String model) {
		final GoldenCase golden = new GoldenCase("B_vae_" + model);
		final Path folder = GoldenCase.model(model + "/vae");
		try (Scope scope = Scope.open(); AutoencoderKL vae = new AutoencoderKL(AutoencoderKLConfig.of(Config.read(folder.resolve("config.json"))),
			new SafetensorsReader(folder.resolve("diffusion_pytorch_model.safetensors")), DType.FLOAT32))
		{
			assumeTrue(PackedWeights.attach(vae, 0));
			int i = 0;
			for (final JsonElement element : golden.json().getAsJsonArray("runs")) {
				final JsonObject run = element.getAsJsonObject();
				final Tensor input = golden.tensor(run.getAsJsonObject("input").get("$tensor").getAsString());
				golden.check("out." + i++, run.get("op").getAsString().equals("encode") ? vae.encode(input).parameters() : vae.decode(input));
			}
		}
	}

	/** Layers as wide as those of real models take fewer multiplications, with tiles of four, of two, and across the edge. */
	@ParameterizedTest
	@CsvSource({ "32, 32", "16, 16", "36, 38" })
	void wideLayersGiveWhatPlainOnesGive(final int height, final int width) {
		final UNet2DConditionConfig config = UNet2DConditionConfig.of(new Config("a wide UNet", JsonParser.parseString(
			"{'cross_attention_dim': 16, 'block_out_channels': [64, 96], 'down_block_types': ['DownBlock2D', 'CrossAttnDownBlock2D'], "
				+ "'up_block_types': ['CrossAttnUpBlock2D', 'UpBlock2D'], 'layers_per_block': 1}").getAsJsonObject()));
		final RandomWeights weights = new RandomWeights(config, DType.FLOAT32);
		try (Scope scope = Scope.open(); UNet2DConditionModel unet = new UNet2DConditionModel(config, weights, DType.FLOAT32)) {
			final Generator generator = Generator.of(4);
			final Tensor sample = generator.randn(DType.FLOAT32, 3, 4, height, width);
			final Conditioning conditioning = Conditioning.of(generator.randn(DType.FLOAT32, 3, 7, 16));
			final float[] plain = unet.predict(sample, 481, conditioning).toFloatArray();
			float largest = 0;
			for (final float value : plain) largest = Math.max(largest, Math.abs(value));
			assumeTrue(PackedWeights.attach(unet, 0));
			for (int again = 0; again < 2; again++) {
				Rounding.assertClose(plain, unet.predict(sample, 481, conditioning).toFloatArray(), 1e-5 * largest);
			}
		}
	}

	@Test
	void halfPrecisionIsAsNearToTheTruthAsPlain() {
		final GoldenCase golden = new GoldenCase("B_unet_sd1");
		final JsonObject run = golden.json().getAsJsonArray("runs").get(1).getAsJsonObject();
		try (Scope scope = Scope.open(); UNet2DConditionModel unet = unet("sd1", DType.BFLOAT16)) {
			final double plain = error(golden, run(unet, golden, run));
			assumeTrue(PackedWeights.attach(unet, 0));
			final double packed = error(golden, run(unet, golden, run));
			assertTrue(packed < 1.5 * plain, "mean error " + packed + " packed, " + plain + " plain");
		}
	}

	/** SDXL's blocks are called once a prediction; the first transformer of other UNets twice, before and after it looks at words. */
	@Test
	void aBlockIsPackedOnceItsSizeHasComeOften() {
		final GoldenCase golden = new GoldenCase("B_unet_sdxl");
		final JsonObject run = golden.json().getAsJsonArray("runs").get(0).getAsJsonObject();
		try (Scope scope = Scope.open(); UNet2DConditionModel unet = unet("sdxl", DType.FLOAT32)) {
			assumeTrue(PackedWeights.attach(unet, 2));
			run(unet, golden, run);
			run(unet, golden, run);
			assertTrue(unet.blocks().stream().allMatch(Block::isLoaded), "two plain calls");
			run(unet, golden, run);
			assertTrue(unet.blocks().stream().noneMatch(Block::isLoaded), "packed, so no plain tensors are held");
		}
	}

	/** Keys and values of words are kept from call to call, but only for the same words. */
	@Test
	void otherWordsOfTheSameSizeGiveTheirOwnResult() {
		final GoldenCase golden = new GoldenCase("B_unet_sd1");
		try (Scope scope = Scope.open(); UNet2DConditionModel unet = unet("sd1", DType.FLOAT32)) {
			assumeTrue(PackedWeights.attach(unet, 0));
			for (final int i : new int[] { 0, 6, 6, 0 }) {
				golden.check("out." + i, run(unet, golden, golden.json().getAsJsonArray("runs").get(i).getAsJsonObject()));
			}
		}
	}

	@Test
	void changedWeightsArePackedAnew() {
		final GoldenCase golden = new GoldenCase("B_unet_sd1");
		final JsonObject run = golden.json().getAsJsonArray("runs").get(0).getAsJsonObject();
		try (Scope scope = Scope.open(); UNet2DConditionModel unet = unet("sd1", DType.FLOAT32)) {
			assumeTrue(PackedWeights.attach(unet, 0));
			golden.check("out.0", run(unet, golden, run));
			final Block last = unet.blocks().get(unet.blocks().size() - 1);
			final Map<String, Tensor> changed = new LinkedHashMap<>(last.load());
			changed.put("conv_out.bias", changed.get("conv_out.bias").plus(100));
			changed.put("conv_out.weight", changed.get("conv_out.weight").multiply(0));
			last.replace(changed);
			final Tensor bias = last.parameters().tensors().get("conv_out.bias").reshape(1, 4, 1, 1);
			for (int again = 0; again < 2; again++) {
				assertArrayEquals(Tensor.zeros(DType.FLOAT32, 1, 4, 8, 8).plus(bias).toFloatArray(), run(unet, golden, run).toFloatArray());
			}
			assertTrue(last.isLoaded(), "tensors that no file holds are not given up");
			last.evict();
			golden.check("out.0", run(unet, golden, run));
		}
	}

	@Test
	void adaptersBesideTheWeightsWorkAsOnPlainOnes() {
		final GoldenCase golden = new GoldenCase("B_unet_sd1");
		final JsonObject run = golden.json().getAsJsonArray("runs").get(1).getAsJsonObject();
		try (Scope scope = Scope.open(); UNet2DConditionModel unet = unet("sd1", DType.FLOAT32)) {
			unet.blocks().forEach(PackedWeightsTest::adapt);
			final Tensor plain = run(unet, golden, run);
			final double change = plain.minus(golden.tensor("out.1")).abs().mean().toFloat();
			assertTrue(change > 0.01, "the adapters change the result by " + change);
			assumeTrue(PackedWeights.attach(unet, 0));
			for (int again = 0; again < 2; again++) {
				Rounding.assertClose(plain.toFloatArray(), run(unet, golden, run).toFloatArray(), 2e-3);
			}
		}
	}

	/** A small random pair beside each convolution and each linear layer. */
	private static void adapt(final Block block) {
		final Map<String, Tensor> tensors = new LinkedHashMap<>(block.load());
		final Generator generator = Generator.of(block.path().hashCode());
		for (final Leaf leaf : block.leaves()) {
			final long[] shape = leaf.shape();
			if (leaf.kind() != Leaf.Kind.CONV2D && leaf.kind() != Leaf.Kind.LINEAR) continue;
			final boolean image = shape.length == 4;
			final Tensor down = image ? generator.randn(DType.FLOAT32, 2, shape[1], shape[2], shape[3]) : generator.randn(DType.FLOAT32, 2, shape[1]);
			final Tensor up = image ? generator.randn(DType.FLOAT32, shape[0], 2, 1, 1) : generator.randn(DType.FLOAT32, shape[0], 2);
			tensors.put(leaf.name() + ".lora_down", down.multiply(0.03));
			tensors.put(leaf.name() + ".lora_up", up.multiply(0.1));
		}
		block.replace(tensors);
	}

	@Test
	void networksInOtherTypesAndUnderOtherPoliciesAreLeftAlone() {
		try (UNet2DConditionModel half = unet("sd1", DType.FLOAT16); UNet2DConditionModel moved = unet("sd1", DType.FLOAT32)) {
			assertFalse(PackedWeights.attach(half, 0));
			final BlockPolicy own = (block, kernel, arguments) -> BlockPolicy.DIRECT.call(block, kernel, arguments);
			moved.blocks().get(0).setPolicy(own);
			assumeTrue(PackedWeights.attach(moved, 0));
			assertEquals(own, moved.blocks().get(0).policy());
			assertNotSame(BlockPolicy.DIRECT, moved.blocks().get(1).policy());
		}
	}

	private static double error(final GoldenCase golden, final Tensor noise) {
		return noise.to(DType.FLOAT32).minus(golden.tensor("out.1")).abs().mean().toFloat();
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

	private static UNet2DConditionModel unet(final String model, final DType dtype) {
		final Path folder = GoldenCase.model(model + "/unet");
		return new UNet2DConditionModel(UNet2DConditionConfig.of(Config.read(folder.resolve("config.json"))),
			new SafetensorsReader(folder.resolve("diffusion_pytorch_model.safetensors")), dtype);
	}
}
