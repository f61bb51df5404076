package sc.fiji.diffedit.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.SafetensorsReader;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.models.Sampling;
import sc.fiji.diffedit.models.T5Config;
import sc.fiji.diffedit.models.T5ForConditionalGeneration;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.NoNativeLeaks;

/** Prompts written by the tiny T5; its greedy answers are those of golden H_t5. */
@ExtendWith(NoNativeLeaks.class)
@Numeric
class PromptGeneratorTest {

	@Test
	void manyPromptsForOneThing() {
		try (T5ForConditionalGeneration t5 = t5(); Tokenizer tokenizer = T5Tokenizer.read(GoldenCase.model("t5"))) {
			final PromptGenerator generator = new PromptGenerator(tokenizer, t5, Device.CPU);
			final SuggestionRequest request = SuggestionRequest.captionsOf(" bowl ").withMaxNewTokens(8);
			assertTrue(request.instruction().startsWith("Provide a caption for images containing a bowl. "));
			final List<String> prompts = generator.suggest(request);
			assertEquals(16, prompts.size());
			assertTrue(prompts.stream().distinct().count() > 8, prompts.toString());
			assertEquals(prompts, generator.suggest(request));
			assertNotEquals(prompts, generator.suggest(request.withSeed(1)));
			assertThrows(CancelledException.class, () -> generator.suggest(request, made -> {
				throw new CancelledException();
			}));
		}
	}

	@Test
	void theLikeliestWordAloneGivesTheGreedyAnswer() {
		final GoldenCase golden = new GoldenCase("H_t5");
		final String text = golden.json().getAsJsonArray("runs").get(1).getAsJsonObject().get("text").getAsString();
		try (T5ForConditionalGeneration t5 = t5(); Tokenizer tokenizer = T5Tokenizer.read(GoldenCase.model("t5"))) {
			final SuggestionRequest request = SuggestionRequest.of(text).withCount(3).withMaxNewTokens(9).withSampling(new Sampling(1, 1, 1));
			final String expected = golden.json().getAsJsonArray("texts").get(1).getAsJsonArray().get(0).getAsString();
			assertEquals(List.of(expected, expected, expected), new PromptGenerator(tokenizer, t5, Device.CPU).suggest(request));
		}
	}

	@Test
	void foldersAreOpenedAndClosed() {
		try (PromptGenerator generator = PromptGenerator.open(GoldenCase.model("t5"), DType.FLOAT32, Device.CPU)) {
			assertEquals(2, generator.suggest(SuggestionRequest.captionsOf("cat").withCount(2).withMaxNewTokens(3)).size());
		}
		try (PromptGenerator half = PromptGenerator.open(GoldenCase.model("t5"), DType.FLOAT16, Device.CPU)) {
			assertEquals(2, half.suggest(SuggestionRequest.captionsOf("cat").withCount(2).withMaxNewTokens(3)).size());
		}
		assertThrows(DiffEditException.class, () -> PromptGenerator.open(GoldenCase.model("blip"), DType.FLOAT32, Device.CPU));
	}

	@Test
	void emptyWishesAreRefused() {
		assertThrows(DiffEditException.class, () -> SuggestionRequest.captionsOf(" "));
		assertThrows(DiffEditException.class, () -> SuggestionRequest.of("x").withCount(0));
		assertThrows(DiffEditException.class, () -> SuggestionRequest.of("x").withMaxNewTokens(0));
	}

	private static T5ForConditionalGeneration t5() {
		final T5Config config = T5Config.of(Config.read(GoldenCase.model("t5").resolve("config.json")));
		return new T5ForConditionalGeneration(config, new SafetensorsReader(GoldenCase.model("t5").resolve("model.safetensors")), DType.FLOAT32);
	}
}
