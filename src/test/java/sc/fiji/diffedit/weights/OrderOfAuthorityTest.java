package sc.fiji.diffedit.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.google.gson.JsonParser;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * What counts where several places speak of one thing: what the user says; what lies in the file; what lies beside it; {@code model_index.json};
 * the part's own config; the companion; the habit of the family, which is told when it is a guess. Each test takes away one place more.
 */
@ExtendWith(NoNativeLeaks.InScope.class)
class OrderOfAuthorityTest {

	private static final String V = "v_prediction", EPSILON = "epsilon";

	@TempDir
	Path temp;

	private Path eps;
	private Path velocity;

	@BeforeEach
	void companions() {
		eps = AlteredModel.copy(GoldenCase.model("sd2"), temp.resolve("eps"));
		AlteredModel.json(eps.resolve("scheduler/scheduler_config.json"), json -> json.addProperty("prediction_type", EPSILON));
		velocity = AlteredModel.copy(GoldenCase.model("sd2"), temp.resolve("velocity"));
		AlteredModel.json(velocity.resolve("scheduler/scheduler_config.json"), json -> json.addProperty("prediction_type", V));
	}

	/** A checkpoint of SD 2 with more tensors. */
	private Path sd2(final int channels, final Map<String, String> metadata, final String... markers) {
		final LoneCheckpoint file = new LoneCheckpoint(channels);
		file.tensors().put("cond_stage_model.model.positional_embedding", Tensor.zeros(DType.FLOAT32, 77, 64));
		for (final String marker : markers) file.tensors().put(marker, Tensor.zeros(DType.FLOAT32, 0));
		return file.write(temp.resolve("model.safetensors"), metadata);
	}

	private void beside(final String yaml) {
		AlteredModel.text(temp.resolve("model.yaml"), "model:\n  target: ldm.models.diffusion.ddpm.LatentDiffusion   # as in A1111\n  params:\n    parameterization: \"" + yaml
			+ "\"\n    linear_start: 0.001\n    unet_config:\n      params:\n        model_channels: 320\n");
	}

	private static void predicts(final String expected, final Path file, final ModelOptions options, final boolean told) {
		try (ModelFolder model = ModelFolder.open(file, options)) {
			assertEquals(expected, model.config("scheduler").getString("prediction_type", "nothing"));
			assertEquals(told, !model.notices().isEmpty());
		}
	}

	@Test
	void theUserComesFirst() {
		beside("v");
		final Path file = sd2(4, Map.of("modelspec.prediction_type", "v"), "v_pred");
		predicts(EPSILON, file, ModelOptions.DEFAULTS.withCompanion(velocity).withPart("scheduler", eps.resolve("scheduler")), false);
		predicts(EPSILON, file, ModelOptions.DEFAULTS.withPart("scheduler", eps), false);
		predicts(EPSILON, file, ModelOptions.DEFAULTS.withCompanion(velocity).withPredictionType(EPSILON), false);
		predicts(EPSILON, velocity, ModelOptions.DEFAULTS.withPredictionType(EPSILON), false);
		predicts(V, LoneCheckpoint.whole(4).write(temp.resolve("guessed.safetensors"), Map.of()), ModelOptions.DEFAULTS.withPredictionType(V), false);
		assertThrows(DiffEditException.class, () -> ModelOptions.DEFAULTS.withPredictionType("flow"));
	}

	@Test
	void thenTheFile() throws IOException {
		beside("eps");
		predicts(V, sd2(4, Map.of(), "v_pred"), ModelOptions.DEFAULTS.withCompanion(eps), false);
		predicts(V, sd2(4, Map.of("modelspec.prediction_type", "v")), ModelOptions.DEFAULTS.withCompanion(eps), false);
		beside("v");
		predicts(EPSILON, sd2(4, Map.of("modelspec.prediction_type", "epsilon")), ModelOptions.DEFAULTS.withCompanion(velocity), false);
		predicts(EPSILON, base(875_000), ModelOptions.DEFAULTS.withCompanion(velocity), false);
		try (ModelFolder model = ModelFolder.open(sd2(4, Map.of(), "ztsnr"), ModelOptions.DEFAULTS.withCompanion(eps))) {
			assertTrue(model.config("scheduler").getBoolean("rescale_betas_zero_snr", false));
		}
	}

	@Test
	void thenWhatLiesBesideIt() {
		beside("v");
		predicts(V, sd2(9, Map.of()), ModelOptions.DEFAULTS.withCompanion(eps), false);
		beside("eps");
		predicts(EPSILON, sd2(4, Map.of()), ModelOptions.DEFAULTS.withCompanion(velocity), false);
		try (ModelFolder model = ModelFolder.open(sd2(4, Map.of()), ModelOptions.DEFAULTS.withCompanion(velocity))) {
			assertEquals(0.001, model.config("scheduler").getDouble("beta_start", 0));
		}
		AlteredModel.text(temp.resolve("model.yaml"), "parameterization: v\n");
		predicts(V, sd2(4, Map.of()), ModelOptions.DEFAULTS.withCompanion(eps), false);
		beside("edm");
		final String refused = assertThrows(DiffEditException.class, () -> predicts(V, sd2(4, Map.of()), ModelOptions.DEFAULTS, false)).getMessage();
		assertEquals("model.yaml has parameterization 'edm', but eps, v or x0 is needed; correct it, or move the file away from the model of its name.", refused);
	}

