package sc.fiji.diffedit.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** Folders in diffusers format, sound and hostile. */
@ExtendWith(NoNativeLeaks.InScope.class)
class ModelFolderTest {

	private static final Path MODELS = Path.of("src/test/resources/goldens/models");

	@TempDir
	Path temp;

	@Test
	void aFolderNamesItsPartsConfigsAndWeights() {
		try (ModelFolder folder = ModelFolder.open(MODELS.resolve("sd1")); Scope inner = Scope.open()) {
			assertEquals(List.of("scheduler", "text_encoder", "tokenizer", "unet", "vae"), folder.parts());
			assertEquals("StableDiffusionPipeline", folder.index().getString("_class_name", ""));
			assertEquals("UNet2DConditionModel", folder.className("unet"));
			assertEquals("PNDMScheduler", folder.config("scheduler").getString("_class_name", ""));
			assertEquals(77, folder.config("tokenizer").getInt("model_max_length", 0));
			assertFalse(folder.has("safety_checker"));
			assertTrue(folder.has("tokenizer", "merges.txt"));
			final Weights unet = folder.weights("unet");
			assertSame(unet, folder.weights("unet"));
			assertArrayEquals(new long[] { 16, 4, 3, 3 }, unet.get("conv_in.weight").shape());
			assertTrue(unet.get("conv_in.weight").isFinite());
		}
	}

	@Test
	void textEncodersHaveOneNamingWhoeverWroteThem() {
		for (final String model : new String[] { "sd1", "sd2" }) {
			try (ModelFolder folder = ModelFolder.open(MODELS.resolve(model))) {
				final Weights weights = folder.weights("text_encoder");
				assertTrue(weights.has("embeddings.token_embedding.weight"));
				assertTrue(weights.has("encoder.layers.0.self_attn.q_proj.bias"));
				assertFalse(weights.has("text_model.final_layer_norm.weight"));
			}
		}
	}

	@Test
	void oldAttentionNamesOfAutoencodersAreRead() throws IOException {
		final Tensor one = Tensor.of(new float[] { 1 }, 1);
		write("vae", "AutoencoderKL", "diffusion_pytorch_model.safetensors", Map.of(
			"encoder.mid_block.attentions.0.query.weight", one, "encoder.mid_block.attentions.0.proj_attn.bias", one, "quant_conv.bias", one));
		try (ModelFolder folder = ModelFolder.open(temp)) {
			assertEquals(java.util.Set.of("encoder.mid_block.attentions.0.to_q.weight", "encoder.mid_block.attentions.0.to_out.0.bias", "quant_conv.bias"),
				folder.weights("vae").names());
		}
	}

	@Test
	void theSafetyCheckersImageEncoderHasOneName() throws IOException {
		final Tensor one = Tensor.of(new float[] { 1 }, 1);
		write("safety_checker", "StableDiffusionSafetyChecker", "model.safetensors",
			Map.of("vision_model.vision_model.post_layernorm.bias", one, "concept_embeds", one));
		try (ModelFolder folder = ModelFolder.open(temp)) {
			assertEquals(java.util.Set.of("vision_model.post_layernorm.bias", "concept_embeds"), folder.weights("safety_checker").names());
		}
	}

	@Test
	void aFolderMayBeASinglePart() {
		try (ModelFolder folder = ModelFolder.open(MODELS.resolve("sd1/unet"))) {
			assertEquals(List.of(ModelFolder.WHOLE), folder.parts());
			assertEquals("UNet2DConditionModel", folder.className(ModelFolder.WHOLE));
			assertTrue(folder.weights(ModelFolder.WHOLE).has("conv_in.weight"));
		}
	}

	@Test
	void whatIsMissingIsSaid() throws IOException {
		says("no folder", () -> ModelFolder.open(temp.resolve("absent")));
		says("model_index.json", () -> ModelFolder.open(temp));
		Files.writeString(temp.resolve("model_index.json"), "{\"unet\":[\"diffusers\",\"UNet2DConditionModel\"],\"vae\":[\"diffusers\",\"AutoencoderKL\"]}");
		Files.createDirectory(temp.resolve("unet"));
		final ModelFolder folder = ModelFolder.open(temp);
		says("no part 'text_encoder'; it has unet, vae", () -> folder.config("text_encoder"));
		says("though model_index.json names it", () -> folder.weights("vae"));
		says("no file unet/config.json", () -> folder.config("unet"));
		says("no weights for 'unet'", () -> folder.weights("unet"));
		Files.writeString(temp.resolve("unet/config.json"), "{\"a\":");
		says("cannot be read as JSON", () -> folder.config("unet"));
		Files.writeString(temp.resolve("unet/config.json"), "[".repeat(1_000_000));
		says("config.json", () -> folder.config("unet"));
	}

