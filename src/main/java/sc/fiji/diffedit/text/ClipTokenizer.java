package sc.fiji.diffedit.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import sc.fiji.diffedit.DiffEditException;

/**
 * CLIP's tokenizer: lower-cased words in byte pairs, the last of a word marked (Radford et al. 2021; transformers
 * {@code CLIPTokenizer}). Its vocabulary comes from {@code vocab.json} and {@code merges.txt} or from the
 * {@code tokenizer.json} that holds both; the steps before the pairing are CLIP's in every case, so that no file from
 * outside brings a pattern of its own.
 */
public final class ClipTokenizer implements Tokenizer {

	private static final String START = "<|startoftext|>";
	private static final String END = "<|endoftext|>";
	private static final String WORD_END = "</w>";
	private static final int MAX_LENGTH = 77;
	/** Far more than any CLIP vocabulary has; keeps numbers that do not fit an int away. */
	private static final int MAX_VOCABULARY = 4_000_000;

	private final String source;
	private final Map<String, Integer> vocabulary;
	private final JsonArray merges;
	private final Map<String, Special> specials;
	private final Map<String, Integer> learned;
	private final String pad;
	private final int maxLength;
	private final Map<Integer, String> tokens = new HashMap<>();
	private final NativeTokenizer tokenizer;

	/** A token that is never taken apart. */
	private record Special(String content, int id, boolean normalized, boolean special) {}

	private ClipTokenizer(final String source, final Map<String, Integer> vocabulary, final JsonArray merges,
		final Map<String, Special> specials, final Map<String, Integer> learned, final String pad, final int maxLength)
	{
		this.source = source;
		this.vocabulary = vocabulary;
		this.merges = merges;
		this.specials = specials;
		this.learned = learned;
		this.pad = pad;
		this.maxLength = maxLength;
		vocabulary.forEach((token, id) -> tokens.put(id, token));
		specials.forEach((token, special) -> tokens.put(special.id(), token));
		tokenizer = new NativeTokenizer(source, json());
	}

	/**
	 * Reads the folder {@code tokenizer} or {@code tokenizer_2} of a model.
	 *
	 * @throws DiffEditException if files are missing, damaged or of another kind of tokenizer
	 */
	public static ClipTokenizer read(final Path folder) {
		final TokenizerFiles files = new TokenizerFiles(folder);
		final boolean pair = files.has("vocab.json") && files.has("merges.txt");
		if (pair || !files.has("tokenizer.json")) {
			return of(files, files.source("vocab.json"), files.json("vocab.json"), mergesOf(files.text("merges.txt")), new JsonArray());
		}
		final JsonObject json = files.json("tokenizer.json");
		final String source = files.source("tokenizer.json");
		try {
			final JsonObject model = json.getAsJsonObject("model");
			final JsonArray added = json.has("added_tokens") ? json.getAsJsonArray("added_tokens") : new JsonArray();
			return of(files, source, model.getAsJsonObject("vocab"), model.getAsJsonArray("merges"), added);
		}
		catch (final ClassCastException | NullPointerException e) {
			throw new DiffEditException(source + " holds no byte-pair vocabulary with merges; choose a model with a CLIP tokenizer.", e);
		}
	}

	private static ClipTokenizer of(final TokenizerFiles files, final String source, final JsonObject vocab, final JsonArray merges,
		final JsonArray added)
	{
		final JsonObject config = files.jsonOrEmpty("tokenizer_config.json");
		final Map<String, Integer> vocabulary = vocabulary(source, vocab);
		final SpecialTokens specials = new SpecialTokens(source, vocabulary);
		added.forEach(token -> specials.add(token, null));
		if (config.has("added_tokens_decoder") && config.get("added_tokens_decoder").isJsonObject()) {
			config.getAsJsonObject("added_tokens_decoder").entrySet().forEach(e -> specials.add(e.getValue(), e.getKey()));
		}
		final JsonObject map = files.jsonOrEmpty("special_tokens_map.json");
		specials.need(named(config, map, "bos_token", START), START);
		specials.need(named(config, map, "eos_token", END), END);
		specials.need(named(config, map, "unk_token", END), END);
		final String pad = specials.need(named(config, map, "pad_token", END), null);
		return new ClipTokenizer(source, vocabulary, merges, specials.found, new LinkedHashMap<>(), pad, TokenizerJson.wholeNumber(config, "model_max_length", 3, 4096, MAX_LENGTH));
	}

	private static JsonElement named(final JsonObject config, final JsonObject map, final String key, final String otherwise) {
		if (config.has(key) && !config.get(key).isJsonNull()) return config.get(key);
		return map.has(key) && !map.get(key).isJsonNull() ? map.get(key) : new JsonPrimitive(otherwise);
	}

