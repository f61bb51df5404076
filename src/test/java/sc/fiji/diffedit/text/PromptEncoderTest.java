package sc.fiji.diffedit.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.Rounding;
import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** Prompts to embeddings, against the text encoder goldens B_text_*. */
@ExtendWith(NoNativeLeaks.class)
class PromptEncoderTest {

	@Test
	void oneEncoderGivesItsLastStates() {
		final GoldenCase golden = new GoldenCase("B_text_sd1");
		final List<String> prompts = prompts(golden);
		try (Scope scope = Scope.open(); TextModels models = TextModels.open("sd1")) {
			final PromptEncoder encoder = models.encoder();
			golden.check("out.last_hidden_state", encoder.encode(prompts, 0).encoderHiddenStates());
			for (int skip = 1; skip <= 3; skip++) golden.check("out.clip_skip." + skip, encoder.encode(prompts, skip).encoderHiddenStates());
			assertTrue(encoder.encode(prompts, 0).added().isEmpty());
			assertFalse(encoder.zerosForMissing());
			same(encoder.encode(List.of(""), 0).encoderHiddenStates(), encoder.encodeMissing().encoderHiddenStates());
			assertThrows(DiffEditException.class, () -> encoder.encode(prompts, 4));
			assertThrows(DiffEditException.class, () -> encoder.encode(List.of(), 0));
		}
	}

	@Test
	void repeatedPromptsAreEncodedOnceAndInOrder() {
		try (Scope scope = Scope.open(); TextModels models = TextModels.open("sd1")) {
			final PromptEncoder encoder = models.encoder();
			final Tensor encoderHiddenStates = encoder.encode(List.of("a cat", "", "a cat", "a dog", ""), 0).encoderHiddenStates();
			assertArrayEquals(new long[] { 5, 77, 32 }, encoderHiddenStates.shape());
			same(encoderHiddenStates.get(0), encoderHiddenStates.get(2));
			same(encoderHiddenStates.get(1), encoderHiddenStates.get(4));
			close(encoder.encode(List.of("a dog"), 0).encoderHiddenStates().get(0), encoderHiddenStates.get(3));
			final List<String> many = new ArrayList<>(Collections.nCopies(20, "a cat"));
			for (int i = 0; i < 20; i++) many.set(i, "a cat " + i);
			close(encoder.encode(List.of("a cat 18"), 0).encoderHiddenStates().get(0), encoder.encode(many, 0).encoderHiddenStates().get(18));
		}
	}

	@Test
	void wordsThatDoNotFitAreNamedOnce() {
		try (Scope scope = Scope.open(); TextModels models = TextModels.open("sd1")) {
			final String text = "a ".repeat(75) + "zebra";
			models.encoder().encode(List.of(text, text, "short"), 0);
			assertEquals(1, models.warnings().size());
			assertTrue(models.warnings().get(0).contains("\"zebra\""), models.warnings().get(0));
		}
	}

	@Test
	void twoEncodersGivePenultimateStatesAndAProjection() {
		final GoldenCase one = new GoldenCase("B_text_sdxl");
		final GoldenCase two = new GoldenCase("B_text_sdxl2");
		final List<String> prompts = prompts(one);
		try (Scope scope = Scope.open(); TextModels models = TextModels.open("sdxl")) {
			final PromptEncoder encoder = models.encoder();
			final Conditioning both = encoder.encode(prompts, 0);
			one.check("out.hidden_states.2", both.encoderHiddenStates().slice(-1, 0, 24));
			two.check("out.hidden_states.2", both.encoderHiddenStates().slice(-1, 24, 64));
			two.check("out.text_embeds", both.added().get(Conditioning.TEXT_EMBEDS));
			one.check("out.hidden_states.1", encoder.encode(prompts, 1).encoderHiddenStates().slice(-1, 0, 24));
			two.check("out.hidden_states.1", encoder.encode(prompts, 1).encoderHiddenStates().slice(-1, 24, 64));
			assertThrows(DiffEditException.class, () -> encoder.encode(prompts, 3));
			final Conditioning mixed = encoder.encode(List.of("a cat"), List.of("a dog"), 0);
			close(encoder.encode(List.of("a cat"), 0).encoderHiddenStates().slice(-1, 0, 24), mixed.encoderHiddenStates().slice(-1, 0, 24));
			close(encoder.encode(List.of("a dog"), 0).encoderHiddenStates().slice(-1, 24, 64), mixed.encoderHiddenStates().slice(-1, 24, 64));
			assertThrows(DiffEditException.class, () -> encoder.encode(List.of("a cat"), List.of("a dog", "b"), 0));
			missingIsZeros(encoder);
		}
	}

	@Test
	void theRefinerHasTheSecondEncoderAlone() {
		try (Scope scope = Scope.open(); TextModels base = TextModels.open("sdxl"); TextModels refiner = TextModels.open("sdxl-refiner")) {
			final Conditioning found = refiner.encoder().encode(List.of("a cat"), 0);
			assertArrayEquals(new long[] { 1, 77, 40 }, found.encoderHiddenStates().shape());
			assertArrayEquals(new long[] { 1, 36 }, found.added().get(Conditioning.TEXT_EMBEDS).shape());
			close(base.encoder().encode(List.of("a cat"), 0).encoderHiddenStates().slice(-1, 24, 64), found.encoderHiddenStates());
			same(refiner.encoder().encode(List.of(""), 0).encoderHiddenStates(), refiner.encoder().encodeMissing().encoderHiddenStates());
		}
	}

	private static void missingIsZeros(final PromptEncoder encoder) {
		final Conditioning missing = encoder.encodeMissing();
		assertTrue(encoder.zerosForMissing());
		assertArrayEquals(new long[] { 1, 77, 64 }, missing.encoderHiddenStates().shape());
		assertArrayEquals(new float[36], missing.added().get(Conditioning.TEXT_EMBEDS).toFloatArray());
		assertEquals(0, missing.encoderHiddenStates().abs().sum(false, 0, 1, 2).toFloat());
	}

	private static List<String> prompts(final GoldenCase golden) {
		return golden.json().getAsJsonArray("prompts").asList().stream().map(e -> e.getAsString()).toList();
	}

	private static void same(final Tensor a, final Tensor b) {
		assertArrayEquals(a.toFloatArray(), b.toFloatArray());
	}

	private static void close(final Tensor a, final Tensor b) {
		Rounding.assertClose(a.toFloatArray(), b.toFloatArray(), 1e-4);
	}
}
