package sc.fiji.diffedit.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;

/**
 * A {@code config.json} as diffusers and transformers write them. A key that is absent or null has the default that the
 * caller names; a key of another kind is an error that names file and key.
 */
public final class Config {

	private static final SmallFile FILE = new SmallFile("a config", 4 << 20, "choose a complete model folder");

	private final String source;
	private final JsonObject json;
	private final Set<String> asked = ConcurrentHashMap.newKeySet();
	private final Map<String, Config> inner = new ConcurrentHashMap<>();

	/** @param source how messages name this config, such as {@code unet/config.json} */
	public Config(final String source, final JsonObject json) {
		this.source = source;
		this.json = json;
	}

	/** Reads a file; messages name it by folder and name. */
	public static Config read(final Path file) {
		final Path folder = file.getParent() == null ? null : file.getParent().getFileName();
		final String source = folder == null ? file.toString() : folder + "/" + file.getFileName();
		return new Config(source, JsonText.object(source, FILE.read(file, source)));
	}

	public String source() {
		return source;
	}

	public JsonObject json() {
		return json;
	}

	public boolean has(final String key) {
		asked.add(key);
		return json.has(key) && !json.get(key).isJsonNull();
	}

	public boolean isList(final String key) {
		return has(key) && json.get(key).isJsonArray();
	}

	public int getInt(final String key, final int otherwise) {
		return has(key) ? asInt(key, json.get(key)) : otherwise;
	}

	public double getDouble(final String key, final double otherwise) {
		if (!has(key)) return otherwise;
		final JsonElement element = json.get(key);
		if (!element.isJsonPrimitive() || !element.getAsJsonPrimitive().isNumber()) throw wrong(key, "a number");
		return element.getAsDouble();
	}

	public boolean getBoolean(final String key, final boolean otherwise) {
		if (!has(key)) return otherwise;
		final JsonElement element = json.get(key);
		if (!element.isJsonPrimitive() || !element.getAsJsonPrimitive().isBoolean()) throw wrong(key, "true or false");
		return element.getAsBoolean();
	}

	public String getString(final String key, final String otherwise) {
		if (!has(key)) return otherwise;
		final JsonElement element = json.get(key);
		if (!element.isJsonPrimitive() || !element.getAsJsonPrimitive().isString()) throw wrong(key, "a text");
		return element.getAsString();
	}

	/** A list of whole numbers; a single number counts as a list of {@code length} equal ones. */
	public int[] getInts(final String key, final int length, final int otherwise) {
		final int[] values = new int[length];
		if (!isList(key)) {
			java.util.Arrays.fill(values, getInt(key, otherwise));
			return values;
		}
		if (json.getAsJsonArray(key).size() != length) throw wrong(key, "a list of " + length);
		for (int i = 0; i < length; i++) values[i] = asInt(key, json.getAsJsonArray(key).get(i));
		return values;
	}

	/** A list of whole numbers of any length; empty when absent. */
	public int[] getInts(final String key) {
		return isList(key) ? getInts(key, json.getAsJsonArray(key).size(), 0) : has(key) ? getInts(key, 1, 0) : new int[0];
	}

	/** A list of numbers of any length; empty when absent. */
	public double[] getDoubles(final String key) {
		if (!has(key)) return new double[0];
		if (!isList(key)) throw wrong(key, "a list of numbers");
		try {
			return json.getAsJsonArray(key).asList().stream().mapToDouble(JsonElement::getAsDouble).toArray();
		}
		catch (final RuntimeException e) {
			throw wrong(key, "a list of numbers");
		}
	}

	/** A list of texts of any length; empty when absent. */
	public List<String> getStrings(final String key) {
		final List<String> values = new ArrayList<>();
		if (!has(key)) return values;
		if (!isList(key)) throw wrong(key, "a list of texts");
		for (final JsonElement element : json.getAsJsonArray(key)) {
			if (!element.isJsonPrimitive()) throw wrong(key, "a list of texts");
			values.add(element.getAsString());
		}
		return values;
	}

	/** A config inside this one, such as {@code text_config}; empty when absent. */
	public Config getConfig(final String key) {
		if (!has(key)) return new Config(source + ":" + key, new JsonObject());
		if (!json.get(key).isJsonObject()) throw wrong(key, "an object");
		return inner.computeIfAbsent(key, name -> new Config(source + ":" + name, json.getAsJsonObject(name)));
	}

	/**
	 * The keys with a value that nobody has asked for, those of an inner config as {@code text_config.hidden_act}: what a reader
	 * of this config does not know of.
	 */
	public List<String> unread() {
		final List<String> keys = new ArrayList<>();
		for (final String key : json.keySet()) {
			if (inner.containsKey(key)) inner.get(key).unread().forEach(name -> keys.add(key + "." + name));
			else if (!asked.contains(key) && !isNothing(json.get(key))) keys.add(key);
		}
		return keys;
	}

	private static boolean isNothing(final JsonElement value) {
		return value.isJsonNull() || value.isJsonArray() && value.getAsJsonArray().isEmpty() || value.isJsonObject() && value.getAsJsonObject().isEmpty();
	}

	/** The exception for a value that this program cannot serve. */
	public DiffEditException unsupported(final String key, final String supported) {
		return new DiffEditException(source + " asks for " + key + " " + JsonText.shown(json.get(key)) + "; supported is " + supported + ".");
	}

	private int asInt(final String key, final JsonElement element) {
		try {
			final double value = element.getAsDouble();
			if (value == Math.rint(value) && Math.abs(value) < Integer.MAX_VALUE) return (int) value;
		}
		catch (final RuntimeException e) {
			// reported below, with the key
		}
		throw wrong(key, "a whole number");
	}

	private DiffEditException wrong(final String key, final String wanted) {
		return new DiffEditException(source + " has " + key + " " + JsonText.shown(json.get(key)) + ", but " + wanted + " is needed; the file is damaged or of an unknown kind.");
	}
}
