package sc.fiji.diffedit.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** Checkpoints in one file hold the very weights of the folder they were made from. */
@ExtendWith(NoNativeLeaks.InScope.class)
class SingleFileTest {

	private static final Path MODELS = Path.of("src/test/resources/goldens/models");

	@TempDir
	Path temp;

	@ParameterizedTest
	@CsvSource({ "sd1.safetensors, sd1, FLOAT32", "sd1_fp16.ckpt, sd1, FLOAT16", "sdxl_fp16.safetensors, sdxl, FLOAT16" })
	void oneFileIsTheFolderItWasMadeFrom(final String name, final String model, final DType dtype) {
		try (ModelFolder folder = ModelFolder.open(MODELS.resolve(model));
				ModelFolder file = ModelFolder.open(MODELS.resolve("single").resolve(name), ModelOptions.DEFAULTS.withCompanion(MODELS.resolve(model))))
		{
			assertEquals(folder.parts(), file.parts());
			for (final String part : List.of("unet", "vae", "text_encoder", "text_encoder_2")) {
				if (folder.has(part)) assertSame(folder.weights(part), file.weights(part), dtype);
			}
			assertEquals(folder.config("unet").json(), file.config("unet").json());
			assertEquals(folder.file("tokenizer", "vocab.json"), file.file("tokenizer", "vocab.json"));
		}
	}

	private static void assertSame(final Weights wanted, final Weights found, final DType dtype) {
		assertEquals(Set.copyOf(wanted.names()), Set.copyOf(found.names()));
		for (final String name : wanted.names()) {
			try (Scope inner = Scope.open()) {
				assertArrayEquals(wanted.shape(name), found.shape(name), name);
				assertArrayEquals(wanted.shape(name), found.get(name).shape(), name);
				assertArrayEquals(wanted.get(name).to(dtype).toFloatArray(), found.get(name).toFloatArray(), name);
			}
		}
	}

	/** Every name of the golden models goes to its original and comes back. */
	@ParameterizedTest
	@CsvSource({ "sd1.safetensors, sd1", "sdxl_fp16.safetensors, sdxl" })
	void namesGoBothWays(final String name, final String model) {
		try (ModelFolder folder = ModelFolder.open(MODELS.resolve(model)); WeightsFile file = WeightsFile.open(MODELS.resolve("single").resolve(name))) {
			final NameTable unet = SingleFile.UNetShape.of(file, SingleFile.UNET).names();
			for (final String diffusers : folder.weights("unet").names()) {
				final String original = unet.toOriginal(diffusers).orElseThrow();
				assertTrue(file.has(SingleFile.UNET + original), original);
				assertEquals(diffusers, unet.toDiffusers(original).orElseThrow());
			}
			final NameTable vae = SingleFile.vaeNames(file, SingleFile.VAE);
			for (final String diffusers : folder.weights("vae").names()) {
				final String original = vae.toOriginal(diffusers).orElseThrow();
				assertTrue(file.has(SingleFile.VAE + original), original);
				assertEquals(diffusers, vae.toDiffusers(original).orElseThrow());
			}
			assertEquals("down_blocks.1.downsamplers.0.conv", unet.toDiffusers("input_blocks.6.0.op").orElseThrow());
			assertTrue(unet.toDiffusers("nonsense.weight").isEmpty());
		}
	}

	@Test
	void withoutACompanionItSaysWhatIsMissing() {
		try (ModelFolder file = ModelFolder.open(MODELS.resolve("single/sd1.safetensors"))) {
			assertEquals("StableDiffusionPipeline", file.index().getString("_class_name", ""));
			assertTrue(file.has("unet") && file.has("scheduler") && !file.has("tokenizer"));
			says("name a model folder of the same family (Stable Diffusion 1.x)", () -> file.file("tokenizer", "vocab.json"));
			says("name a folder with its configs", () -> file.config("unet"));
		}
		says("not a checkpoint of Stable Diffusion", () -> ModelFolder.open(MODELS.resolve("sd1/unet/diffusion_pytorch_model.safetensors")));
	}

