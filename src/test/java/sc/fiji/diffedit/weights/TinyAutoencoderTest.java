package sc.fiji.diffedit.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.models.AutoencoderTiny;
import sc.fiji.diffedit.models.AutoencoderTinyConfig;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** TAESD in the files that people have, against diffusers' AutoencoderTiny: golden K_taesd_original (scripts/goldens/cases_forms.py). */
@ExtendWith(NoNativeLeaks.InScope.class)
@Numeric
class TinyAutoencoderTest {

	private static final Path FOLDER = GoldenCase.model("taesd");

	@TempDir
	Path temp;

	private static ModelFolder open(final Path vae) {
		return ModelFolder.open(GoldenCase.model("sd1"), ModelOptions.DEFAULTS.withPart("vae", vae));
	}

	private static void givesWhatDiffusersGives(final Path vae) {
		final GoldenCase golden = new GoldenCase("K_taesd_original");
		try (ModelFolder model = open(vae); Scope scope = Scope.open();
			AutoencoderTiny tiny = new AutoencoderTiny(AutoencoderTinyConfig.of(model.config("vae")), model.weights("vae"), DType.FLOAT32))
		{
			assertEquals("AutoencoderTiny", model.className("vae"));
			golden.check("out.0", tiny.encode(golden.tensor("in.image")).parameters());
			golden.check("out.1", tiny.decode(golden.tensor("in.latents")));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "taesd_encoder.safetensors", "taesd_decoder.safetensors", "diffusion_pytorch_model.safetensors" })
	void eitherHalfStandsForBoth(final String file) {
		givesWhatDiffusersGives(FOLDER.resolve(file));
	}

	/** As the state of the authors' module, and as ComfyUI writes it, with how its latents lie to those of another autoencoder. */
	@ParameterizedTest
	@ValueSource(strings = { "", "taesd_" })
	void bothHalvesMayBeInOneFile(final String beginning) {
		final Map<String, Tensor> both = new LinkedHashMap<>();
		for (final String half : List.of("encoder", "decoder")) {
			final WeightsFile file = WeightsFile.open(FOLDER.resolve("taesd_" + half + ".safetensors"), WeightAccess.COPIED);
			file.names().forEach(name -> both.put(beginning + half + "." + name, file.get(name)));
			file.close();
		}
		both.put("vae_scale", Tensor.full(0.18215, DType.FLOAT32));
		both.put("vae_shift", Tensor.full(0, DType.FLOAT32));
		SafetensorsWriter.write(temp.resolve("taesd.safetensors"), both, Map.of());
		givesWhatDiffusersGives(temp.resolve("taesd.safetensors"));
		assertEquals(List.of(), told(temp.resolve("taesd.safetensors")));
	}

	/** What loading all of a model with this autoencoder says. */
	private static List<String> told(final Path vae) {
		final List<String> told = new ArrayList<>();
		try (ModelStore store = new ModelStore(); ModelLease lease = store.borrow(LoadOptions.of(GoldenCase.model("sd1").toString()).withFiles(ModelOptions.DEFAULTS.withPart("vae", vae)))) {
			lease.setNotices(told::add);
			lease.call(parts -> null);
		}
		return told;
	}

	@Test
	void theOtherHalfIsSeenWhenItChanges() {
		try (ModelFolder model = open(FOLDER.resolve("taesd_decoder.safetensors"))) {
			assertEquals(List.of(FOLDER.resolve("taesd_encoder.safetensors")), model.neighbours());
		}
	}

	@Test
	void oneHalfIsRefused() throws Exception {
		final Path lone = Files.copy(FOLDER.resolve("taesd_decoder.safetensors"), temp.resolve("taesd_decoder.safetensors"));
		refused(lone, "taesd_decoder.safetensors is the decoder of a tiny autoencoder (TAESD) without its encoder; put taesd_encoder.safetensors beside it.");
		Files.copy(lone, temp.resolve("taesd_encoder.safetensors"));
		refused(lone, "taesd_decoder.safetensors is the decoder of a tiny autoencoder (TAESD) without its encoder; put the other half in place of taesd_encoder.safetensors beside it, which is something else.");
		refused(Files.copy(lone, temp.resolve("tiny.safetensors")),
			"tiny.safetensors is the decoder of a tiny autoencoder (TAESD) without its encoder; name it with the word decoder in its name, beside the other half with encoder in its place.");
		final Path prefixed = AlteredModel.tensors(lone, temp.resolve("both.safetensors"), map -> List.copyOf(map.keySet()).forEach(name -> map.put("decoder." + name, map.remove(name))));
		refused(prefixed, "both.safetensors is the decoder of a tiny autoencoder (TAESD) without its encoder; name a file that has both.");
	}

	private static void refused(final Path vae, final String sentence) {
		try (ModelFolder model = open(vae)) {
			final String message = assertThrows(DiffEditException.class, () -> model.weights("vae")).getMessage();
			assertTrue(message.endsWith("/" + sentence), message);
		}
	}

	/** Those of Stable Diffusion 3 and Flux have latents of 16 channels. */
	@Test
	void anAutoencoderOfAnotherFamilyIsRefused() {
		final Path file = AlteredModel.tensors(FOLDER.resolve("diffusion_pytorch_model.safetensors"), temp.resolve("taef1.safetensors"), map -> {
			map.put("decoder.layers.0.weight", Tensor.zeros(DType.FLOAT32, 8, 16, 3, 3));
			map.put("encoder.layers.14.weight", Tensor.zeros(DType.FLOAT32, 16, 8, 3, 3));
			map.put("encoder.layers.14.bias", Tensor.zeros(DType.FLOAT32, 16));
		});
		final String message = assertThrows(DiffEditException.class, () -> told(file)).getMessage();
		assertTrue(message.startsWith("The autoencoder has latents of 16 channels, but the UNet makes 4"), message);
	}
}