	@Test
	void pathsOutOfTheFolderAreRefused() throws IOException {
		final Path secret = Files.writeString(Files.createTempFile("secret", ".json"), "{}");
		Files.createDirectories(temp.resolve("unet"));
		Files.writeString(temp.resolve("model_index.json"), "{\"unet\":[\"diffusers\",\"UNet2DConditionModel\"],\"../x\":[\"diffusers\",\"UNet2DConditionModel\"]}");
		final ModelFolder folder = ModelFolder.open(temp);
		assertThrows(DiffEditException.class, () -> folder.file("unet", "../../" + secret.getFileName()));
		assertThrows(DiffEditException.class, () -> folder.file("unet", secret.toString()));
		assertThrows(DiffEditException.class, () -> folder.config("../x"));
		Files.createSymbolicLink(temp.resolve("unet/config.json"), secret);
		says("leads out of", () -> folder.config("unet"));
		for (final String shard : new String[] { "../x.safetensors", "/etc/passwd", "..", "", "a\\\\b", "a/b" }) {
			Files.writeString(temp.resolve("unet/diffusion_pytorch_model.safetensors.index.json"), "{\"weight_map\":{\"a\":\"" + shard + "\"}}");
			says("not a file in its own folder", () -> folder.weights("unet"));
		}
		Files.delete(secret);
	}

	@Test
	void linksInsideTheCacheOfTheHubAreFollowed() throws IOException {
		final Path cache = temp.toRealPath();
		final Path snapshot = Files.createDirectories(cache.resolve("models--org--name/snapshots/abc/unet"));
		final Path blob = Files.writeString(Files.createDirectories(cache.resolve("models--org--name/blobs")).resolve("123"), "{\"a\":1}");
		Files.createSymbolicLink(snapshot.resolve("config.json"), Path.of("../../../blobs/123"));
		Files.writeString(snapshot.resolveSibling("model_index.json"), "{\"unet\":[\"diffusers\",\"UNet2DConditionModel\"]}");
		assertEquals(1, ModelFolder.open(snapshot.getParent()).config("unet").getInt("a", 0));
		assertTrue(Files.exists(blob));
	}

	@Test
	void shardsAreOneSetOfWeights() throws IOException {
		final Tensor one = Tensor.of(new float[] { 1 }, 1);
		write("unet", "UNet2DConditionModel", "a.safetensors", Map.of("a", one));
		SafetensorsWriter.write(temp.resolve("unet/b.safetensors"), Map.of("b", one.to(DType.FLOAT16)), Map.of());
		final Path index = temp.resolve("unet/diffusion_pytorch_model.safetensors.index.json");
		Files.writeString(index, "{\"metadata\":{},\"weight_map\":{\"a\":\"a.safetensors\",\"b\":\"b.safetensors\"}}");
		try (ModelFolder folder = ModelFolder.open(temp); Scope inner = Scope.open()) {
			assertEquals(DType.FLOAT16, folder.weights("unet").get("b").dtype());
			assertEquals(1, folder.weights("unet").get("a").toFloat());
		}
		Files.writeString(index, "{\"weight_map\":{\"c\":\"a.safetensors\"}}");
		try (ModelFolder folder = ModelFolder.open(temp)) {
			says("do not belong together", () -> folder.weights("unet"));
		}
		Files.writeString(index, "{\"weight_map\":{\"c\":\"absent.safetensors\"}}");
		try (ModelFolder folder = ModelFolder.open(temp)) {
			says("no file unet/absent.safetensors", () -> folder.weights("unet"));
		}
	}

	@Test
	void shardsVariantsAndPicklesHoldTheSameModel() {
		try (ModelFolder plain = ModelFolder.open(MODELS.resolve("sd1")); ModelFolder sharded = ModelFolder.open(MODELS.resolve("sd1-sharded"));
				ModelFolder variant = ModelFolder.open(MODELS.resolve("sd1-variant"), ModelOptions.DEFAULTS.withVariant("fp16"));
				ModelFolder bin = ModelFolder.open(MODELS.resolve("sd1-bin")); Scope inner = Scope.open())
		{
			for (final String part : List.of("unet", "vae", "text_encoder")) {
				for (final ModelFolder other : List.of(sharded, variant, bin)) {
					assertEquals(java.util.Set.copyOf(plain.weights(part).names()), java.util.Set.copyOf(other.weights(part).names()));
				}
				final String name = part.equals("text_encoder") ? "final_layer_norm.weight" : "conv_out.weight";
				if (!plain.weights(part).has(name)) continue;
				final Tensor half = plain.weights(part).get(name).to(DType.FLOAT16);
				assertArrayEquals(plain.weights(part).get(name).toFloatArray(), sharded.weights(part).get(name).toFloatArray());
				assertArrayEquals(half.toFloatArray(), variant.weights(part).get(name).toFloatArray());
				assertArrayEquals(half.toFloatArray(), bin.weights(part).get(name).toFloatArray());
			}
			assertEquals(List.of("fp16"), variant.variants("unet"));
		}
	}

