package sc.fiji.diffedit.text;

import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import sc.fiji.diffedit.DiffEditException;

/**
 * The vocabulary, merges and added tokens of a CLIP tokenizer.
 *
 * @param source the file's name in messages
 * @param tokens the vocabulary
 * @param merges pairs in the order in which they are joined
 * @param added tokens that are never split, some of them part of the vocabulary
 * @param pad the padding token
 */
record ClipVocabulary(String source, Map<String, Integer> tokens, JsonArray merges, Map<String, AddedToken> added, String pad) {

	static final String START = "<|startoftext|>";
	static final String END = "<|endoftext|>";
	/** The suffix of tokens at the end of a word. */
	static final String WORD_END = "</w>";

	/** CLIP's regular expression for words (Oniguruma syntax). */
	private static final String WORD = "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

	/**
	 * An added token, which is never split.
	 *
	 * @param normalized whether it is matched after lower-casing
	 * @param special whether it is a control token, such as padding
	 */
	record AddedToken(String content, int id, boolean normalized, boolean special) {}

	/** @throws DiffEditException if files are missing, damaged or of another kind of tokenizer */
	static ClipVocabulary read(final TokenizerFiles files) {
		final boolean pair = files.has("vocab.json") && files.has("merges.txt");
		if (pair || !files.has("tokenizer.json")) {
			return of(files, files.source("vocab.json"), files.json("vocab.json"), mergesOf(files.text("merges.txt")));
		}
		final JsonObject json = files.json("tokenizer.json");
		final String source = files.source("tokenizer.json");
		try {
			final JsonObject model = json.getAsJsonObject("model");
			return of(files, source, model.getAsJsonObject("vocab"), mergesOf(source, model.getAsJsonArray("merges")));
		}
		catch (final ClassCastException | NullPointerException e) {
			throw new DiffEditException(source + " holds no byte-pair vocabulary with merges; choose a model with a CLIP tokenizer.", e);
		}
	}

	private static ClipVocabulary of(final TokenizerFiles files, final String source, final JsonObject vocab, final JsonArray merges) {
		final JsonObject config = files.jsonOrEmpty("tokenizer_config.json");
		final Map<String, Integer> vocabulary = vocabulary(source, vocab);
		final AddedTokens specials = new AddedTokens(source, vocabulary);
		specials.addAll(files, config);
		final SpecialTokens named = SpecialTokens.of(files, source);
		named.checkFrame(vocabulary.keySet());
		specials.need(named.get("bos_token", START), START);
		specials.need(named.get("eos_token", END), END);
		specials.need(new JsonPrimitive(START), null);
		specials.need(new JsonPrimitive(END), null);
		specials.need(named.get("unk_token", END), END);
		final String pad = specials.need(named.get("pad_token", END), null);
		named.more().forEach(specials::addNew);
		return new ClipVocabulary(source, vocabulary, merges, specials.found(), pad);
	}

	private static Map<String, Integer> vocabulary(final String source, final JsonObject vocab) {
		final Map<String, Integer> vocabulary = new LinkedHashMap<>();
		final BitSet seen = new BitSet();
		for (final Map.Entry<String, JsonElement> entry : vocab.entrySet()) {
			final int id = number(source, entry.getKey(), entry.getValue());
			if (seen.get(id)) throw new DiffEditException(source + " gives the number " + id + " to two tokens; the file is damaged.");
			seen.set(id);
			TokenizerVocabulary.checkLength(source, entry.getKey());
			vocabulary.put(entry.getKey(), id);
		}
		return vocabulary;
	}

	static int number(final String source, final String token, final JsonElement element) {
		final long value = TokenizerJson.number(element);
		if (value >= 0 && value < TokenizerVocabulary.MAX_TOKENS) return (int) value;
		throw new DiffEditException(source + " gives the token '" + token + "' the number " + TokenizerJson.shown(element) + "; the file is damaged.");
	}

	private static JsonArray mergesOf(final String text) {
		final JsonArray merges = new JsonArray();
		for (final String line : text.split("\n")) {
			final String merge = line.strip();
			if (!merge.isEmpty() && !merge.startsWith("#version")) merges.add(merge);
		}
		return merges;
	}

