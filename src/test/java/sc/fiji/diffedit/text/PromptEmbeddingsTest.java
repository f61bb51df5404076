package sc.fiji.diffedit.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.SafetensorsWriter;

/** Encoded prompts: their mean (goldens H_mean_embeddings_*), and files of them. */
@ExtendWith(NoNativeLeaks.class)
class PromptEmbeddingsTest {

	@TempDir
	Path folder;

	@ParameterizedTest
	@ValueSource(strings = { "sd1", "sd2" })
	void theMeanOfManySentences(final String model) {
		final GoldenCase golden = new GoldenCase("H_mean_embeddings_" + model);
		final List<String> sentences = golden.json().getAsJsonArray("sentences").asList().stream().map(e -> e.getAsString()).toList();
		try (Scope scope = Scope.open(); TextModels models = TextModels.open(model)) {
			golden.check("out.embeds", PromptEmbeddings.mean(models.encoder().encode(sentences, 0)).encoderHiddenStates());
		}
	}

	@Test
	void filesKeepEverything() {
		final Path file = folder.resolve("prompts.safetensors");
		try (Scope scope = Scope.open(); TextModels models = TextModels.open("sdxl")) {
			final Conditioning prompts = models.encoder().encode(List.of("a cat", "a dog"), 0);
			PromptEmbeddings.write(file, prompts);
			final Conditioning read = PromptEmbeddings.read(file);
			assertArrayEquals(prompts.encoderHiddenStates().shape(), read.encoderHiddenStates().shape());
			assertArrayEquals(prompts.encoderHiddenStates().toFloatArray(), read.encoderHiddenStates().toFloatArray());
			assertArrayEquals(prompts.added().get(Conditioning.TEXT_EMBEDS).toFloatArray(), read.added().get(Conditioning.TEXT_EMBEDS).toFloatArray());
			PromptEmbeddings.write(file, Conditioning.of(prompts.encoderHiddenStates()));
			assertTrue(PromptEmbeddings.read(file).added().isEmpty());
		}
	}

	@Test
	void otherFilesAreRefused() throws IOException {
		final Path file = folder.resolve("other.safetensors");
		try (Scope scope = Scope.open()) {
			refused(file, Map.of("x", Tensor.zeros(DType.FLOAT32, 1, 77, 8)), "prompt_embeds");
			refused(file, Map.of("prompt_embeds", Tensor.zeros(DType.FLOAT32, 77, 8)), "[77, 8]");
			refused(file, Map.of("prompt_embeds", Tensor.zeros(DType.INT64, 1, 77, 8)), "[1, 77, 8]");
			refused(file, Map.of("prompt_embeds", Tensor.full(Double.NaN, DType.FLOAT32, 1, 77, 8)), "NaN");
			refused(file, Map.of("prompt_embeds", Tensor.zeros(DType.FLOAT32, 1, 77, 8), "pooled_prompt_embeds", Tensor.zeros(DType.FLOAT32, 2, 8)), "2 pooled");
			Files.writeString(file, "no such thing");
			assertThrows(DiffEditException.class, () -> PromptEmbeddings.read(file));
		}
	}

	private static void refused(final Path file, final Map<String, Tensor> tensors, final String expected) {
		SafetensorsWriter.write(file, tensors, Map.of());
		final String message = assertThrows(DiffEditException.class, () -> PromptEmbeddings.read(file)).getMessage();
		assertTrue(message.contains(expected), message);
	}
}
