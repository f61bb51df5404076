package sc.fiji.diffedit.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** Models of all kinds become folders, and what things are is told. */
@ExtendWith(NoNativeLeaks.class)
class ConversionTest {

	private static final Path MODELS = Path.of("src/test/resources/goldens/models");

	@TempDir
	Path temp;

	@Test
	void oneFileBecomesAFolderWithShardsAndEveryBitIsTheSame() throws IOException {
		final Path target = temp.resolve("sd1");
		final List<String> lines = new ArrayList<>();
		try (ModelFolder file = ModelFolder.open(MODELS.resolve("single/sd1.safetensors"), ModelOptions.DEFAULTS.withCompanion(MODELS.resolve("sd1")))) {
			Conversion.DEFAULTS.withMaxShardSize(450_000).write(file, target, lines::add);
		}
		assertTrue(lines.toString().contains("unet: ") && lines.toString().contains("shards"), lines.toString());
		final Config index = Config.read(target.resolve("unet/diffusion_pytorch_model.safetensors.index.json"));
		final Config reference = Config.read(MODELS.resolve("sd1-sharded/unet/diffusion_pytorch_model.safetensors.index.json"));
		assertEquals(reference.getConfig("metadata").getInt("total_size", 0), index.getConfig("metadata").getInt("total_size", -1));
		assertTrue(Files.size(target.resolve("unet/diffusion_pytorch_model-00001-of-00004.safetensors")) <= 480_000);
		assertTrue(Files.exists(target.resolve("text_encoder/model.safetensors")) && Files.exists(target.resolve("tokenizer/merges.txt")));
		try (ModelFolder wanted = ModelFolder.open(MODELS.resolve("sd1")); ModelFolder found = ModelFolder.open(target);
				SafetensorsFile text = SafetensorsFile.open(target.resolve("text_encoder/model.safetensors")))
		{
			assertTrue(text.has("text_model.final_layer_norm.weight"));
			for (final String part : List.of("unet", "vae", "text_encoder")) {
				for (final String name : wanted.weights(part).names()) {
					try (Scope scope = Scope.open()) {
						assertEquals(wanted.weights(part).get(name).toBytes(), found.weights(part).get(name).toBytes(), name);
					}
				}
			}
			assertEquals(wanted.index().json(), found.index().json());
			assertEquals(wanted.config("scheduler").json(), found.config("scheduler").json());
		}
	}

	@Test
	void foldersAreCastAndNothingIsHalfMade() throws IOException {
		final Path target = temp.resolve("half");
		try (ModelFolder folder = ModelFolder.open(MODELS.resolve("sd2"))) {
			Conversion.DEFAULTS.withDtype(DType.BFLOAT16).write(folder, target, line -> {});
			assertTrue(assertThrows(DiffEditException.class, () -> Conversion.DEFAULTS.write(folder, target, line -> {})).getMessage().contains("exists already"));
		}
		try (ModelFolder found = ModelFolder.open(target); ModelFolder wanted = ModelFolder.open(MODELS.resolve("sd2")); Scope scope = Scope.open()) {
			final Tensor half = found.weights("unet").get("conv_in.weight");
			assertEquals(DType.BFLOAT16, half.dtype());
			assertArrayEquals(wanted.weights("unet").get("conv_in.weight").to(DType.BFLOAT16).toFloatArray(), half.toFloatArray());
		}
		try (ModelFolder file = ModelFolder.open(MODELS.resolve("single/sd1.safetensors"))) {
			assertThrows(DiffEditException.class, () -> Conversion.DEFAULTS.write(file, temp.resolve("broken"), line -> {}));
		}
		try (Stream<Path> files = Files.list(temp)) {
			assertEquals(List.of(target), files.toList());
		}
	}

	@Test
	void inspectingTellsKindFamilyAndWhatIsMissing() throws IOException {
		tells("sd1", "model folder (StableDiffusionPipeline)", "family: Stable Diffusion 1.x", "serves: DiffEdit, text-to-image", "in float32");
		tells("sd2", "family: Stable Diffusion 2.x");
		tells("sdxl", "family: Stable Diffusion XL", "text_encoder_2: CLIPTextModelWithProjection");
		tells("sdxl-refiner", "family: Stable Diffusion XL refiner", "refining");
		tells("sd1-inpaint", "serves: inpainting (9 channels)");
		tells("sd1-variant", "float16");
		tells("sd1/unet", "single part (UNet2DConditionModel)");
		tells("single/sd1.safetensors", "checkpoint in one file", "family: Stable Diffusion 1.x", "missing: part 'tokenizer'");
		tells("single/sd1_fp16.ckpt", "checkpoint in one file", "float16");
		tells("single/sdxl_fp16.safetensors", "family: Stable Diffusion XL");
		tells("adapters/sd1_kohya.safetensors", "LoRA of rank 4 for text_encoder, unet");
		tells("adapters/sdxl_kohya_sgm.safetensors", "LoRA of rank 4 for text_encoder, text_encoder_2, unet", "family: Stable Diffusion XL", "serves: models of Stable Diffusion XL, as an adapter");
		tells("adapters/ti_many.safetensors", "textual inversion '<style>' of 3 vectors");
		tells("adapters/ti_a1111.pt", "textual inversion 'pose'");
		tells("sd1/vae/diffusion_pytorch_model.safetensors", "autoencoder in one file");
		Files.createDirectories(temp.resolve("unet"));
		Files.writeString(temp.resolve("model_index.json"), "{\"unet\":[\"diffusers\",\"UNet2DConditionModel\"],\"vae\":[\"diffusers\",\"AutoencoderKL\"]}");
		assertTrue(Inspection.of(temp).lines().toString().contains("missing: part 'vae' is named, but not there"));
	}

	/** An inversion by these would be refused, so nothing promises it. */
	@Test
	void inspectingPromisesNoDiffEditWhereThereIsNone() {
		final Path edm = AlteredModel.copy(MODELS.resolve("sd1"), temp.resolve("edm"));
		AlteredModel.json(edm.resolve("scheduler/scheduler_config.json"), json -> json.addProperty("sigma_data", 0.5));
		tells(edm.toString(), "serves: text-to-image, image-to-image, inpainting");
		final Path distilled = AlteredModel.copy(MODELS.resolve("sd1"), temp.resolve("distilled"));
		final Path unet = MODELS.resolve("sd1-lcm/unet");
		replace(unet, distilled.resolve("unet"), "config.json");
		replace(unet, distilled.resolve("unet"), "diffusion_pytorch_model.safetensors");
		tells(distilled.toString(), "serves: DiffEdit's masks, text-to-image");
	}

	private static void replace(final Path from, final Path to, final String file) {
		try {
			Files.copy(from.resolve(file), to.resolve(file), StandardCopyOption.REPLACE_EXISTING);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	private static void tells(final String model, final String... words) {
		final String lines = String.join("\n", Inspection.of(MODELS.resolve(model)).lines());
		for (final String word : words) assertTrue(lines.contains(word), lines);
	}
}