	private static Map<String, Integer> vocabulary(final String source, final JsonObject vocab) {
		final Map<String, Integer> vocabulary = new LinkedHashMap<>();
		final java.util.BitSet seen = new java.util.BitSet();
		for (final Map.Entry<String, JsonElement> entry : vocab.entrySet()) {
			final int id = number(source, entry.getKey(), entry.getValue());
			if (seen.get(id)) throw new DiffEditException(source + " gives the number " + id + " to two tokens; the file is damaged.");
			seen.set(id);
			vocabulary.put(entry.getKey(), id);
		}
		return vocabulary;
	}

	private static int number(final String source, final String token, final JsonElement element) {
		if (element.isJsonPrimitive() && element.getAsJsonPrimitive().isNumber()) {
			final double value = element.getAsDouble();
			if (value >= 0 && value < MAX_VOCABULARY && value == Math.rint(value)) return (int) value;
		}
		throw new DiffEditException(source + " gives the token '" + token + "' the number " + element + "; the file is damaged.");
	}

	private static JsonArray mergesOf(final String text) {
		final JsonArray merges = new JsonArray();
		for (final String line : text.split("\n")) {
			final String merge = line.strip();
			if (!merge.isEmpty() && !merge.startsWith("#version")) merges.add(merge);
		}
		return merges;
	}

	/** Collects tokens that are never taken apart; of two notes on one token the first counts. */
	private static final class SpecialTokens {

		private final Map<String, Special> found = new LinkedHashMap<>();
		private final String source;
		private final Map<String, Integer> vocabulary;
		private int next;

		SpecialTokens(final String source, final Map<String, Integer> vocabulary) {
			this.source = source;
			this.vocabulary = vocabulary;
			this.next = 1 + vocabulary.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
		}

		/** @param key the token's number where it stands outside of the note */
		void add(final JsonElement note, final String key) {
			final String content = content(note);
			final JsonElement id = key != null ? new JsonPrimitive(parse(key)) : note.isJsonObject() ? note.getAsJsonObject().get("id") : null;
			if (id != null) put(content, number(source, content, id), flag(note, "normalized", false), flag(note, "special", true));
		}

		/** @return the token that the note names; it must be in the vocabulary, or else the other one is taken */
		String need(final JsonElement note, final String otherwise) {
			final String content = content(note);
			final Integer id = found.containsKey(content) ? Integer.valueOf(found.get(content).id()) : vocabulary.get(content);
			if (id == null && otherwise != null && !otherwise.equals(content)) return need(new JsonPrimitive(otherwise), null);
			if (id == null) {
				throw new DiffEditException(source + " does not have the token '" + content
					+ "'; choose a model whose tokenizer is CLIP's and whose files belong together.");
			}
			put(content, id, flag(note, "normalized", false), true);
			return content;
		}

		/** New tokens are numbered from the vocabulary's end without gaps, as the native library does. */
		private void put(final String content, final int id, final boolean normalized, final boolean special) {
			if (found.containsKey(content) && found.get(content).id() == id) return;
			final boolean isNew = !vocabulary.containsKey(content);
			if (id != (isNew ? next++ : vocabulary.get(content))) {
				throw new DiffEditException(source + " and its added tokens disagree about the number of '" + content
					+ "'; take all files of the tokenizer from the same model.");
			}
			found.put(content, new Special(content, id, normalized, special));
		}

		private static long parse(final String key) {
			try {
				return Long.parseLong(key);
			}
			catch (final NumberFormatException e) {
				return -1;
			}
		}

		private String content(final JsonElement note) {
			final JsonElement content = note.isJsonObject() ? note.getAsJsonObject().get("content") : note;
			if (content != null && content.isJsonPrimitive() && !content.getAsString().isEmpty()) return content.getAsString();
			throw new DiffEditException(source + " has a special token without text; the tokenizer's files are damaged.");
		}

		private static boolean flag(final JsonElement note, final String key, final boolean otherwise) {
			if (!note.isJsonObject() || !note.getAsJsonObject().has(key)) return otherwise;
			final JsonElement flag = note.getAsJsonObject().get(key);
			return flag.isJsonPrimitive() && flag.getAsBoolean();
		}
	}

	// -- the native form --

	private JsonObject json() {
		final JsonObject json = new JsonObject();
		json.addProperty("version", "1.0");
		json.add("added_tokens", addedTokens());
		json.add("normalizer", TokenizerJson.sequence("normalizers", TokenizerJson.type("NFC"), pattern(TokenizerJson.type("Replace"), "\\s+", "content", " "), TokenizerJson.type("Lowercase")));
		json.add("pre_tokenizer", TokenizerJson.sequence("pretokenizers", split(), byteLevel()));
		json.add("post_processor", frame());
		json.add("model", model());
		return json;
	}

	private JsonArray addedTokens() {
		final JsonArray added = new JsonArray();
		specials.values().stream().sorted(Comparator.comparingInt(Special::id))
			.forEach(s -> added.add(TokenizerJson.addedToken(s.id(), s.content(), s.normalized(), s.special())));
		return added;
	}

	private static JsonObject pattern(final JsonObject object, final String regex, final String key, final String value) {
		final JsonObject pattern = new JsonObject();
		pattern.addProperty("Regex", regex);
		object.add("pattern", pattern);
		object.addProperty(key, value);
		return object;
	}

