package sc.fiji.diffedit.text;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import sc.fiji.diffedit.DiffEditException;

/**
 * An object of an untrusted {@code tokenizer.json}, whose fields are read one by one with bounds checks. Unexpected fields are
 * rejected, so that only known values reach the native library.
 */
final class TokenizerPart {

	private final String source;
	private final String name;
	private final JsonObject json;
	private final Set<String> read = new HashSet<>(Set.of("type"));

	private TokenizerPart(final String source, final String name, final JsonObject json) {
		this.source = source;
		this.name = name;
		this.json = json;
	}

	/**
	 * @param source the file's name in messages
	 * @param name the object's name in messages, such as {@code normalizer}
	 */
	static TokenizerPart of(final String source, final String name, final JsonElement element) {
		if (element instanceof JsonObject json) return new TokenizerPart(source, name, json);
		throw new DiffEditException(source + " has no object as its " + name + "; the file is damaged or of another kind of tokenizer.");
	}

	/** The {@code type} of this object. */
	String type() {
		return text("type", 1, 64);
	}

	/** The object for the native library, initially without fields. */
	JsonObject made() {
		return TokenizerJson.type(type());
	}

	private JsonElement get(final String key) {
		read.add(key);
		return json.has(key) ? json.get(key) : JsonNull.INSTANCE;
	}

	boolean has(final String key) {
		return !get(key).isJsonNull();
	}

	boolean flag(final String key, final boolean otherwise) {
		if (!has(key)) return otherwise;
		if (get(key) instanceof JsonPrimitive flag && flag.isBoolean()) return flag.getAsBoolean();
		throw wrong(key, "true or false");
	}

	/** @param least fewest characters, @param most most characters */
	String text(final String key, final int least, final int most) {
		if (get(key) instanceof JsonPrimitive text && text.isString() && text.getAsString().length() >= least && text.getAsString().length() <= most) {
			return text.getAsString();
		}
		throw wrong(key, "a text of " + least + " to " + most + " characters");
	}

	/** One of these texts. */
	String oneOf(final String key, final Set<String> known) {
		if (get(key) instanceof JsonPrimitive text && text.isString() && known.contains(text.getAsString())) return text.getAsString();
		throw wrong(key, "one of " + known.stream().sorted().map(text -> '"' + text + '"').toList());
	}

	int number(final String key, final int least, final int most) {
		final long number = TokenizerJson.number(get(key));
		if (number >= least && number <= most) return (int) number;
		throw wrong(key, "a whole number from " + least + " to " + most);
	}

	JsonArray list(final String key) {
		if (get(key) instanceof JsonArray list) return list;
		throw wrong(key, "a list");
	}

	JsonElement any(final String key) {
		return get(key);
	}

	TokenizerPart part(final String key) {
		return of(source, key, get(key));
	}

	/** The objects of a list; each is called by the list's name. */
	List<TokenizerPart> parts(final String key) {
		final List<TokenizerPart> parts = new ArrayList<>();
		for (final JsonElement part : list(key)) parts.add(of(source, key, part));
		return parts;
	}

	/** @throws DiffEditException if there are unexpected fields */
	void end() {
		for (final String key : json.keySet()) {
			if (read.contains(key)) continue;
			throw new DiffEditException(source + " has a field '" + key + "' in its " + name + " that is not known; take another copy of the tokenizer.");
		}
	}

	/** The exception for an unknown type. */
	DiffEditException unknown() {
		return new DiffEditException(source + " uses the " + name + " '" + type() + "', which is not supported; choose a model with a tokenizer of T5's or BERT's kind.");
	}

	DiffEditException wrong(final String key, final String wanted) {
		return new DiffEditException(source + " has " + TokenizerJson.shown(json.get(key)) + " as '" + key + "' of its " + name + ", but " + wanted
			+ " is needed; the file is damaged or of another kind of tokenizer.");
	}
}
