package sc.fiji.diffedit.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.SafetensorsReader;
import sc.fiji.diffedit.WithoutPrefix;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.Weights;

/** CLIP's text encoders against transformers: goldens B_text_*. */
@ExtendWith(NoNativeLeaks.class)
@Numeric
class CLIPTextModelGoldenTest {

	@ParameterizedTest
	@ValueSource(strings = { "B_text_sd1", "B_text_sd2", "B_text_sdxl" })
	void givesWhatTransformersGives(final String name) {
		final GoldenCase golden = new GoldenCase(name);
		final String model = golden.json().get("model").getAsString();
		try (Scope scope = Scope.open(); CLIPTextModel text = new CLIPTextModel(config(model), weights(model), DType.FLOAT32)) {
			final int layers = text.config().numHiddenLayers();
			final int[] all = new int[2 * layers + 2];
			for (int i = 0; i < all.length; i++) all[i] = i - layers - 1;
			final TextStates states = text.forward(golden.tensor("in.input_ids"), all);
			checkStates(golden, states, layers);
			golden.check("out.pooler_output", states.pooled());
			for (int skip = 1; skip <= layers; skip++) {
				golden.check("out.clip_skip." + skip, text.finalLayerNorm(states.hiddenState(-skip - 1)));
			}
		}
	}

	@Test
	void projectsThePooledOutput() {
		final GoldenCase golden = new GoldenCase("B_text_sdxl2");
		final String model = "sdxl/text_encoder_2";
		try (Scope scope = Scope.open();
			CLIPTextModelWithProjection both = new CLIPTextModelWithProjection(config(model), weights(model), DType.FLOAT32))
		{
			final TextStates states = both.text().forward(golden.tensor("in.input_ids"), 0, 1, 2, 3);
			checkStates(golden, states, 3);
			golden.check("out.text_embeds", both.project(states.pooled()));
		}
	}

	private static void checkStates(final GoldenCase golden, final TextStates states, final int layers) {
		golden.check("out.last_hidden_state", states.lastHiddenState());
		for (int i = 0; i <= layers; i++) golden.check("out.hidden_states." + i, states.hiddenState(i));
	}

	@ParameterizedTest
	@CsvSource({ "2, 3", "774, 2", "5, 1", "6, 0" })
	void pooledOutputStandsAtTheEnd(final int eos, final int place) {
		final CLIPTextConfig given = config("sd1/text_encoder");
		final CLIPTextConfig config = new CLIPTextConfig(given.vocabSize(), given.hiddenSize(), given.intermediateSize(),
			given.projectionDim(), given.numHiddenLayers(), given.numAttentionHeads(), given.maxPositionEmbeddings(), given.hiddenAct(),
			given.layerNormEps(), eos);
		try (Scope scope = Scope.open(); CLIPTextModel text = new CLIPTextModel(config, weights("sd1/text_encoder"), DType.FLOAT32)) {
			final long[] ids = eos == 2 ? new long[] { 773, 5, 772, 774 } : new long[] { 773, 5, 774, 774 };
			final TextStates states = text.forward(Tensor.of(ids, 1, 4));
			final Tensor wanted = states.lastHiddenState().slice(1, place, place + 1).reshape(1, -1);
			assertTrue(wanted.minus(states.pooled()).abs().sum(false, 0, 1).toFloat() < 1e-4);
		}
	}

	@Test
	void learnedWordsLieBehindTheTable() {
		try (Scope scope = Scope.open(); CLIPTextModel text = new CLIPTextModel(config("sd1/text_encoder"), weights("sd1/text_encoder"), DType.FLOAT32)) {
			final Tensor table = weights("sd1/text_encoder").get("embeddings.token_embedding.weight");
			final Tensor learned = Tensor.cat(0, table.slice(0, 100, 101), table.slice(0, 514, 515));
			final Tensor plain = text.forward(Tensor.of(new long[] { 773, 514, 100, 774 }, 1, 4)).lastHiddenState();
			final Tensor other = text.forward(Tensor.of(new long[] { 773, 776, 775, 774 }, 1, 4), learned).lastHiddenState();
			assertEquals(0, plain.minus(other).abs().sum(false, 0, 1, 2).toFloat());
		}
	}

	@Test
	void tokensOfAnotherModelAreRefused() {
		try (Scope scope = Scope.open(); CLIPTextModel text = new CLIPTextModel(config("sd1/text_encoder"), weights("sd1/text_encoder"), DType.FLOAT32)) {
			final Tensor foreign = Tensor.of(new long[] { 773, 49407 }, 1, 2);
			assertTrue(assertThrows(DiffEditException.class, () -> text.forward(foreign)).getMessage().contains("49407"));
			final Tensor many = Tensor.zeros(DType.INT64, 1, 78);
			assertTrue(assertThrows(DiffEditException.class, () -> text.forward(many)).getMessage().contains("78"));
		}
	}

	@Test
	void worksInHalfPrecision() {
		try (Scope scope = Scope.open(); CLIPTextModel text = new CLIPTextModel(config("sd1/text_encoder"), weights("sd1/text_encoder"), DType.BFLOAT16)) {
			final TextStates states = text.forward(Tensor.of(new long[] { 773, 514, 100, 774 }, 1, 4));
			assertEquals(DType.BFLOAT16, states.lastHiddenState().dtype());
			assertTrue(states.lastHiddenState().isFinite());
		}
	}

	private static CLIPTextConfig config(final String model) {
		return CLIPTextConfig.of(Config.read(GoldenCase.model(model).resolve("config.json")));
	}

	private static Weights weights(final String model) {
		final Path file = GoldenCase.model(model).resolve("model.safetensors");
		return new WithoutPrefix(new SafetensorsReader(file), "text_model.");
	}
}
