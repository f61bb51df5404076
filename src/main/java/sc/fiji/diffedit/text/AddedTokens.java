package sc.fiji.diffedit.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.text.ClipVocabulary.AddedToken;

/**
 * Collects the added tokens, which are never split, from all places in a tokenizer's files. Of two entries for one token the first counts.
 */
final class AddedTokens {

	private final Map<String, AddedToken> found = new LinkedHashMap<>();
	private final String source;
	private final Map<String, Integer> vocabulary;
	private int next;

	AddedTokens(final String source, final Map<String, Integer> vocabulary) {
		this.source = source;
		this.vocabulary = vocabulary;
		this.next = 1 + vocabulary.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
	}

	/** All that a folder's files name, which may be in one of them only: {@code tokenizer.json}, {@code tokenizer_config.json}, {@code added_tokens.json}. */
	void addAll(final TokenizerFiles files, final JsonObject config) {
		final List<AddedToken> all = new ArrayList<>();
		if (files.jsonOrEmpty("tokenizer.json").get("added_tokens") instanceof JsonArray tokens) tokens.forEach(token -> add(all, token, null));
		if (config.get("added_tokens_decoder") instanceof JsonObject tokens) tokens.entrySet().forEach(e -> add(all, e.getValue(), new JsonPrimitive(parse(e.getKey()))));
		files.jsonOrEmpty("added_tokens.json").entrySet().forEach(e -> all.add(new AddedToken(e.getKey(), ClipVocabulary.number(source, e.getKey(), e.getValue()), true, false)));
		all.stream().sorted(Comparator.comparingInt(AddedToken::id)).forEach(token -> put(token.content(), token.id(), token.normalized(), token.special()));
	}

	/** @param key the token's ID if it is stored outside the entry */
	private void add(final List<AddedToken> all, final JsonElement note, final JsonElement key) {
		final String content = content(note);
		final JsonElement id = key != null ? key : note.isJsonObject() ? note.getAsJsonObject().get("id") : null;
		if (id != null) all.add(new AddedToken(content, ClipVocabulary.number(source, content, id), flag(note, "normalized", false), flag(note, "special", true)));
	}

	/** @return the token named in the entry if it is in the vocabulary, else the default */
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

	/** Adds a token behind all others, unless it is known already. */
	void addNew(final JsonElement note) {
		final String content = content(note);
		if (found.containsKey(content)) return;
		put(content, vocabulary.getOrDefault(content, next), flag(note, "normalized", false), true);
	}

	/** New tokens get consecutive IDs after the vocabulary, as in the native library. */
	void put(final String content, final int id, final boolean normalized, final boolean special) {
		if (found.containsKey(content) && found.get(content).id() == id) return;
		final boolean isNew = !vocabulary.containsKey(content);
		if (id != (isNew ? next++ : vocabulary.get(content))) {
			throw new DiffEditException(source + " and its added tokens disagree about the number of '" + content
				+ "'; take all files of the tokenizer from the same model.");
		}
		found.put(content, new AddedToken(content, id, normalized, special));
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
		return content(source, note);
	}

	/** The text of a token, which stands alone or in an object. */
	static String content(final String source, final JsonElement note) {
		final JsonElement content = note.isJsonObject() ? note.getAsJsonObject().get("content") : note;
		if (content != null && content.isJsonPrimitive() && !content.getAsString().isEmpty()) {
			TokenizerVocabulary.checkLength(source, content.getAsString());
			return content.getAsString();
		}
		throw new DiffEditException(source + " has a special token without text; the tokenizer's files are damaged.");
	}

	private static boolean flag(final JsonElement note, final String key, final boolean otherwise) {
		if (!note.isJsonObject() || !note.getAsJsonObject().has(key)) return otherwise;
		final JsonElement flag = note.getAsJsonObject().get(key);
		return flag.isJsonPrimitive() && flag.getAsBoolean();
	}

	/** The tokens found, by text. */
	Map<String, AddedToken> found() {
		return found;
	}
}
