package sc.fiji.diffedit.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

/** Reads values of a {@code tokenizer.json} and of {@code tokenizer_config.json}. */
final class TokenizerJson {

	/** Of a number that fits a long in any case. */
	private static final int MOST_DIGITS = 18;
	private static final int MOST_SHOWN = 100;

	private TokenizerJson() {}

	static JsonObject type(final String name) {
		final JsonObject object = new JsonObject();
		object.addProperty("type", name);
		return object;
	}

	static JsonObject sequence(final String key, final JsonObject... parts) {
		final JsonArray array = new JsonArray();
		for (final JsonObject part : parts) array.add(part);
		final JsonObject sequence = type("Sequence");
		sequence.add(key, array);
		return sequence;
	}

	/** An added token, which is never split. */
	static JsonObject addedToken(final int id, final String content, final boolean normalized, final boolean special) {
		final JsonObject token = new JsonObject();
		token.addProperty("id", id);
		token.addProperty("content", content);
		token.addProperty("single_word", false);
		token.addProperty("lstrip", false);
		token.addProperty("rstrip", false);
		token.addProperty("normalized", normalized);
		token.addProperty("special", special);
		return token;
	}

	/** The start and end tokens around every text, with their IDs; an empty start is omitted. */
	static JsonObject template(final String start, final int startId, final String end, final int endId) {
		final JsonArray single = new JsonArray();
		final JsonObject specials = new JsonObject();
		if (!start.isEmpty()) frame(single, specials, start, startId);
		single.add(part("Sequence", "A"));
		frame(single, specials, end, endId);
		final JsonObject template = type("TemplateProcessing");
		template.add("single", single);
		template.add("pair", single);
		template.add("special_tokens", specials);
		return template;
	}

	private static void frame(final JsonArray template, final JsonObject specials, final String token, final int id) {
		template.add(part("SpecialToken", token));
		final JsonObject special = new JsonObject();
		special.addProperty("id", token);
		final JsonArray ids = new JsonArray();
		ids.add(id);
		special.add("ids", ids);
		final JsonArray tokens = new JsonArray();
		tokens.add(token);
		special.add("tokens", tokens);
		specials.add(token, special);
	}

	private static JsonObject part(final String kind, final String id) {
		final JsonObject inner = new JsonObject();
		inner.addProperty("id", id);
		inner.addProperty("type_id", 0);
		final JsonObject part = new JsonObject();
		part.add(kind, inner);
		return part;
	}

	/** A whole number that is not negative and fits a long; -1 for anything else. */
	static long number(final JsonElement element) {
		if (!(element instanceof JsonPrimitive number) || !number.isNumber()) return -1;
		final String digits = number.getAsString();
		return digits.length() <= MOST_DIGITS && digits.matches("[0-9]+") ? Long.parseLong(digits) : -1;
	}

	/** A value for a message, shortened if it is long. */
	static String shown(final JsonElement element) {
		if (element instanceof JsonArray) return "a list";
		if (element instanceof JsonObject) return "an object";
		final String text = element == null || element.isJsonNull() ? "nothing" : element.toString();
		return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "...";
	}

	/** A whole number within bounds, or the default if the config has none. */
	static int wholeNumber(final JsonObject config, final String key, final int least, final int most, final int otherwise) {
		final JsonElement number = config.get(key);
		if (number == null || !number.isJsonPrimitive() || !number.getAsJsonPrimitive().isNumber()) return otherwise;
		final double value = number.getAsDouble();
		return value >= least && value <= most ? (int) value : otherwise;
	}

	/** Text of a special token, which stands alone or in an object. */
	static String token(final JsonObject config, final String key, final String otherwise) {
		JsonElement token = config.get(key);
		if (token != null && token.isJsonObject()) token = token.getAsJsonObject().get("content");
		return token != null && token.isJsonPrimitive() && !token.getAsString().isEmpty() ? token.getAsString() : otherwise;
	}
}