	/** Shards as old versions of transformers wrote them: {@code pytorch_model.bin.index.json}. */
	@Test
	void picklesInShardsAreFoundByTheirIndex() throws IOException {
		final Path whole = MODELS.resolve("sd1-bin/text_encoder/pytorch_model.bin");
		Files.createDirectories(temp.resolve("text_encoder"));
		final JsonObject map = new JsonObject();
		try (PickleFile bin = PickleFile.open(whole)) {
			int i = 0;
			for (final String name : bin.names()) map.addProperty(name, "pytorch_model-0000" + (1 + i++ % 2) + "-of-00002.bin");
		}
		for (int i = 1; i <= 2; i++) Files.copy(whole, temp.resolve("text_encoder/pytorch_model-0000" + i + "-of-00002.bin"));
		final JsonObject index = new JsonObject();
		index.add("weight_map", map);
		Files.writeString(temp.resolve("text_encoder/pytorch_model.bin.index.json"), index.toString());
		Files.writeString(temp.resolve("model_index.json"), "{\"text_encoder\":[\"transformers\",\"CLIPTextModel\"]}");
		try (ModelFolder folder = ModelFolder.open(temp); ModelFolder plain = ModelFolder.open(MODELS.resolve("sd1-bin")); Scope inner = Scope.open()) {
			final Weights shards = folder.weights("text_encoder");
			assertEquals(plain.weights("text_encoder").names(), shards.names());
			for (final String name : shards.names()) {
				assertArrayEquals(plain.weights("text_encoder").get(name).toFloatArray(), shards.get(name).toFloatArray());
			}
		}
	}

	@Test
	void theOnlyVariantIsTakenAndAWishedOneComesFirst() throws IOException {
		final Tensor one = Tensor.of(new float[] { 1 }, 1);
		write("unet", "UNet2DConditionModel", "diffusion_pytorch_model.ema.safetensors", Map.of("a", one));
		check(1, ModelOptions.DEFAULTS);
		write("unet", "UNet2DConditionModel", "diffusion_pytorch_model.fp16.safetensors", Map.of("a", one.plus(1)));
		check(2, ModelOptions.DEFAULTS);
		check(1, ModelOptions.DEFAULTS.withVariant("ema"));
		write("unet", "UNet2DConditionModel", "diffusion_pytorch_model.safetensors", Map.of("a", one.plus(2)));
		check(3, ModelOptions.DEFAULTS);
		check(2, ModelOptions.DEFAULTS.withVariant("fp16"));
		check(3, ModelOptions.DEFAULTS.withVariant("absent"));
		Files.writeString(temp.resolve("unet/diffusion_pytorch_model.safetensors.index.int8.json"), "{\"weight_map\":{\"a\":\"diffusion_pytorch_model.ema.safetensors\"}}");
		check(1, ModelOptions.DEFAULTS.withVariant("int8"));
		try (ModelFolder folder = ModelFolder.open(temp)) {
			assertEquals(List.of("ema", "fp16", "int8"), folder.variants("unet"));
		}
	}

	@Test
	void aVariantMayBeARevisionInAFolderOfItsName() throws IOException {
		write("unet", "UNet2DConditionModel", "diffusion_pytorch_model.safetensors", Map.of("a", Tensor.of(new float[] { 1 }, 1)));
		Files.createDirectories(temp.resolve("fp16/unet"));
		Files.writeString(temp.resolve("fp16/model_index.json"), "{\"unet\":[\"diffusers\",\"UNet2DConditionModel\"]}");
		SafetensorsWriter.write(temp.resolve("fp16/unet/diffusion_pytorch_model.safetensors"), Map.of("a", Tensor.of(new float[] { 2 }, 1)), Map.of());
		check(2, ModelOptions.DEFAULTS.withVariant("fp16"));
		check(1, ModelOptions.DEFAULTS.withVariant(".."));
	}

	private void check(final float wanted, final ModelOptions options) {
		try (ModelFolder folder = ModelFolder.open(temp, options); Scope inner = Scope.open()) {
			assertEquals(wanted, folder.weights("unet").get("a").toFloat());
		}
	}

	private void write(final String part, final String className, final String file, final Map<String, Tensor> tensors) throws IOException {
		Files.createDirectories(temp.resolve(part));
		Files.writeString(temp.resolve("model_index.json"), "{\"" + part + "\":[\"diffusers\",\"" + className + "\"]}");
		SafetensorsWriter.write(temp.resolve(part).resolve(file), tensors, Map.of());
	}

	private static void says(final String words, final org.junit.jupiter.api.function.Executable action) {
		final String message = assertThrows(DiffEditException.class, action).getMessage();
		assertTrue(message.contains(words), message);
	}
}