	/** Merges in a {@code tokenizer.json}, each a text separated by a space or a list of two. */
	private static JsonArray mergesOf(final String source, final JsonArray merges) {
		final JsonArray texts = new JsonArray();
		for (final JsonElement merge : merges) {
			if (merge instanceof JsonPrimitive text && text.isString()) texts.add(text.getAsString());
			else if (merge instanceof JsonArray pair && pair.size() == 2 && isText(pair.get(0)) && isText(pair.get(1))) {
				texts.add(pair.get(0).getAsString() + " " + pair.get(1).getAsString());
			}
			else throw new DiffEditException(source + " has " + TokenizerJson.shown(merge) + " among its merges, but pairs of tokens are needed; the file is damaged.");
		}
		return texts;
	}

	private static boolean isText(final JsonElement element) {
		return element instanceof JsonPrimitive text && text.isString() && text.getAsString().indexOf(' ') < 0;
	}

	/** A copy with more added tokens. */
	ClipVocabulary with(final Map<String, AddedToken> more) {
		final Map<String, AddedToken> all = new LinkedHashMap<>(added);
		all.putAll(more);
		return new ClipVocabulary(source, tokens, merges, all, pad);
	}

	boolean has(final String token) {
		return tokens.containsKey(token) || added.containsKey(token);
	}

	/** ID of a token, -1 if there is none. */
	int id(final String token) {
		return added.containsKey(token) ? added.get(token).id() : tokens.getOrDefault(token, -1);
	}

	// -- the native form --

	/** The {@code tokenizer.json} for the native library. */
	JsonObject json() {
		final JsonObject json = new JsonObject();
		json.addProperty("version", "1.0");
		json.add("added_tokens", addedTokens());
		json.add("normalizer", TokenizerJson.sequence("normalizers", TokenizerJson.type("NFC"),
			pattern(TokenizerJson.type("Replace"), "\\s+", "content", " "), TokenizerJson.type("Lowercase")));
		json.add("pre_tokenizer", TokenizerJson.sequence("pretokenizers", split(), byteLevel()));
		json.add("post_processor", frame());
		json.add("model", model());
		return json;
	}

	private JsonArray addedTokens() {
		final JsonArray tokens = new JsonArray();
		added.values().stream().sorted(Comparator.comparingInt(AddedToken::id))
			.forEach(s -> tokens.add(TokenizerJson.addedToken(s.id(), s.content(), s.normalized(), s.special())));
		return tokens;
	}

	private static JsonObject pattern(final JsonObject object, final String regex, final String key, final String value) {
		final JsonObject pattern = new JsonObject();
		pattern.addProperty("Regex", regex);
		object.add("pattern", pattern);
		object.addProperty(key, value);
		return object;
	}

	private static JsonObject split() {
		final JsonObject split = pattern(TokenizerJson.type("Split"), WORD, "behavior", "Removed");
		split.addProperty("invert", true);
		return split;
	}

	private static JsonObject byteLevel() {
		final JsonObject bytes = TokenizerJson.type("ByteLevel");
		bytes.addProperty("add_prefix_space", false);
		bytes.addProperty("trim_offsets", true);
		bytes.addProperty("use_regex", true);
		return bytes;
	}

	/** Start and end around every text. */
	private JsonObject frame() {
		final JsonObject frame = TokenizerJson.type("RobertaProcessing");
		frame.add("sep", tokenAndId(END));
		frame.add("cls", tokenAndId(START));
		frame.addProperty("trim_offsets", false);
		frame.addProperty("add_prefix_space", false);
		return frame;
	}

	private JsonArray tokenAndId(final String token) {
		final JsonArray pair = new JsonArray();
		pair.add(token);
		pair.add(added.get(token).id());
		return pair;
	}

	private JsonObject model() {
		final JsonObject model = TokenizerJson.type("BPE");
		model.add("dropout", null);
		model.addProperty("unk_token", END);
		model.addProperty("continuing_subword_prefix", "");
		model.addProperty("end_of_word_suffix", WORD_END);
		model.addProperty("fuse_unk", false);
		model.addProperty("byte_fallback", false);
		final JsonObject vocab = new JsonObject();
		tokens.forEach(vocab::addProperty);
		model.add("vocab", vocab);
		model.add("merges", merges);
		return model;
	}
}