	@ParameterizedTest
	@CsvSource({ "timesteps, 999.5, a whole number", "image_size, 1e12, a whole number", "linear_start, NaN, a number", "scale_factor, Infinity, a number" })
	void aNumberOfATrainingConfigThatCannotBeIsRefused(final String key, final String value, final String wanted) {
		AlteredModel.text(temp.resolve("model.yaml"), "model:\n  params:\n    " + key + ": " + value + "\n");
		final String refused = assertThrows(DiffEditException.class, () -> {
			try (ModelFolder model = ModelFolder.open(sd2(4, Map.of()))) {
				for (final String part : List.of("scheduler", "unet", "vae")) model.config(part);
			}
		}).getMessage();
		assertEquals("model.yaml has " + key + " '" + value + "', but " + wanted + " is needed; correct it, or move the file away from the model of its name.", refused);
	}

	@ParameterizedTest
	@ValueSource(strings = { "parameterization = v", "parameterization v" })
	void aLineOfATrainingConfigThatIsNoneIsRefused(final String yaml) {
		AlteredModel.text(temp.resolve("model.yaml"), yaml + "\n");
		final String refused = assertThrows(DiffEditException.class, () -> predicts(V, sd2(4, Map.of()), ModelOptions.DEFAULTS, false)).getMessage();
		assertEquals("model.yaml has the line '" + yaml + "', but a key with a colon and a space behind it is needed; correct it, or move the file away from the model of its name.", refused);
	}

	@Test
	void thenTheIndexAndThenThePartsOwnConfig() {
		AlteredModel.json(eps.resolve("scheduler/scheduler_config.json"), json -> json.addProperty("_class_name", "PNDMScheduler"));
		AlteredModel.json(eps.resolve("model_index.json"), json -> json.getAsJsonArray("scheduler").set(1, new com.google.gson.JsonPrimitive("EulerDiscreteScheduler")));
		AlteredModel.json(velocity.resolve("scheduler/scheduler_config.json"), json -> json.remove("_class_name"));
		AlteredModel.json(velocity.resolve("model_index.json"), json -> json.getAsJsonArray("scheduler").set(1, new com.google.gson.JsonPrimitive("EulerDiscreteScheduler")));
		for (final Path folder : List.of(eps, velocity)) {
			try (ModelFolder model = ModelFolder.open(folder)) {
				final Config scheduler = model.config("scheduler");
				assertEquals("EulerDiscreteScheduler", scheduler.getString("_class_name", ""));
				assertEquals(folder.equals(eps) ? EPSILON : V, scheduler.getString("prediction_type", ""));
			}
		}
	}

	@Test
	void thenTheCompanion() {
		predicts(EPSILON, sd2(4, Map.of()), ModelOptions.DEFAULTS.withCompanion(eps), false);
		predicts(V, sd2(4, Map.of()), ModelOptions.DEFAULTS.withCompanion(velocity), false);
		final String refused = assertThrows(DiffEditException.class, () -> predicts(V, sd2(4, Map.of()), ModelOptions.DEFAULTS.withCompanion(GoldenCase.model("sdxl")), false)).getMessage();
		assertTrue(refused.endsWith("is Stable Diffusion 2.x, but its companion sdxl is Stable Diffusion XL; name a model folder of the same family."), refused);
	}

	/** As in diffusers: velocity for SD 2, except for inpainting and for the base model that says how long it was trained. */
	@Test
	void thenTheHabitOfTheFamilyWhichIsToldWhereItIsAGuess() throws IOException {
		predicts(V, sd2(4, Map.of()), ModelOptions.DEFAULTS, true);
		predicts(EPSILON, sd2(9, Map.of()), ModelOptions.DEFAULTS, false);
		predicts(EPSILON, base(875_000), ModelOptions.DEFAULTS, false);
		predicts(V, base(140_000), ModelOptions.DEFAULTS, true);
		predicts(EPSILON, LoneCheckpoint.whole(4).write(temp.resolve("sd1.safetensors"), Map.of()), ModelOptions.DEFAULTS, false);
		try (ModelFolder model = ModelFolder.open(sd2(4, Map.of()))) {
			assertEquals(List.of("model.safetensors does not say what it predicts, and models of Stable Diffusion 2 differ in it; velocity (v_prediction) as in 2.1 was assumed."
				+ " If its images are only noise, write predictionType: epsilon into the further options, or the line \"parameterization: eps\" into a file model.yaml beside it."), model.notices());
			assertEquals(96, model.config("unet").getInt("sample_size", 0));
		}
	}

