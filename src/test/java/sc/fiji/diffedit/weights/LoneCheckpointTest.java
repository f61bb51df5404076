package sc.fiji.diffedit.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.models.UNet2DConditionConfig;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.text.ClipTokenizer;

/** A file from Civitai needs nothing beside it; what lies beside it counts, and so does what the user names for its parts. */
@ExtendWith(NoNativeLeaks.InScope.class)
class LoneCheckpointTest {

	private static final String BIAS = "decoder.conv_out.bias", PREFIX = "model.diffusion_model.";

	@TempDir
	Path temp;

	private Path lone(final String name) {
		return LoneCheckpoint.whole(4).write(temp.resolve(name), Map.of());
	}

	private static Consumer<Map<String, Tensor>> plusOne(final String name) {
		return tensors -> tensors.computeIfPresent(name, (key, bias) -> bias.to(DType.FLOAT32).plus(1));
	}

	private static float[] numbers(final Path file, final ModelOptions options, final String part, final String name) {
		try (ModelFolder model = ModelFolder.open(file, options); Scope scope = Scope.open()) {
			return model.weights(part).get(name).to(DType.FLOAT32).toFloatArray();
		}
	}

	/** IDs from transformers' CLIPTokenizer of openai/clip-vit-large-patch14. */
	@Test
	void itsTokenizerIsClips() {
		try (ModelFolder model = ModelFolder.open(lone("a.safetensors")); ClipTokenizer tokenizer = ClipTokenizer.read(model.standardTokenizer("tokenizer").orElseThrow().texts())) {
			assertTrue(model.has("tokenizer"));
			assertEquals(49408, tokenizer.size());
			assertArrayEquals(new long[] { 49406, 320, 1125, 539, 320, 2368, 49407 }, tokenizer.encode("a photo of a cat"));
			assertEquals(49407, tokenizer.padId());
			assertEquals(0, tokenizer.id("!"));
		}
	}

	@Test
	void anAutoencoderBesideItTakesThePlaceOfItsOwnUnlessTheUserNamesOne() {
		final Path file = lone("a.safetensors");
		final float[] own = numbers(file, ModelOptions.DEFAULTS, "vae", BIAS);
		AlteredModel.tensors(file, temp.resolve("a.vae.safetensors"), plusOne("first_stage_model." + BIAS));
		final float[] beside = numbers(file, ModelOptions.DEFAULTS, "vae", BIAS);
		assertEquals(own[0] + 1, beside[0], 1e-3);
		assertArrayEquals(own, numbers(file, ModelOptions.DEFAULTS.withPart("vae", file), "vae", BIAS));
	}

	/** Of another whole checkpoint, and of files of the UNet alone in original names with and without their prefix. */
	@Test
	void partsComeFromWholeCheckpointsAndFromFilesOfOnePart() {
		final Path file = lone("a.safetensors");
		final float[] own = numbers(file, ModelOptions.DEFAULTS, "unet", "conv_out.bias");
		final Path other = AlteredModel.tensors(file, temp.resolve("b.safetensors"), plusOne(PREFIX + "out.2.bias"));
		final Path alone = AlteredModel.tensors(other, temp.resolve("unet.safetensors"), tensors -> tensors.keySet().removeIf(name -> !name.startsWith(PREFIX)));
		final Path bare = AlteredModel.tensors(alone, temp.resolve("bare.safetensors"), tensors -> {
			for (final String name : List.copyOf(tensors.keySet())) tensors.put(name.substring(PREFIX.length()), tensors.remove(name));
		});
		for (final Path named : List.of(other, alone, bare)) {
			assertEquals(own[0] + 1, numbers(file, ModelOptions.DEFAULTS.withPart("unet", named), "unet", "conv_out.bias")[0], 1e-3, named.toString());
		}
		final String refused = assertThrows(DiffEditException.class, () -> numbers(file, ModelOptions.DEFAULTS.withPart("text_encoder", alone), "text_encoder", "any")).getMessage();
		assertEquals("unet.safetensors holds unet and no text_encoder; name another file.", refused.substring(refused.indexOf("unet.safe")));
	}

