package sc.fiji.diffedit.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.config.JsonText;
import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.pipelines.DifferenceMap;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.results.ResultStore.Entry;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** A network that gives NaN or infinity is named, whichever it is; nothing of it is remembered, and no black or empty result comes of it. */
@ExtendWith(NoNativeLeaks.class)
@Numeric
class FiniteResultsTest {

	private static final Path MODELS = Path.of("src/test/resources/goldens/models");
	private static final ImageInput IMAGE = ImageInput.of(new Picture(32, 32, 3, new float[3 * 32 * 32]));
	private static final MaskRequest MASK = MaskRequest.between("a red fox", "a grey wolf").withNumMapsPerMask(2).withNumInferenceSteps(4);
	private static final InvertRequest INVERT = InvertRequest.of("a red fox").withNumInferenceSteps(4).withInpaintStrength(0.5);
	private static final TextToImageRequest WORDS = TextToImageRequest.of("a red fox").withNumInferenceSteps(2).withHeight(32).withWidth(32);

	@TempDir
	Path folder;

	private final ModelStore store = new ModelStore();

	@AfterEach
	void close() {
		store.close();
	}

	// -- whose fault it is --

	@Test
	void ofTheUnet() throws IOException {
		final String model = damaged("sd1", "unet/diffusion_pytorch_model.safetensors", "conv_out.bias");
		try (ModelLease lease = store.borrow(on(model))) {
			says("output of the unet contains", () -> lease.diffEdit().generateMask(IMAGE, MASK));
			says("output of the unet contains", () -> lease.diffEdit().invert(IMAGE, INVERT));
			says("output of the unet contains", () -> lease.textToImage(WORDS, StepListener.NONE));
		}
		assertTrue(store.results().entries().stream().noneMatch(entry -> entry.kind().contains("noise")), store.results().summary().toString());
	}

	@Test
	void ofATextEncoder() throws IOException {
		final String sd1 = damaged("sd1", "text_encoder/model.safetensors", "text_model.final_layer_norm.bias");
		try (ModelLease lease = store.borrow(on(sd1))) {
			says("output of the text_encoder contains", () -> lease.diffEdit().generateMask(IMAGE, MASK));
		}
		assertTrue(store.results().entries().stream().noneMatch(entry -> entry.kind().contains("prompt")), store.results().summary().toString());
	}

	@Test
	void ofOneOfTwoTextEncoders() throws IOException {
		final String sdxl = damaged("sdxl", "text_encoder_2/model.safetensors", "text_projection.weight");
		try (ModelLease lease = store.borrow(on(sdxl))) {
			says("output of the text_encoder_2 contains", () -> lease.textToImage(WORDS, StepListener.NONE));
		}
	}

	@Test
	void ofTheAutoencoder() throws IOException {
		final String decoder = damaged("sd1", "vae/diffusion_pytorch_model.safetensors", "decoder.conv_out.bias");
		try (ModelLease lease = store.borrow(on(decoder))) {
			says("output of the vae's decoder contains", () -> lease.textToImage(WORDS, StepListener.NONE));
			assertEquals(3, lease.diffEdit().invert(IMAGE, INVERT).trajectories().get(0).count());
		}
	}

	@Test
	void ofTheAutoencodersFirstHalf() throws IOException {
		final String encoder = damaged("sd1", "vae/diffusion_pytorch_model.safetensors", "encoder.conv_out.bias");
		try (ModelLease lease = store.borrow(on(encoder))) {
			says("output of the vae's encoder contains", () -> lease.diffEdit().invert(IMAGE, INVERT));
		}
	}

	@Test
	void ofWhatTheUnetGot() {
		try (ModelLease lease = store.borrow(on(MODELS.resolve("sd1").toString()))) {
			final float[] noise = new float[4 * 16];
			noise[5] = Float.POSITIVE_INFINITY;
			says("latents passed to the unet contain", () -> lease.textToImage(WORDS.withLatents(Optional.of(new Latents(1, 4, 4, 4, noise))), StepListener.NONE));
			says("embeddings passed to the unet contain", () -> lease.call(model -> {
				final Conditioning conditioning = model.promptEncoder().encode(List.of("a red fox"), 0);
				return model.unet().predict(Tensor.zeros(DType.FLOAT32, 1, 4, 4, 4), 1, conditioning.map(tensor -> tensor.multiply(Double.NaN))).toFloatArray();
			}));
			assertFalse(lease.textToImage(WORDS, StepListener.NONE).images().isEmpty());
		}
	}