	@Test
	void tokenizersBesideTheFileAreFound() throws IOException {
		final Path file = Files.copy(MODELS.resolve("single/sd1.safetensors"), temp.resolve("model.safetensors"));
		Files.createDirectories(temp.resolve("model/tokenizer"));
		for (final String name : List.of("vocab.json", "merges.txt", "tokenizer_config.json")) {
			Files.copy(MODELS.resolve("sd1/tokenizer").resolve(name), temp.resolve("model/tokenizer").resolve(name));
		}
		try (ModelFolder model = ModelFolder.open(file)) {
			assertTrue(model.has("tokenizer", "merges.txt"));
			assertEquals(temp.resolve("model/tokenizer/vocab.json"), model.file("tokenizer", "vocab.json"));
			assertEquals(77, model.config("tokenizer").getInt("model_max_length", 0));
			assertThrows(DiffEditException.class, () -> model.file("tokenizer", "../../model.safetensors"));
		}
	}

	/** A VAE of its own, as original names, as a folder, and as the part of another model. */
	@Test
	void partsMayComeFromElsewhere() {
		final Tensor one = Tensor.full(1, DType.FLOAT32, 1);
		final Path vae = temp.resolve("vae.safetensors");
		SafetensorsWriter.write(vae, Map.of("decoder.mid.block_1.norm1.weight", one, "decoder.mid.attn_1.q.weight", one.reshape(1, 1, 1, 1),
			"decoder.up.0.block.0.conv1.weight", one), Map.of());
		try (ModelFolder model = ModelFolder.open(MODELS.resolve("sd1"), ModelOptions.DEFAULTS.withPart("vae", vae))) {
			assertArrayEquals(new long[] { 1, 1 }, model.weights("vae").shape("decoder.mid_block.attentions.0.to_q.weight"));
		}
		try (ModelFolder model = ModelFolder.open(MODELS.resolve("sd1"), ModelOptions.DEFAULTS.withPart("vae", MODELS.resolve("sd2/vae")))) {
			assertEquals(3, model.config("vae").getInts("block_out_channels").length);
			assertArrayEquals(new long[] { 8, 3, 3, 3 }, model.weights("vae").shape("encoder.conv_in.weight"));
		}
		try (ModelFolder model = ModelFolder.open(MODELS.resolve("single/sd1.safetensors"), ModelOptions.DEFAULTS.withPart("vae", MODELS.resolve("sd2")))) {
			assertFalse(model.weights("vae").has("encoder.down_blocks.3.resnets.0.conv1.weight"));
		}
	}

	/** A part from elsewhere may be of another class, or one that the model did not have. */
	@Test
	void partsFromElsewhereBringTheirClassAndConfig() {
		final ModelOptions options = ModelOptions.DEFAULTS.withPart("vae", MODELS.resolve("taesd")).withPart("text_encoder_2", MODELS.resolve("sdxl/text_encoder_2"));
		try (ModelFolder model = ModelFolder.open(MODELS.resolve("sd1"), options)) {
			assertEquals("AutoencoderTiny", model.className("vae"));
			assertEquals("UNet2DConditionModel", model.className("unet"));
			assertTrue(model.parts().contains("text_encoder_2"));
			assertEquals("CLIPTextModelWithProjection", model.className("text_encoder_2"));
			assertTrue(model.weights("text_encoder_2").has("text_projection.weight"));
		}
	}

	/** Widths and depths of the public models; their configs are the ones in the public repositories. */
	@Test
	void publicFamiliesAreRecognisedByTheirShapes() {
		final OriginalShapes sd15 = OriginalShapes.unet(new int[] { 320, 640, 1280, 1280 }, new int[] { 1, 1, 1, 0 }, 1, 768, 0, 4, false).clip("cond_stage_model.transformer.text_model.", 768);
		check(sd15, Family.SD1, "StableDiffusionPipeline", "[\"CrossAttnDownBlock2D\",\"CrossAttnDownBlock2D\",\"CrossAttnDownBlock2D\",\"DownBlock2D\"]", "8", "1");
		check(OriginalShapes.unet(new int[] { 320, 640, 1280, 1280 }, new int[] { 1, 1, 1, 0 }, 1, 768, 0, 9, false), Family.SD1, "StableDiffusionInpaintPipeline", null, "8", "1");
		check(OriginalShapes.unet(new int[] { 320, 640, 1280, 1280 }, new int[] { 1, 1, 1, 0 }, 1, 1024, 0, 4, true), Family.SD2, "StableDiffusionPipeline", null, "[5,10,20,20]", "1");
		check(OriginalShapes.unet(new int[] { 320, 640, 1280 }, new int[] { 0, 2, 10 }, 10, 2048, 2816, 4, true), Family.SDXL, "StableDiffusionXLPipeline",
			"[\"DownBlock2D\",\"CrossAttnDownBlock2D\",\"CrossAttnDownBlock2D\"]", "[5,10,20]", "[1,2,10]");
		check(OriginalShapes.unet(new int[] { 384, 768, 1536, 1536 }, new int[] { 0, 4, 4, 0 }, 4, 1280, 2560, 4, true), Family.SDXL_REFINER, "StableDiffusionXLImg2ImgPipeline",
			null, "[6,12,24,24]", "[1,4,4,4]");
		final SingleFile file = new SingleFile(sd15, Optional.empty());
		final Config text = new SingleFileConfigs(file, sd15).config("text_encoder", () -> file.parts().get("text_encoder"));
		assertEquals(12, text.getInt("num_attention_heads", 0));
		assertEquals("quick_gelu", text.getString("hidden_act", ""));
	}