	@Test
	void aTokenizerMayBeNamedAsAFolderAWholeModelOrAFile() {
		final Path file = lone("a.safetensors");
		try (ModelFolder model = ModelFolder.open(file)) {
			Conversion.DEFAULTS.write(model, temp.resolve("folder"), line -> {});
		}
		for (final String named : List.of("folder", "folder/tokenizer", "folder/tokenizer/vocab.json")) {
			try (ModelFolder model = ModelFolder.open(file, ModelOptions.DEFAULTS.withPart("tokenizer", temp.resolve(named)))) {
				assertEquals(temp.resolve("folder/tokenizer"), model.directory("tokenizer"), named);
				assertEquals(Optional.empty(), model.standardTokenizer("tokenizer"));
			}
		}
	}

	/** What lies beside a file counts before its companion. */
	@Test
	void aTokenizerBesideItCountsBeforeThatOfTheCompanion() {
		final Path file = lone("a.safetensors");
		final ModelOptions companion = ModelOptions.DEFAULTS.withCompanion(GoldenCase.model("sd1"));
		try (ModelFolder model = ModelFolder.open(file, companion)) {
			assertEquals(GoldenCase.model("sd1").resolve("tokenizer").toAbsolutePath(), model.directory("tokenizer").toAbsolutePath());
		}
		AlteredModel.copy(GoldenCase.model("sd2").resolve("tokenizer"), temp.resolve("tokenizer"));
		try (ModelFolder model = ModelFolder.open(file, companion)) {
			assertEquals(temp.resolve("tokenizer"), model.directory("tokenizer"));
			assertEquals("!", model.config("tokenizer").getString("pad_token", ""));
			assertEquals(temp.resolve("tokenizer/vocab.json"), model.file("tokenizer", "vocab.json"));
		}
	}

	/** What was found, what was guessed, what it serves, its licence and its words. */
	@Test
	void inspectionTellsWhatItSaysOfItselfAndWhatLiesBesideIt() {
		final LoneCheckpoint checkpoint = LoneCheckpoint.whole(4);
		checkpoint.tensors().put("something.else", Tensor.full(1, DType.FLOAT32, 1));
		final Path file = checkpoint.write(temp.resolve("cells.safetensors"), Map.of("modelspec.license", "CC-BY-4.0", "modelspec.trigger_phrase", "cellstyle",
			"ss_tag_frequency", "{\"a\":{\"nuclei\":3,\"cells\":9},\"b\":{\"nuclei\":8}}"));
		AlteredModel.text(temp.resolve("cells.yaml"), "parameterization: v\n");
		final List<String> lines = Inspection.of(file).lines();
		for (final String line : List.of("licence: CC-BY-4.0", "trigger words: cellstyle", "most frequent words of its training: nuclei, cells", "predicts: v_prediction",
			"found beside it: cells.yaml", "tokenizer: CLIP's own, which comes with DiffEdit", "not used: 1 tensor (something.else)",
			"serves: DiffEdit, text-to-image, image-to-image, inpainting"))
		{
			assertTrue(lines.contains(line), line + " in " + lines);
		}
	}

	@ParameterizedTest
	@CsvSource({ "model.diffusion_model.joint_blocks.0.context_block.adaLN_modulation.1.bias, Stable Diffusion 3", "double_blocks.0.img_attn.norm.key_norm.scale, Flux",
		"control_model.input_blocks.0.0.weight, a ControlNet", "edm_mean, Playground v2.5", "edm_vpred.sigma_max, CosXL", "ip_adapter.1.to_k_ip.weight, an IP-Adapter",
		"down_blocks.0.motion_modules.0.proj_in.weight, a motion module (AnimateDiff)" })
	void modelsOfOtherKindsAreNamed(final String tensor, final String kind) {
		SafetensorsWriter.write(temp.resolve("other.safetensors"), Map.of(tensor, Tensor.full(1, DType.FLOAT32, 1), PREFIX + "input_blocks.0.0.weight", Tensor.zeros(DType.FLOAT32, 1, 4)), Map.of());
		refused(temp.resolve("other.safetensors"), "other.safetensors is " + kind + ", which is not supported; supported are Stable Diffusion 1.x, 2.x and XL");
	}

