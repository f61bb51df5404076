package sc.fiji.diffedit.text;

import java.util.LinkedHashMap;
import java.util.Map;

import com.google.gson.JsonElement;
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

	/** @param key the token's ID if it is stored outside the entry */
	void add(final JsonElement note, final String key) {
		final String content = content(note);
		final JsonElement id = key != null ? new JsonPrimitive(parse(key)) : note.isJsonObject() ? note.getAsJsonObject().get("id") : null;
		if (id != null) put(content, ClipVocabulary.number(source, content, id), flag(note, "normalized", false), flag(note, "special", true));
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
