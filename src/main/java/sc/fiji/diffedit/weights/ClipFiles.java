package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.google.gson.JsonObject;

/**
 * The files of CLIP's own tokenizer, which is the same for all models of Stable Diffusion, so that a checkpoint in one file needs no
 * folder beside it. Only the merges are stored; the vocabulary follows from them as in OpenAI's {@code simple_tokenizer.py}: 256 bytes,
 * the same at the end of a word, what the merges make, and two tokens around a text.
 *
 * @param pad the token that it pads with
 */
public record ClipFiles(String pad) {

	/** Tokens in the vocabulary. */
	static final int SIZE = 49408;
	/** What the tokenizers of SD 1.x and of SDXL's first text encoder pad with. */
	static final String END = "<|endoftext|>";
	/** What those of SD 2.x and of SDXL's second text encoder pad with: token 0. */
	static final String BANG = "!";

	private static final String START = "<|startoftext|>", WORD_END = "</w>";

	/** The files' texts by name. The vocabulary is made at each call. */
	public Map<String, String> texts() {
		final String merges = merges();
		return Map.of("merges.txt", merges, "vocab.json", vocabulary(merges).toString(), "tokenizer_config.json", config().toString());
	}

	private static String merges() {
		try (InputStream in = ClipFiles.class.getResourceAsStream("clip/merges.txt")) {
			return new String(in.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	private static JsonObject vocabulary(final String merges) {
		final List<String> tokens = new ArrayList<>(ByteSymbols.all());
		for (final String symbol : ByteSymbols.all()) tokens.add(symbol + WORD_END);
		merges.lines().skip(1).forEach(pair -> tokens.add(pair.replace(" ", "")));
		tokens.add(START);
		tokens.add(END);
		final JsonObject vocabulary = new JsonObject();
		for (int id = 0; id < tokens.size(); id++) vocabulary.addProperty(tokens.get(id), id);
		return vocabulary;
	}

	private JsonObject config() {
		final JsonObject config = new JsonObject();
		config.addProperty("tokenizer_class", "CLIPTokenizer");
		config.addProperty("model_max_length", 77);
		config.addProperty("bos_token", START);
		config.addProperty("eos_token", END);
		config.addProperty("unk_token", END);
		config.addProperty("pad_token", pad);
		return config;
	}
}
