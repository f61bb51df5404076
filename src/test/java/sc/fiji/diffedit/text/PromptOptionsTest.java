package sc.fiji.diffedit.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.Rounding;
import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** Weights of words, and prompts of several pieces. */
@ExtendWith(NoNativeLeaks.class)
@Numeric
class PromptOptionsTest {

	private static final PromptOptions WEIGHTED = PromptOptions.DEFAULTS.withWeighted(true);
	private static final PromptOptions LONG = PromptOptions.DEFAULTS.withLongPrompts(true);

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
		"a cat | a cat=1.0", "a (cat) | a =1.0;cat=1.1", "a [cat] | a =1.0;cat=0.91", "(cat:1.3) | cat=1.3", "(cat: 0.5 )dog | cat=0.5;dog=1.0",
		"((cat)) dog | cat=1.21; dog=1.0", "(a [b]) | a =1.1;b=1.0", "(a (b:2)) | a =1.1;b=2.2", "a (b | a =1.0;b=1.1", "a [b | a =1.0;b=0.91",
		"a) b] | a) b]=1.0", "\\(a\\) \\[b\\] \\\\ | (a) [b] \\=1.0", "a:2 (b:c) | a:2 =1.0;b:c=1.1", "(a:1.2.3) | a:1.2.3=1.1", "(a:-1) | a=-1.0",
		"(a:.5) | a=0.5", "() | ''", "(a)(b) | ab=1.1", "(:2) | ''", "a \\n | a \\n=1.0" })
	void bracketsGiveWeights(final String prompt, final String expected) {
		final String found = String.join(";", WeightedText.parse(prompt).stream()
			.map(part -> part.text() + "=" + Math.round(part.weight() * 100) / 100.0).toList());
		assertEquals(expected, found);
	}

	@Test
	void bracketsMayBeOpenAHundredTimes() {
		assertEquals(Math.pow(1.1, 100), WeightedText.parse("(".repeat(100) + "a").get(0).weight(), 1e-6);
		final String message = assertThrows(DiffEditException.class, () -> WeightedText.parse("(".repeat(50) + "[".repeat(51) + "a")).getMessage();
		assertTrue(message.contains("more than 100 brackets"), message);
	}

	@Test
	void promptsWithoutBracketsStayTheSame() {
		try (Scope scope = Scope.open(); TextModels models = TextModels.open("sd1")) {
			final List<String> prompts = List.of("a photo of a cat", "", "zebra ".repeat(90));
			final float[] plain = models.encoder().encode(prompts, 0).encoderHiddenStates().toFloatArray();
			assertArrayEquals(plain, models.encoder().with(WEIGHTED).encode(prompts, 0).encoderHiddenStates().toFloatArray());
			assertArrayEquals(plain, models.encoder().with(WEIGHTED).with(PromptOptions.DEFAULTS).encode(prompts, 0).encoderHiddenStates().toFloatArray());
		}
	}

	@Test
	void weightsScaleTheStatesOfTheirWordsAndKeepTheMean() {
		try (Scope scope = Scope.open(); TextModels models = TextModels.open("sd1")) {
			final Tensor plain = models.encoder().encode(List.of("a red cat"), 0).encoderHiddenStates();
			final Tensor both = models.encoder().with(WEIGHTED).encode(List.of("a (red:1.5) cat", "a red cat"), 0).encoderHiddenStates();
			final Tensor weighted = both.slice(0, 0, 1);
			assertEquals(plain.mean().toFloat(), weighted.mean().toFloat(), 1e-6);
			final float kept = ratio(plain, weighted, 1);
			final ClipTokenizer tokenizer = models.keep(ClipTokenizer.read(GoldenCase.model("sd1/tokenizer")));
			final int red = tokenizer.encode("red").length - 2;
			for (int i = 0; i < red; i++) assertEquals(1.5 * kept, ratio(plain, weighted, 2 + i), 1e-4);
			assertEquals(kept, ratio(plain, weighted, 2 + red), 1e-4);
			assertEquals(kept, ratio(plain, weighted, 0), 1e-4);
			assertArrayEquals(plain.toFloatArray(), both.slice(0, 1, 2).toFloatArray(), 1e-4f, "other prompts keep their states");
		}
	}

	/** Factor between the states of a token. */
	private static float ratio(final Tensor plain, final Tensor weighted, final int token) {
		return weighted.slice(1, token, token + 1).abs().mean().toFloat() / plain.slice(1, token, token + 1).abs().mean().toFloat();
	}

	@ParameterizedTest
	@ValueSource(strings = { "sd1", "sdxl", "sdxl-refiner" })
	void longPromptsAreReadInPieces(final String model) {
		try (Scope scope = Scope.open(); TextModels models = TextModels.open(model)) {
			final String first = "a ".repeat(75).trim();
			final Conditioning whole = models.encoder().with(LONG).encode(List.of(first + " zebra", "a cat"), 0);
			assertEquals(154, whole.encoderHiddenStates().size(1));
			close(models.encoder().encode(List.of(first, "a cat"), 0).encoderHiddenStates(), whole.encoderHiddenStates().slice(1, 0, 77));
			close(models.encoder().encode(List.of("zebra", ""), 0).encoderHiddenStates(), whole.encoderHiddenStates().slice(1, 77, 154));
			assertTrue(models.warnings().isEmpty());
			if (model.equals("sd1")) return;
			final Tensor pooled = models.encoder().encode(List.of(first, "a cat"), 0).added().get(Conditioning.TEXT_EMBEDS);
			close(pooled, whole.added().get(Conditioning.TEXT_EMBEDS));
		}
	}

	@Test
	void promptsOfOneRequestGetTheSameLength() {
		try (Scope scope = Scope.open(); TextModels models = TextModels.open("sdxl")) {
			final String text = "a ".repeat(160);
			final PromptEncoder encoder = models.encoder().with(LONG).forPrompts(List.of("a cat", text));
			assertEquals(231, encoder.encode(List.of("a cat"), 0).encoderHiddenStates().size(1));
			assertEquals(231, encoder.encode(List.of(text), 0).encoderHiddenStates().size(1));
			assertEquals(231, encoder.encodeMissing().encoderHiddenStates().size(1));
			assertEquals(77, models.encoder().forPrompts(List.of(text)).encode(List.of("a cat"), 0).encoderHiddenStates().size(1), "off by default");
			assertEquals(77, models.encoder().with(LONG).forPrompts(List.of()).encode(List.of("a cat"), 0).encoderHiddenStates().size(1));
		}
	}

	@Test
	void piecesEndWhereWordsEnd() {
		try (ClipTokenizer tokenizer = ClipTokenizer.read(GoldenCase.model("sd1/tokenizer"))) {
			final String text = "a ".repeat(74) + "jumping house";
			final PromptPieces pieces = PromptPieces.of(tokenizer, text, LONG, 2);
			assertEquals(2, PromptPieces.count(tokenizer, text, LONG));
			assertEquals("a ".repeat(74).trim(), tokenizer.decode(pieces.ids()[0]));
			assertEquals("jumping house", tokenizer.decode(pieces.ids()[1]));
			assertEquals("", pieces.cut());
			final String endless = "x".repeat(400);
			final int count = PromptPieces.count(tokenizer, endless, LONG);
			assertTrue(count > 1, "a word longer than a piece is cut inside");
			assertEquals("", PromptPieces.of(tokenizer, endless, LONG, count).cut());
			assertFalse(PromptPieces.of(tokenizer, endless, LONG, count - 1).cut().isEmpty());
			assertEquals(1, PromptPieces.count(tokenizer, "", LONG));
		}
	}

	@Test
	void weightsReachAcrossPieces() {
		try (Scope scope = Scope.open(); TextModels models = TextModels.open("sd1"); ClipTokenizer tokenizer = ClipTokenizer.read(GoldenCase.model("sd1/tokenizer"))) {
			final PromptOptions both = LONG.withWeighted(true);
			final String text = "a ".repeat(74) + "(a a:2)";
			final PromptPieces pieces = PromptPieces.of(tokenizer, text, both, 2);
			assertEquals(2, pieces.weights()[0][75]);
			assertEquals(1, pieces.weights()[0][74]);
			assertEquals(2, pieces.weights()[1][1]);
			assertEquals(1, pieces.weights()[1][2]);
			final Tensor plain = models.encoder().with(LONG).encode(List.of("a ".repeat(76)), 0).encoderHiddenStates();
			final Tensor weighted = models.encoder().with(both).encode(List.of(text), 0).encoderHiddenStates();
			assertArrayEquals(plain.shape(), weighted.shape());
			assertEquals(2 * ratio(plain, weighted, 0), ratio(plain, weighted, 78), 1e-4);
		}
	}

	private static void close(final Tensor expected, final Tensor found) {
		assertEquals(Arrays.toString(expected.shape()), Arrays.toString(found.shape()));
		Rounding.assertClose(expected.toFloatArray(), found.toFloatArray(), 1e-4);
	}
}