	@ParameterizedTest
	@CsvSource({ "5, a model for depth (5 input channels)", "7, an upscaler (7 input channels)", "8, InstructPix2Pix (8 input channels)" })
	void modelsWithOtherInputsAreNamed(final int channels, final String kind) {
		refused(LoneCheckpoint.whole(channels).write(temp.resolve("other.safetensors"), Map.of()), "other.safetensors is " + kind + ", which is not supported; ");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "<!DOCTYPE html><html> | is a web page, saved in place of a model; download it again, signed in where the site asks for it.",
		"GGUF123456789 | is a GGUF file of version 875770417; supported are versions 2 and 3", "version https://git-lfs.github.com/spec/v1 oid 0 size 2132625894 "
			+ "| is a Git LFS pointer of 64 bytes and not the model of 2.13 GB; fetch the real file with git lfs pull, or download it." })
	void filesThatAreNoModelsAreNamed(final String content, final String said) {
		AlteredModel.text(temp.resolve("file.safetensors"), content);
		refused(temp.resolve("file.safetensors"), "file.safetensors " + said);
	}

	private static void refused(final Path file, final String said) {
		final String message = assertThrows(DiffEditException.class, () -> ModelFolder.open(file).close()).getMessage();
		assertTrue(message.contains(said), message);
	}

	/** SSD-1B as people have it: what its names tell of its blocks is what its folder says, whose numbers are diffusers' (golden B_unet_ssd1b). */
	@Test
	void blocksOfADistilledCheckpointAreReadOffItsNames() {
		final Path folder = GoldenCase.model("ssd1b");
		final JsonObject names = Config.read(folder.resolve("original_names.json")).json();
		final Path file = AlteredModel.tensors(folder.resolve("unet/diffusion_pytorch_model.safetensors"), temp.resolve("ssd1b.safetensors"),
			map -> List.copyOf(map.keySet()).forEach(name -> map.put(names.get(name).getAsString(), map.remove(name))));
		try (WeightsFile stored = WeightsFile.open(file); ModelFolder unet = ModelFolder.open(folder.resolve("unet")); Scope scope = Scope.open()) {
			final SingleFile single = new SingleFile(stored, Optional.of(Family.SDXL));
			final Weights found = single.parts().get("unet"), wanted = unet.weights(ModelFolder.WHOLE);
			final Config config = new SingleFileConfigs(single, stored).config("unet", () -> found);
			assertEquals(UNet2DConditionConfig.of(new Config("unet/config.json", unet.config(ModelFolder.WHOLE).json())), UNet2DConditionConfig.of(new Config("unet/config.json", config.json())));
			assertEquals(wanted.names(), found.names());
			for (final String name : wanted.names()) assertArrayEquals(wanted.get(name).toFloatArray(), found.get(name).toFloatArray(), name);
		}
	}

	/** As in a folder: the half of a whole CLIP's config, and nothing that a quantiser made. */
	@Test
	void theConfigOfANamedPartIsReadAsInAFolder() {
		final Path named = AlteredModel.copy(GoldenCase.model("sd1").resolve("text_encoder"), temp.resolve("clip"));
		final int size = Config.read(named.resolve("config.json")).getInt("hidden_size", 0);
		OddFiles.wholeClip(named.resolve("config.json"));
		final ModelOptions options = ModelOptions.DEFAULTS.withPart("text_encoder", named);
		try (ModelFolder model = ModelFolder.open(lone("a.safetensors"), options)) {
			assertEquals(size, model.config("text_encoder").getInt("hidden_size", 0));
		}
		AlteredModel.json(named.resolve("config.json"), json -> json.add("quantization_config", new JsonObject()));
		try (ModelFolder model = ModelFolder.open(temp.resolve("a.safetensors"), options)) {
			final String refused = assertThrows(DiffEditException.class, () -> model.config("text_encoder")).getMessage();
			assertTrue(refused.contains("quantised by an unknown quantiser"), refused);
		}
	}
}