	private static void check(final OriginalShapes shapes, final Family family, final String pipeline, final String down, final String heads, final String depth) {
		final SingleFile file = new SingleFile(shapes, Optional.empty());
		final SingleFileConfigs configs = new SingleFileConfigs(file, shapes);
		assertEquals(family, file.family());
		assertEquals(pipeline, configs.index().getString("_class_name", ""));
		final Config unet = configs.config("unet", () -> file.parts().get("unet"));
		if (down != null) assertEquals(down, unet.json().get("down_block_types").toString());
		assertEquals(heads, unet.json().get("attention_head_dim").toString());
		if (depth.startsWith("[")) assertEquals(depth, unet.json().get("transformer_layers_per_block").toString());
	}

	/** Names and shapes without numbers. */
	private static final class OriginalShapes extends Shapes {

		static OriginalShapes unet(final int[] channels, final int[] depth, final int middle, final int words, final int added, final int in, final boolean linear) {
			final OriginalShapes shapes = new OriginalShapes();
			final String prefix = "model.diffusion_model.";
			shapes.tensor(prefix + "input_blocks.0.0.weight", channels[0], in, 3, 3);
			shapes.tensor(prefix + "out.2.weight", 4, channels[0], 3, 3);
			if (added > 0) shapes.tensor(prefix + "label_emb.0.0.weight", 4L * channels[0], added);
			int at = 1;
			for (int i = 0; i < channels.length; i++) {
				for (int j = 0; j < 2; j++) {
					shapes.tensor(prefix + "input_blocks." + at + ".0.in_layers.0.weight", channels[i]);
					shapes.tensor(prefix + "input_blocks." + at + ".0.out_layers.3.weight", channels[i], channels[i], 3, 3);
					shapes.transformer(prefix + "input_blocks." + at + ".1.", channels[i], words, depth[i], linear);
					at++;
				}
				if (i < channels.length - 1) shapes.tensor(prefix + "input_blocks." + at++ + ".0.op.weight", channels[i], channels[i], 3, 3);
			}
			shapes.transformer(prefix + "middle_block.1.", channels[channels.length - 1], words, middle, linear);
			return shapes;
		}

		private void transformer(final String prefix, final int channels, final int words, final int depth, final boolean linear) {
			if (depth == 0) return;
			tensor(prefix + "norm.weight", channels);
			if (linear) tensor(prefix + "proj_in.weight", channels, channels);
			else tensor(prefix + "proj_in.weight", channels, channels, 1, 1);
			for (int i = 0; i < depth; i++) {
				tensor(prefix + "transformer_blocks." + i + ".norm1.weight", channels);
				tensor(prefix + "transformer_blocks." + i + ".attn2.to_k.weight", channels, words);
			}
		}

		OriginalShapes clip(final String prefix, final int width) {
			tensor(prefix + "embeddings.token_embedding.weight", 49408, width);
			tensor(prefix + "embeddings.position_embedding.weight", 77, width);
			tensor(prefix + "encoder.layers.0.layer_norm1.weight", width);
			tensor(prefix + "encoder.layers.0.mlp.fc1.weight", 4L * width, width);
			return this;
		}

		@Override
		public DType dtype(final String name) {
			return DType.FLOAT16;
		}
	}

	private static void says(final String words, final org.junit.jupiter.api.function.Executable action) {
		final String message = assertThrows(DiffEditException.class, action).getMessage();
		assertTrue(message.contains(words), message);
	}
}
