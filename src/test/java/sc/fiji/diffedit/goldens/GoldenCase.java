package sc.fiji.diffedit.goldens;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.SafetensorsFile;

/**
 * One golden case: {@code case.json} (what was asked, and shape and tolerance of each result),
 * {@code tensors.safetensors} (inputs and results) and PNG files beside them.
 */
public final class GoldenCase implements AutoCloseable {

	private final GoldenTree tree;
	private final Path folder;
	private final Config config;
	private SafetensorsFile tensors;

	/** Random generators of a call, by their seeds: one for all samples, or one per sample. */
	public record Seeds(List<Long> seeds) {}

	/** A picture of a call, by its file. */
	public record Png(Path file) {}

	GoldenCase(final GoldenTree tree, final Path folder) {
		this.tree = tree;
		this.folder = folder;
		this.config = Config.read(folder.resolve("case.json"));
	}

	public GoldenTree tree() {
		return tree;
	}

	public String name() {
		return folder.getFileName().toString();
	}

	/** {@code pipeline}, or the kind of a component case. */
	public String kind() {
		return text("kind");
	}

	/** The whole {@code case.json}. */
	public JsonObject json() {
		return config.json();
	}

	/** A text of {@code case.json}, empty when absent. */
	public String text(final String key) {
		return config.getString(key, "");
	}

	/** A whole number of {@code case.json}. */
	public int number(final String key) {
		return config.getInt(key, 0);
	}

	/** A list of texts in {@code case.json}. */
	public List<String> texts(final String key) {
		return config.getStrings(key);
	}

	/** The calls of a component case. */
	public List<JsonObject> runs() {
		return config.json().getAsJsonArray("runs").asList().stream().map(JsonElement::getAsJsonObject).toList();
	}

	/** The folder of this case's model, or of a part of it. */
	public Path model() {
		return tree.model(text("model"));
	}

	// -- tensors --

	public boolean has(final String tensor) {
		return open().has(tensor);
	}

	/** A stored tensor, in the innermost scope. */
	public Tensor tensor(final String name) {
		return open().get(name);
	}

	/** What {@code case.json} says of a result: shape, dtype, atol. */
	public Map<String, JsonElement> results() {
		return config.json().getAsJsonObject("tensors").asMap();
	}

	private SafetensorsFile open() {
		if (tensors == null) tensors = SafetensorsFile.open(folder.resolve("tensors.safetensors"));
		return tensors;
	}

	// -- arguments --

	/**
	 * An argument of a call: {@link Tensor}, {@link Png} or {@link Seeds} for a reference, else text, {@code Boolean},
	 * {@code Double}, {@code List} or null.
	 */
	public Object value(final JsonElement element) {
		if (element == null || element.isJsonNull()) return null;
		if (element.isJsonArray()) return list(element.getAsJsonArray());
		if (element.isJsonPrimitive()) return plain(element.getAsJsonPrimitive());
		final JsonObject reference = element.getAsJsonObject();
		if (reference.has("$tensor")) return tensor(reference.get("$tensor").getAsString());
		if (reference.has("$image")) return new Png(folder.resolve(reference.get("$image").getAsString()));
		if (reference.has("$tuple")) return list(reference.getAsJsonArray("$tuple"));
		if (reference.has("$generator")) return seeds(reference.get("$generator"));
		throw new IllegalArgumentException(name() + " has an unknown reference " + reference);
	}

	private List<Object> list(final JsonArray array) {
		final List<Object> values = new ArrayList<>();
		for (final JsonElement element : array) values.add(value(element));
		return values;
	}

	private static Object plain(final JsonPrimitive value) {
		if (value.isBoolean()) return value.getAsBoolean();
		return value.isNumber() ? (Object) value.getAsDouble() : value.getAsString();
	}

	private static Seeds seeds(final JsonElement seeds) {
		if (!seeds.isJsonArray()) return new Seeds(List.of(seeds.getAsLong()));
		return new Seeds(seeds.getAsJsonArray().asList().stream().map(JsonElement::getAsLong).toList());
	}

	@Override
	public void close() {
		if (tensors != null) tensors.close();
	}
}
