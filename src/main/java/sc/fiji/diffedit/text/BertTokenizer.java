package sc.fiji.diffedit.text;

import java.nio.file.Path;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;

/**
 * BERT's tokenizer, which BLIP uses: words and pieces of words, framed by {@code [CLS]} and {@code [SEP]}. It comes from
 * {@code tokenizer.json}, or from {@code vocab.txt} (transformers {@code BertTokenizer}).
 */
public final class BertTokenizer {

	private static final int MAX_LENGTH = 512;
	private static final int MOST_CHARACTERS = 100;
	private static final String UNKNOWN = "[UNK]";

	private BertTokenizer() {}

	/**
	 * Reads a model's folder.
	 *
	 * @throws DiffEditException if files are missing, damaged or of another kind of tokenizer
	 */
	public static Tokenizer read(final Path folder) {
		final TokenizerFiles files = new TokenizerFiles(folder);
		final JsonObject config = files.jsonOrEmpty("tokenizer_config.json");
		final int maxLength = TokenizerJson.wholeNumber(config, "model_max_length", 1, 1 << 20, MAX_LENGTH);
		final String pad = TokenizerJson.token(config, "pad_token", "[PAD]");
		final String start = TokenizerJson.token(config, "cls_token", "[CLS]");
		final String end = TokenizerJson.token(config, "sep_token", "[SEP]");
		if (files.has("tokenizer.json") || !files.has("vocab.txt")) {
			return new JsonTokenizer(files.source("tokenizer.json"), files.json("tokenizer.json"), maxLength, pad, end);
		}
		final JsonElement lower = config.get("do_lower_case");
		final boolean lowercase = lower == null || !lower.isJsonPrimitive() || lower.getAsBoolean();
		final String source = files.source("vocab.txt");
		final JsonObject vocabulary = new JsonObject();
		int id = 0;
		for (final String line : files.text("vocab.txt").split("\r?\n")) vocabulary.addProperty(line, id++);
		return new JsonTokenizer(source, json(source, vocabulary, lowercase, start, end, pad), maxLength, pad, end);
	}

	private static JsonObject json(final String source, final JsonObject vocabulary, final boolean lowercase, final String start,
		final String end, final String pad)
	{
		final JsonArray added = new JsonArray();
		for (final String special : new String[] { pad, UNKNOWN, start, end, "[MASK]" }) {
			if (vocabulary.has(special)) added.add(TokenizerJson.addedToken(vocabulary.get(special).getAsInt(), special, false, true));
		}
		for (final String needed : new String[] { UNKNOWN, start, end }) {
			if (vocabulary.has(needed)) continue;
			throw new DiffEditException(source + " does not have the token '" + needed + "'; it is not a vocabulary of BERT's kind.");
		}
		final JsonObject normalizer = TokenizerJson.type("BertNormalizer");
		normalizer.addProperty("clean_text", true);
		normalizer.addProperty("handle_chinese_chars", true);
		normalizer.add("strip_accents", null);
		normalizer.addProperty("lowercase", lowercase);
		final JsonObject model = TokenizerJson.type("WordPiece");
		model.addProperty("unk_token", UNKNOWN);
		model.addProperty("continuing_subword_prefix", "##");
		model.addProperty("max_input_chars_per_word", MOST_CHARACTERS);
		model.add("vocab", vocabulary);
		final JsonObject decoder = TokenizerJson.type("WordPiece");
		decoder.addProperty("prefix", "##");
		decoder.addProperty("cleanup", true);
		final JsonObject json = new JsonObject();
		json.addProperty("version", "1.0");
		json.add("added_tokens", added);
		json.add("normalizer", normalizer);
		json.add("pre_tokenizer", TokenizerJson.type("BertPreTokenizer"));
		json.add("post_processor", TokenizerJson.template(start, vocabulary.get(start).getAsInt(), end, vocabulary.get(end).getAsInt()));
		json.add("decoder", decoder);
		json.add("model", model);
		return json;
	}
}
