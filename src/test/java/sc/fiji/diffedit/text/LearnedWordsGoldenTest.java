package sc.fiji.diffedit.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.TextualInversion;

/** Textual inversions in prompts against diffusers: what the text encoders give in goldens F_ti_*. */
@ExtendWith(NoNativeLeaks.class)
class LearnedWordsGoldenTest {

	@ParameterizedTest
	@ValueSource(strings = { "F_ti_sd1_one", "F_ti_sd1_one_bin", "F_ti_sd1_two", "F_ti_sd1_many", "F_ti_sd1_a1111", "F_ti_sd1_a1111_pt" })
	void givesWhatDiffusersGives(final String name) {
		final GoldenCase golden = new GoldenCase(name);
		try (Scope scope = Scope.open(); TextModels models = TextModels.open("sd1")) {
			PromptEncoder encoder = models.encoder().with(PromptOptions.DEFAULTS.withParity(true));
			for (final JsonElement step : golden.json().getAsJsonArray("prepare")) encoder = models.keep(encoder.with(word(step.getAsJsonObject())));
			final String prompt = golden.json().getAsJsonObject("args").get("prompt").getAsString();
			golden.check("text_encoder.0.last_hidden_state", encoder.encode(List.of(prompt), 0).encoderHiddenStates());
		}
	}

	private static TextualInversion word(final JsonObject step) {
		final JsonObject how = step.getAsJsonObject("kwargs");
		final Path file = GoldenCase.model("adapters").resolve(how.get("weight_name").getAsString());
		return TextualInversion.read(file, Optional.ofNullable(how.get("token")).map(JsonElement::getAsString));
	}

	@Test
	void bothEncodersOfSdxlLearnAWord() {
		final GoldenCase golden = new GoldenCase("F_ti_sdxl");
		final TextualInversion inversion = TextualInversion.read(GoldenCase.model("adapters").resolve("ti_sdxl.safetensors"), Optional.of("<xl>"));
		try (Scope scope = Scope.open(); TextModels models = TextModels.open("sdxl")) {
			final PromptEncoder encoder = models.keep(models.encoder().with(inversion));
			final Conditioning found = encoder.encode(List.of(golden.json().getAsJsonObject("args").get("prompt").getAsString()), 0);
			golden.check("text_encoder.0.penultimate", found.encoderHiddenStates().slice(-1, 0, 24));
			golden.check("text_encoder_2.0.penultimate", found.encoderHiddenStates().slice(-1, 24, 64));
			golden.check("text_encoder_2.0.text_embeds", found.added().get(Conditioning.TEXT_EMBEDS));
			assertThrows(DiffEditException.class, () -> encoder.with(inversion), "known already");
		}
	}

	@Test
	void otherPromptsAndEncodersStayAsTheyWere() {
		final TextualInversion inversion = TextualInversion.read(GoldenCase.model("adapters").resolve("ti_one.safetensors"));
		try (Scope scope = Scope.open(); TextModels models = TextModels.open("sd1")) {
			final Tensor plain = models.encoder().encode(List.of("a cat"), 0).encoderHiddenStates();
			final PromptEncoder encoder = models.keep(models.encoder().with(inversion));
			assertArrayEquals(plain.toFloatArray(), encoder.encode(List.of("a cat"), 0).encoderHiddenStates().toFloatArray());
			final float[] learned = encoder.encode(List.of("a " + inversion.token()), 0).encoderHiddenStates().toFloatArray();
			final float[] unknown = models.encoder().encode(List.of("a " + inversion.token()), 0).encoderHiddenStates().toFloatArray();
			assertTrue(!java.util.Arrays.equals(learned, unknown));
		}
	}

	/** diffusers takes the first of four vectors, since the word has capital letters. */
	@Test
	void wordsWithCapitalsHaveAllTheirVectors() {
		final Path file = GoldenCase.model("adapters").resolve("ti_a1111.safetensors");
		try (Scope scope = Scope.open(); TextModels models = TextModels.open("sd1")) {
			final PromptEncoder some = models.keep(models.encoder().with(TextualInversion.read(file, Optional.of("Embed-V2"))));
			final PromptEncoder other = models.keep(models.encoder().with(TextualInversion.read(file, Optional.of("<lower>"))));
			final Tensor capitals = some.encode(List.of("portrait Embed-V2"), 0).encoderHiddenStates();
			assertArrayEquals(other.encode(List.of("portrait <lower>"), 0).encoderHiddenStates().toFloatArray(), capitals.toFloatArray());
			final Tensor parity = some.with(PromptOptions.DEFAULTS.withParity(true)).encode(List.of("portrait Embed-V2"), 0).encoderHiddenStates();
			assertTrue(!java.util.Arrays.equals(parity.toFloatArray(), capitals.toFloatArray()));
		}
	}

	@Test
	void wordsOfAnotherFamilyAreRefused() {
		final TextualInversion inversion = TextualInversion.read(GoldenCase.model("adapters").resolve("ti_one.safetensors"));
		try (TextModels models = TextModels.open("sdxl")) {
			assertThrows(DiffEditException.class, () -> models.encoder().with(inversion));
		}
	}
}
