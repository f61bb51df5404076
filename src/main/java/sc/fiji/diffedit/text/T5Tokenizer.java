package sc.fiji.diffedit.text;

import java.nio.file.Path;
import java.util.Base64;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/**
 * T5's tokenizer: the likeliest pieces of words (Kudo 2018), ended by {@code </s>}. It comes from {@code tokenizer.json}, or
 * from the SentencePiece file {@code spiece.model} followed by T5's 100 extra tokens (transformers {@code T5Tokenizer}).
 */
public final class T5Tokenizer {

	private static final String SPACE = "\u2581";
	private static final int MAX_LENGTH = 512;
	private static final int EXTRA_IDS = 100;
	private static final int MOST_EXTRA_IDS = 100_000;

	private T5Tokenizer() {}

	/**
	 * Reads a model's folder.
	 *
	 * @throws sc.fiji.diffedit.DiffEditException if files are missing, damaged or of another kind of tokenizer
	 */
	public static Tokenizer read(final Path folder) {
		final TokenizerFiles files = new TokenizerFiles(folder);
		final JsonObject config = files.jsonOrEmpty("tokenizer_config.json");
		final int maxLength = TokenizerJson.wholeNumber(config, "model_max_length", 1, 1 << 20, MAX_LENGTH);
		final String pad = TokenizerJson.token(config, "pad_token", "<pad>");
		final String end = TokenizerJson.token(config, "eos_token", "</s>");
		if (files.has("tokenizer.json") || !files.has("spiece.model")) {
			return new JsonTokenizer(files.source("tokenizer.json"), files.json("tokenizer.json"), maxLength, pad, end);
		}
		final String source = files.source("spiece.model");
		final SentencePieceFile pieces = new SentencePieceFile(source, files.bytes("spiece.model"));
		final int extra = TokenizerJson.wholeNumber(config, "extra_ids", 0, MOST_EXTRA_IDS, EXTRA_IDS);
		return new JsonTokenizer(source, json(pieces, extra, pad, end), maxLength, pad, end);
	}

	private static JsonObject json(final SentencePieceFile file, final int extra, final String pad, final String end) {
		final JsonArray vocabulary = new JsonArray();
		final JsonArray added = new JsonArray();
		for (final SentencePieceFile.Piece piece : file.pieces()) {
			final boolean special = piece.text().equals(pad) || piece.text().equals(end) || vocabulary.size() == file.unknown();
			if (special) added.add(TokenizerJson.addedToken(vocabulary.size(), piece.text(), false, true));
			vocabulary.add(pair(piece.text(), piece.score()));
		}
		for (int i = extra - 1; i >= 0; i--) {
			final String word = "<extra_id_" + i + ">";
			added.add(TokenizerJson.addedToken(vocabulary.size(), word, false, true));
			vocabulary.add(pair(word, 0));
		}
		final JsonObject model = TokenizerJson.type("Unigram");
		model.addProperty("unk_id", file.unknown());
		model.addProperty("byte_fallback", false);
		model.add("vocab", vocabulary);
		final JsonObject json = new JsonObject();
		json.addProperty("version", "1.0");
		json.add("added_tokens", added);
		if (file.charsMap().length > 0) json.add("normalizer", precompiled(file.charsMap()));
		json.add("pre_tokenizer", TokenizerJson.sequence("pretokenizers", TokenizerJson.type("WhitespaceSplit"), metaspace()));
		json.add("post_processor", TokenizerJson.template("", 0, end, indexOf(vocabulary, end)));
		json.add("decoder", metaspace());
		json.add("model", model);
		return json;
	}

	private static JsonArray pair(final String piece, final float score) {
		final JsonArray pair = new JsonArray();
		pair.add(piece);
		pair.add(score);
		return pair;
	}

	private static int indexOf(final JsonArray vocabulary, final String piece) {
		int index = 0;
		for (final JsonElement pair : vocabulary) {
			if (pair.getAsJsonArray().get(0).getAsString().equals(piece)) return index;
			index++;
		}
		return 0;
	}

	private static JsonObject precompiled(final byte[] charsMap) {
		final JsonObject precompiled = TokenizerJson.type("Precompiled");
		precompiled.addProperty("precompiled_charsmap", Base64.getEncoder().encodeToString(charsMap));
		return precompiled;
	}

	private static JsonObject metaspace() {
		final JsonObject metaspace = TokenizerJson.type("Metaspace");
		metaspace.addProperty("replacement", SPACE);
		metaspace.addProperty("prepend_scheme", "always");
		metaspace.addProperty("split", true);
		return metaspace;
	}
}
