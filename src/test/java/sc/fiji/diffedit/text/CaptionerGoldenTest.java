package sc.fiji.diffedit.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.google.gson.JsonObject;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.SafetensorsReader;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.models.BlipConfig;
import sc.fiji.diffedit.models.BlipForConditionalGeneration;
import sc.fiji.diffedit.models.TextDecoder;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** BLIP, its image processor and its captions against transformers: golden H_blip. */
@ExtendWith(NoNativeLeaks.class)
@Numeric
class CaptionerGoldenTest {

	private static final GoldenCase GOLDEN = new GoldenCase("H_blip");

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2, 3, 4, 5, 6 })
	void givesWhatTransformersGives(final int i) {
		final JsonObject run = GOLDEN.json().getAsJsonArray("runs").get(i).getAsJsonObject();
		final Picture picture = picture(run);
		try (Scope scope = Scope.open(); BlipForConditionalGeneration blip = blip(); Tokenizer tokenizer = BertTokenizer.read(GoldenCase.model("blip"))) {
			final Tensor pixels = processor().preprocess(List.of(picture));
			GOLDEN.check("out." + i + ".pixel_values", pixels);
			final Tensor seen = blip.encodeImage(pixels);
			GOLDEN.check("out." + i + ".image_embeds", seen);
			final long[] ids = GOLDEN.tensor("out." + i + ".ids").toLongArray();
			try (TextDecoder caption = blip.describe(seen)) {
				GOLDEN.check("out." + i + ".logits", caption.next(new long[][] { ids }));
			}
			final Captioner captioner = new Captioner(tokenizer, processor(), blip, Device.CPU);
			final CaptionRequest request = new CaptionRequest(run.get("prompt").isJsonNull() ? "" : run.get("prompt").getAsString(),
				run.get("max_new_tokens").getAsInt(), run.has("num_beams") ? run.get("num_beams").getAsInt() : 1);
			assertArrayEquals(ids, captioner.tokens(picture, request, made -> {}));
			assertEquals(GOLDEN.json().getAsJsonArray("captions").get(i).getAsString(), captioner.caption(picture, request));
		}
	}

	private static Picture picture(final JsonObject run) {
		return GOLDEN.picture(run.getAsJsonObject("image").get("$image").getAsString());
	}

	@Test
	void captionsEndWhereTheModelDoes() {
		final Picture picture = picture(GOLDEN.json().getAsJsonArray("runs").get(2).getAsJsonObject());
		try (Scope scope = Scope.open(); BlipForConditionalGeneration blip = blip(); Tokenizer tokenizer = BertTokenizer.read(GoldenCase.model("blip"))) {
			final Captioner captioner = new Captioner(tokenizer, processor(), blip, Device.CPU);
			final CaptionRequest endless = CaptionRequest.DEFAULTS.withMaxNewTokens(100).withNumBeams(2).withBeginning("a ".repeat(60));
			assertTrue(assertThrows(DiffEditException.class, () -> captioner.caption(picture, endless)).getMessage().contains("64"));
			assertThrows(CancelledException.class, () -> captioner.caption(picture, CaptionRequest.DEFAULTS, made -> {
				throw new CancelledException();
			}));
			assertThrows(DiffEditException.class, () -> blip.encodeImage(Tensor.zeros(DType.FLOAT32, 1, 3, 32, 48)));
			assertThrows(DiffEditException.class, () -> CaptionRequest.DEFAULTS.withNumBeams(0));
		}
	}

	@Test
	void foldersAreOpenedAndClosed() {
		final JsonObject run = GOLDEN.json().getAsJsonArray("runs").get(4).getAsJsonObject();
		try (Captioner captioner = Captioner.open(GoldenCase.model("blip"), DType.FLOAT32, Device.CPU)) {
			final CaptionRequest request = CaptionRequest.DEFAULTS.withMaxNewTokens(9);
			assertEquals(GOLDEN.json().getAsJsonArray("captions").get(4).getAsString(), captioner.caption(picture(run), request));
		}
		assertTrue(assertThrows(DiffEditException.class, () -> Captioner.open(GoldenCase.model("t5"), DType.FLOAT32, Device.CPU)).getMessage().contains("t5"));
		assertThrows(DiffEditException.class, () -> Captioner.open(GoldenCase.model("sd1"), DType.FLOAT32, Device.CPU));
	}

	private static BlipForConditionalGeneration blip() {
		final BlipConfig config = BlipConfig.of(Config.read(GoldenCase.model("blip").resolve("config.json")));
		return new BlipForConditionalGeneration(config, new SafetensorsReader(GoldenCase.model("blip").resolve("model.safetensors")), DType.FLOAT32);
	}

	private static BlipImageProcessor processor() {
		return BlipImageProcessor.of(Config.read(GoldenCase.model("blip").resolve("preprocessor_config.json")));
	}
}