	/** SD Turbo: the names of SDXL's trainer on a UNet of SD 2; its text encoder was taken from a companion. */
	@Test
	void aFileOfTheLaterTrainerBringsItsTextEncoder() {
		final LoneCheckpoint file = new LoneCheckpoint(4);
		file.tensors().put("conditioner.embedders.0.model.positional_embedding", Tensor.full(5, DType.FLOAT32, 77, 64));
		predicts(EPSILON, file.write(temp.resolve("turbo.safetensors"), Map.of()), ModelOptions.DEFAULTS, true);
		try (ModelFolder model = ModelFolder.open(temp.resolve("turbo.safetensors"), ModelOptions.DEFAULTS.withCompanion(eps))) {
			assertEquals(5, model.weights("text_encoder").get("embeddings.position_embedding.weight").to(DType.FLOAT32).toFloatArray()[0]);
			assertEquals(List.of("unet", "vae", "text_encoder").stream().filter(model::hasWeights).count(), 3);
		}
	}

	/** What is in a file, or beside it, is of its own class, whatever the index of a companion calls that part. */
	@Test
	void aFileAndWhatLiesBesideItCountBeforeTheIndex() {
		final Path tiny = AlteredModel.copy(GoldenCase.model("sd1"), temp.resolve("tiny"));
		AlteredModel.json(tiny.resolve(ModelFolder.INDEX), json -> json.add("vae", JsonParser.parseString("['diffusers','AutoencoderTiny']")));
		final Path file = LoneCheckpoint.whole(4).write(temp.resolve("lone.safetensors"), Map.of());
		vaeIs("AutoencoderKL", file, tiny);
		AlteredModel.tensors(file, temp.resolve("lone.vae.safetensors"), tensors -> tensors.keySet().removeIf(name -> !name.startsWith(SingleFile.VAE)));
		vaeIs("AutoencoderKL", AlteredModel.tensors(file, file, tensors -> tensors.keySet().removeIf(name -> name.startsWith(SingleFile.VAE))), tiny);
		AlteredModel.tensors(GoldenCase.model("taesd/diffusion_pytorch_model.safetensors"), temp.resolve("lone.vae.safetensors"), tensors -> {});
		vaeIs("AutoencoderTiny", file, GoldenCase.model("sd1"));
	}

	private static void vaeIs(final String className, final Path file, final Path companion) {
		try (ModelFolder model = ModelFolder.open(file, ModelOptions.DEFAULTS.withCompanion(companion))) {
			assertEquals(className, model.className("vae"));
			assertEquals(className, model.config("vae").getString("_class_name", ""));
		}
	}

	/** A part that is named as a folder has its own config. */
	@Test
	void aPartsOwnConfigCountsBeforeTheCompanions() {
		final Path other = AlteredModel.copy(GoldenCase.model("sd1").resolve("vae"), temp.resolve("other"));
		AlteredModel.json(other.resolve("config.json"), json -> json.addProperty("scaling_factor", 0.5));
		final ModelOptions companion = ModelOptions.DEFAULTS.withCompanion(GoldenCase.model("sd1"));
		final Path file = GoldenCase.model("single/sd1.safetensors");
		try (ModelFolder model = ModelFolder.open(file, companion); ModelFolder named = ModelFolder.open(file, companion.withPart("vae", other))) {
			assertEquals(0.18215, model.config("vae").getDouble("scaling_factor", 0));
			assertEquals(0.5, named.config("vae").getDouble("scaling_factor", 0));
		}
	}

	/** A companion that is not for inpainting serves a file that is. */
	@Test
	void theFilesInputsCountBeforeTheCompanions() {
		try (ModelFolder model = ModelFolder.open(sd2(9, Map.of()), ModelOptions.DEFAULTS.withCompanion(eps))) {
			assertEquals(9, model.config("unet").getInt("in_channels", 0));
			assertEquals(Optional.empty(), model.standardTokenizer("tokenizer"));
		}
	}

	/** A file of torch.save with the UNet of a checkpoint of SD 2, all of whose tensors lie on one storage. */
	private Path base(final int steps) throws IOException {
		final LoneCheckpoint file = new LoneCheckpoint(4);
		file.tensors().keySet().removeIf(name -> !name.startsWith("model."));
		file.tensors().put("cond_stage_model.model.positional_embedding", Tensor.zeros(DType.FLOAT32, 77, 64));
		final int largest = (int) file.tensors().values().stream().mapToLong(Tensor::count).max().orElseThrow();
		final PickleBytes pickle = new PickleBytes().op(0x80, 2, '}', '(').text("global_step").number(steps).text("state_dict").op('}', '(');
		file.tensors().forEach((name, tensor) -> {
			final int[] shape = java.util.Arrays.stream(tensor.shape()).mapToInt(length -> (int) length).toArray();
			final int[] stride = shape.clone();
			for (int i = shape.length - 1, next = 1; i >= 0; next *= shape[i--]) stride[i] = next;
			pickle.text(name).tensor("FloatStorage", "0", largest, 0, shape, stride, false);
		});
		return Files.write(temp.resolve("base" + steps + ".ckpt"), PickleBytes.zip(pickle.op('u', 'u', '.').bytes(), new byte[4 * largest]));
	}
}