	@Test
	void ofWhatComesBetween() {
		try (Scope scope = Scope.open(); ModelLease lease = store.borrow(on(MODELS.resolve("sd1").toString()))) {
			says("scheduler", () -> lease.call(model -> Latents.of(Tensor.full(Double.NaN, DType.FLOAT32, 1, 4, 2, 2))));
		}
		says("difference map of the prompts contains", () -> new DifferenceMap(1, 2, new float[] { 1, Float.POSITIVE_INFINITY }));
	}

	private static void says(final String part, final Executable work) {
		final String sentence = assertThrows(DiffEditException.class, work).getMessage();
		assertTrue(sentence.contains(part) && sentence.contains("NaN or infinity"), sentence);
	}

	// -- what precision makes of it --

	@Test
	void aHalfPrecisionAutoencoderThatOverflowsIsComputedIn32BitsAndToldOfEachTime() throws IOException {
		final List<String> notices = new ArrayList<>();
		try (ModelLease lease = store.borrow(on(withoutUpcast("sd1")).withDtype(DType.FLOAT16))) {
			lease.setNotices(notices::add);
			lease.textToImage(WORDS, StepListener.NONE);
			assertEquals(List.of(), notices);
			lease.call(model -> overflowing(model.vae().blocks()));
			for (int seed = 1; seed <= 2; seed++) {
				final Picture picture = lease.textToImage(WORDS.withSeeds(List.of((long) seed)), StepListener.NONE).images().get(0);
				assertEquals(3 * 32 * 32, picture.values().length);
				assertEquals(seed, notices.size());
			}
			assertTrue(notices.get(0).contains("float16") && notices.get(0).contains("float32"), notices.get(0));
			lease.textToImage(WORDS.withSeeds(List.of(2L)), StepListener.NONE);
			assertEquals(1, store.results().entries().stream().filter(entry -> entry.kind().equals("decoded image")).mapToInt(Entry::uses).sum());
			assertEquals(3, notices.size(), "an image that is kept was computed in float32 too");
		}
	}

	@Test
	void anAutoencoderThatOverflowedIsNotTriedAgainWhenItsModelIsLoadedAgain() throws IOException {
		final LoadOptions half = on(withoutUpcast("sd1")).withDtype(DType.FLOAT16);
		try (ModelLease lease = store.borrow(half)) {
			lease.call(model -> overflowing(model.vae().blocks()));
			lease.textToImage(WORDS, StepListener.NONE);
		}
		store.unloadAll();
		assertEquals(1, noticesOf(half).size());
		assertEquals(List.of(), noticesOf(half.withDtype(DType.BFLOAT16)));
		assertEquals(List.of(), noticesOf(on(withoutUpcast("sd2")).withDtype(DType.FLOAT16)));
	}

	private List<String> noticesOf(final LoadOptions options) {
		final List<String> notices = new ArrayList<>();
		try (ModelLease lease = store.borrow(options)) {
			lease.setNotices(notices::add);
			lease.textToImage(WORDS.withSeeds(List.of(7L)), StepListener.NONE);
		}
		return notices;
	}

	/** A copy of a model whose config does not say that its autoencoder overflows. */
	private String withoutUpcast(final String model) throws IOException {
		final Path copy = copy(model), config = copy.resolve("vae/config.json");
		final JsonObject json = JsonText.object("config", Files.readString(config));
		json.addProperty("force_upcast", false);
		Files.writeString(config, json.toString());
		return copy.toString();
	}

	/** The decoder in 16 bits, which stands first, gets a bias that only 32 bits hold. */
	private static boolean overflowing(final List<Block> blocks) {
		final Block last = blocks.get(blocks.size() / 2 - 1);
		final Map<String, Tensor> tensors = last.load();
		tensors.put("conv_out.bias", tensors.get("conv_out.bias").plus(1e6));
		last.replace(tensors);
		return true;
	}

	// -- files --

	private static LoadOptions on(final String model) {
		return LoadOptions.of(model).withDevice("cpu");
	}

	private Path copy(final String model) throws IOException {
		final Path copy = folder.resolve(model), from = MODELS.resolve(model);
		try (Stream<Path> files = Files.walk(from)) {
			for (final Path each : files.toList()) Files.copy(each, copy.resolve(from.relativize(each)));
		}
		return copy;
	}

	/** A copy of a model with a NaN among its weights. */
	private String damaged(final String model, final String file, final String tensor) throws IOException {
		final Path copy = copy(model);
		final byte[] bytes = Files.readAllBytes(copy.resolve(file));
		final ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
		final int length = (int) buffer.getLong(0);
		final JsonObject header = JsonText.object(file, new String(bytes, 8, length, StandardCharsets.UTF_8));
		final JsonArray place = header.getAsJsonObject(tensor).getAsJsonArray("data_offsets");
		buffer.putFloat(8 + length + place.get(0).getAsInt(), Float.NaN);
		Files.write(copy.resolve(file), bytes);
		return copy.toString();
	}
}
