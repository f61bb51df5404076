package sc.fiji.diffedit.text;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import sc.fiji.diffedit.DiffEditException;

/**
 * The tokens of a {@code tokenizer.json} of T5's kind (pieces with scores) or BERT's (words and pieces of words), checked and
 * rebuilt: IDs are unique and within bounds, scores are finite, texts have plausible lengths.
 */
final class TokenizerVocabulary {

	/** Ten times the size of the largest vocabularies. */
	static final int MAX_TOKENS = 4_000_000;
	/** Far longer than any token, in characters. */
	static final int MAX_TOKEN = 1000;
	static final int MAX_PREFIX = 16;

	private static final int MAX_CHARACTERS = 1000;
	/** Log-probabilities are far larger. */
	private static final double LEAST_SCORE = -1e9;

	private final Map<String, Integer> ids = new LinkedHashMap<>();
	private final String source;
	private final JsonObject model;
	private final JsonArray added = new JsonArray();

	/**
	 * @param source the file's name in messages
	 * @throws DiffEditException if the JSON contains no vocabulary of these kinds
	 */
	TokenizerVocabulary(final String source, final JsonObject json) {
		this.source = source;
		final TokenizerPart part = TokenizerPart.of(source, "model", json.get("model"));
		final String type = part.has("type") ? part.type() : part.any("vocab").isJsonArray() ? "Unigram" : "WordPiece";
		model = TokenizerJson.type(type);
		switch (type) {
			case "Unigram" -> unigram(part);
			case "WordPiece" -> wordPiece(part);
			default -> throw part.unknown();
		}
		part.end();
		if (json.has("added_tokens") && !json.get("added_tokens").isJsonNull()) addTokens(json);
	}

	// -- pieces with scores --

	private void unigram(final TokenizerPart part) {
		final JsonArray vocab = part.list("vocab"), made = new JsonArray();
		for (final JsonElement piece : vocab) made.add(piece(piece));
		model.add("vocab", made);
		model.add("unk_id", null);
		if (part.has("unk_id")) model.addProperty("unk_id", part.number("unk_id", 0, vocab.size() - 1));
		model.addProperty("byte_fallback", part.flag("byte_fallback", false));
	}

	private JsonArray piece(final JsonElement json) {
		if (json instanceof JsonArray pair && pair.size() == 2 && pair.get(0) instanceof JsonPrimitive text && text.isString()
			&& pair.get(1) instanceof JsonPrimitive number && number.isNumber())
		{
			final double score = number.getAsDouble();
			if (!(score >= LEAST_SCORE && score <= -LEAST_SCORE)) {
				throw new DiffEditException(source + " gives the piece '" + text.getAsString() + "' the score " + TokenizerJson.shown(number)
					+ ", but scores are logarithms of probabilities; the file is damaged.");
			}
			add(text.getAsString(), ids.size());
			final JsonArray made = new JsonArray();
			made.add(text.getAsString());
			made.add(score);
			return made;
		}
		throw new DiffEditException(source + " has " + TokenizerJson.shown(json) + " in its vocabulary, but pieces with scores are needed; the file is damaged.");
	}

	// -- words and pieces of words --

	private void wordPiece(final TokenizerPart part) {
		final JsonObject made = new JsonObject();
		final BitSet seen = new BitSet();
		if (!(part.any("vocab") instanceof JsonObject vocab)) throw part.wrong("vocab", "a table of tokens");
		vocab.entrySet().forEach(token -> {
			final int id = ClipVocabulary.number(source, token.getKey(), token.getValue());
			if (seen.get(id)) throw new DiffEditException(source + " gives the number " + id + " to two tokens; the file is damaged.");
			seen.set(id);
			add(token.getKey(), id);
			made.addProperty(token.getKey(), id);
		});
		model.add("vocab", made);
		model.addProperty("unk_token", part.text("unk_token", 1, MAX_TOKEN));
		need(part.text("unk_token", 1, MAX_TOKEN));
		model.addProperty("continuing_subword_prefix", part.text("continuing_subword_prefix", 0, MAX_PREFIX));
		model.addProperty("max_input_chars_per_word", part.number("max_input_chars_per_word", 1, MAX_CHARACTERS));
	}

	private void add(final String token, final int id) {
		checkLength(source, token);
		if (ids.size() >= MAX_TOKENS) throw new DiffEditException(source + " has more than " + MAX_TOKENS + " tokens; the file is damaged.");
		if (ids.put(token, id) == null) return;
		throw new DiffEditException(source + " has the token '" + token + "' twice; the file is damaged.");
	}

	static void checkLength(final String source, final String token) {
		if (token.length() <= MAX_TOKEN) return;
		throw new DiffEditException(source + " has a token of " + token.length() + " characters; the file is damaged.");
	}

	// -- added tokens --

	private void addTokens(final JsonObject json) {
		final Map<String, Integer> own = Map.copyOf(ids);
		final AddedTokens tokens = new AddedTokens(source, own);
		final TokenizerPart root = TokenizerPart.of(source, "file", json);
		for (final TokenizerPart token : root.parts("added_tokens")) {
			final String content = token.text("content", 1, MAX_TOKEN);
			final int id = token.number("id", 0, MAX_TOKENS);
			final boolean normalized = token.flag("normalized", false), special = token.flag("special", true);
			tokens.put(content, id, normalized, special);
			ids.put(content, id);
			final JsonObject made = TokenizerJson.addedToken(id, content, normalized, special);
			for (final String flag : new String[] { "single_word", "lstrip", "rstrip" }) made.addProperty(flag, token.flag(flag, false));
			token.end();
			added.add(made);
		}
	}

	// -- queries --

	/** ID of a required token. */
	int need(final String token) {
		final Integer id = ids.get(token);
		if (id != null) return id;
		throw new DiffEditException(source + " does not have the token '" + token + "'; take all files of the tokenizer from the same model.");
	}

	/** One more than the largest ID. */
	int size() {
		return 1 + ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
	}

	JsonObject model() {
		return model;
	}

	JsonArray added() {
		return added;
	}
}