	private static JsonObject split() {
		final JsonObject split = pattern(TokenizerJson.type("Split"), "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+",
			"behavior", "Removed");
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
		pair.add(specials.get(token).id());
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
		vocabulary.forEach(vocab::addProperty);
		model.add("vocab", vocab);
		model.add("merges", merges);
		return model;
	}

	// -- learned words --

	/**
	 * A tokenizer that knows one more word, which stands for {@code vectors} tokens in a row, as textual inversion learns
	 * them. Their numbers are {@link #size()} and following of this one. This tokenizer stays as it is.
	 *
	 * @param word such as {@code <cat-toy>}
	 * @throws DiffEditException if the word is known already
	 */
	public ClipTokenizer with(final String word, final int vectors) {
		if (word.isBlank() || vectors < 1) throw new DiffEditException("A learned word needs a name and at least one vector; got '" + word + "' with " + vectors + ".");
		final Map<String, Special> more = new LinkedHashMap<>(specials);
		int next = size();
		for (int i = 0; i < vectors; i++) {
			final String token = i == 0 ? word : word + "_" + i;
			if (vocabulary.containsKey(token) || more.containsKey(token)) {
				throw new DiffEditException("The tokenizer knows the word '" + token + "' already; load the learned word under another name.");
			}
			more.put(token, new Special(token, next++, true, false));
		}
		final Map<String, Integer> words = new LinkedHashMap<>(learned);
		words.put(word, vectors);
		return new ClipTokenizer(source, vocabulary, merges, more, words, pad, maxLength);
	}

	/** Words that were added by {@link #with}, and how many tokens each stands for. */
	public Map<String, Integer> learnedWords() {
		return Collections.unmodifiableMap(learned);
	}

	/** Number of a token as the vocabulary writes it, such as {@code cat</w>}; -1 if there is none. */
	public long id(final String token) {
		return specials.containsKey(token) ? specials.get(token).id() : vocabulary.getOrDefault(token, -1);
	}

	/** Whether a token is the last of a word. */
	boolean endsWord(final long id) {
		final String token = tokens.getOrDefault((int) id, "");
		return token.endsWith(WORD_END) || !vocabulary.containsKey(token) && !learned.keySet().stream().anyMatch(word -> inside(word, id));
	}

	/** Whether a token is one of a learned word's, but not the last. */
	private boolean inside(final String word, final long id) {
		return id >= id(word) && id < id(word) + learned.get(word) - 1;
	}

	@Override
	public long[] encode(final String text) {
		return encode(text, false);
	}

	/**
	 * As {@link #encode(String)}.
	 *
	 * @param parity as in {@link PromptOptions}: diffusers looks for the words of its table among lower-case tokens, then in
	 *          the prompt as it was written
	 */
	long[] encode(final String text, final boolean parity) {
		final long[] ids = tokenizer.encode(text, true);
		final Map<Long, Integer> counts = new HashMap<>();
		learned.forEach((word, count) -> {
			if (!parity || word.equals(word.toLowerCase(Locale.ROOT)) && text.contains(word)) counts.put(id(word), count);
		});
		return counts.isEmpty() ? ids : expand(ids, counts);
	}

	/** The first token of a learned word brings its others. */
	private static long[] expand(final long[] ids, final Map<Long, Integer> counts) {
		final List<Long> expanded = new ArrayList<>();
		for (final long id : ids) {
			for (int i = 0; i < counts.getOrDefault(id, 1); i++) expanded.add(id + i);
		}
		return expanded.stream().mapToLong(Long::longValue).toArray();
	}

	@Override
	public String decode(final long... ids) {
		final StringBuilder text = new StringBuilder();
		final StringBuilder word = new StringBuilder();
		for (int i = 0; i < length(ids); i++) {
			final String token = tokens.getOrDefault((int) ids[i], "");
			if (token.equals(START) || token.equals(END)) continue;
			final boolean added = !vocabulary.containsKey(token);
			if (added || token.endsWith(WORD_END)) {
				if (!added) word.append(token, 0, token.length() - WORD_END.length());
				text.append(ByteSymbols.decode(word.toString())).append(added ? token : "").append(' ');
				word.setLength(0);
			}
			else word.append(token);
		}
		return text.append(ByteSymbols.decode(word.toString())).toString().trim();
	}

	/** Number of tokens before the padding. */
	private int length(final long[] ids) {
		int length = ids.length;
		while (length > 0 && ids[length - 1] == padId() && padId() != endId()) length--;
		return length;
	}

	@Override
	public int maxLength() {
		return maxLength;
	}

	@Override
	public long padId() {
		return id(pad);
	}

	@Override
	public long endId() {
		return id(END);
	}

	/** Number of the token that begins a text. */
	public long startId() {
		return id(START);
	}

	@Override
	public int size() {
		return 1 + tokens.keySet().stream().mapToInt(Integer::intValue).max().orElse(-1);
	}

	@Override
	public void close() {
		tokenizer.close();
	}
}
