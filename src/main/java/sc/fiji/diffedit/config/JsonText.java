package sc.fiji.diffedit.config;

import java.util.ArrayList;
import java.util.List;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

import sc.fiji.diffedit.DiffEditException;

/** JSON from outside. Callers limit its length; what is nested deeper than any config is refused, as most work on it recurses. */
public final class JsonText {

	private static final Gson GSON = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
	private static final int MAX_DEPTH = 64;
	private static final int MOST_SHOWN = 200;

	private JsonText() {}

	/**
	 * The object that a text holds.
	 *
	 * @param source how messages name where it comes from
	 * @throws DiffEditException if it is no JSON, or something else than an object
	 */
	public static JsonObject object(final String source, final String text) {
		final JsonElement element = parse(source, text);
		if (!element.isJsonObject()) throw new DiffEditException(source + " holds no JSON object; the file is damaged.");
		if (isDeep(element)) throw new DiffEditException(source + " has more than " + MAX_DEPTH + " brackets within each other; the file is damaged.");
		return element.getAsJsonObject();
	}

	private static JsonElement parse(final String source, final String text) {
		try {
			return JsonParser.parseString(text);
		}
		catch (final JsonParseException | StackOverflowError e) {
			throw new DiffEditException(source + " cannot be read as JSON (" + firstLine(e) + "); the file is damaged.", e);
		}
	}

	private static String firstLine(final Throwable e) {
		return cut(String.valueOf(e.getMessage()).lines().findFirst().orElse("").replaceFirst("^(?:\\w+\\.)+\\w+: ", ""));   // the class of the cause
	}

	private static boolean isDeep(final JsonElement root) {
		List<JsonElement> level = List.of(root);
		for (int depth = 0; depth < MAX_DEPTH && !level.isEmpty(); depth++) {
			final List<JsonElement> next = new ArrayList<>();
			for (final JsonElement element : level) {
				if (element.isJsonArray()) next.addAll(element.getAsJsonArray().asList());
				else if (element.isJsonObject()) next.addAll(element.getAsJsonObject().asMap().values());
			}
			level = next;
		}
		return !level.isEmpty();
	}

	/** A text of several lines for a value of maps, lists and plain values, or of JSON. */
	public static String pretty(final Object value) {
		return GSON.toJson(value);
	}

	/** A value for a message, of a length that fits one. */
	static String shown(final JsonElement value) {
		return cut(String.valueOf(value));
	}

	private static String cut(final String text) {
		return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "...";
	}
}
