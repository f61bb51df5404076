package sc.fiji.diffedit.weights;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.JsonText;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.LoraKeys.Key;
import sc.fiji.diffedit.weights.LoraKeys.Place;
import sc.fiji.diffedit.weights.LoraKeys.Role;

/**
 * A low-rank adapter (Hu et al. 2021): for some layers of UNet and text encoders, a small pair of matrices whose product,
 * times {@code alpha / rank}, is added to the layer's weight; with a magnitude vector, the sum is then given the length it
 * names per output (DoRA, Liu et al. 2024). See {@link LoraKeys} for the namings that are read. The file stays open, and its
 * tensors are read when a layer is loaded.
 */
public final class Lora implements AutoCloseable {

	/** The tensors of one layer in the file; {@code up} and {@code down} always, the others where present. */
	private record Stored(Map<Role, String> tensors) {}

	/** What an adapter does to one layer of a network: names of its tensors in the file and {@code alpha / rank}. */
	record Layer(Weights file, String down, String up, Optional<String> magnitude, double scale) {}

	private final String name;
	private final WeightsFile file;
	private final Map<Place, Stored> layers = new LinkedHashMap<>();
	private final Set<String> unknown = new LinkedHashSet<>();
	private final JsonObject settings;

	private Lora(final WeightsFile file) {
		this.file = file;
		this.name = file.path().getFileName().toString();
		this.settings = settings();
		final Map<String, Stored> byLayer = new LinkedHashMap<>();
		for (final String tensor : file.names()) {
			final Optional<Key> key = LoraKeys.parse(tensor);
			if (key.isPresent()) byLayer.computeIfAbsent(key.get().layer(), layer -> new Stored(new HashMap<>())).tensors().put(key.get().role(), tensor);
			else unknown.add(tensor);
		}
		byLayer.forEach(this::place);
		if (layers.isEmpty()) {
			file.close();
			throw new DiffEditException(name + " holds no LoRA for Stable Diffusion" + (unknown.isEmpty() ? "" : " (its first tensor is '" + file.names().iterator().next() + "')")
				+ "; choose a LoRA in the naming of diffusers or kohya.");
		}
	}

	/**
	 * Opens a file.
	 *
	 * @throws DiffEditException if it is damaged or holds no LoRA
	 */
	public static Lora open(final Path path) {
		return new Lora(WeightsFile.open(path));
	}

	private void place(final String layer, final Stored stored) {
		final Optional<Place> place = LoraKeys.place(layer);
		if (place.isPresent() && stored.tensors().containsKey(Role.DOWN) && stored.tensors().containsKey(Role.UP)) layers.put(place.get(), stored);
		else unknown.addAll(stored.tensors().values());
	}

	/** Metadata written by diffusers: {@code unet.lora_alpha}, {@code unet.alpha_pattern}, {@code unet.use_rslora}. */
	private JsonObject settings() {
		final String text = file instanceof SafetensorsFile safe ? safe.metadata().get("lora_adapter_metadata") : null;
		return text == null ? new JsonObject() : JsonText.object("The metadata of " + name, text);
	}

	/** The file's name. */
	public String name() {
		return name;
	}

	/** The networks it changes: {@code unet}, {@code text_encoder}, {@code text_encoder_2}. */
	public Set<String> networks() {
		final Set<String> networks = new TreeSet<>();
		layers.keySet().forEach(place -> networks.add(place.network()));
		return networks;
	}

	/**
	 * Finds the layers of some networks that this adapter changes.
	 *
	 * @param bases the networks of a model by part name
	 * @param unmatched takes the names of what fits nothing
	 * @return for each network, its changed layers
	 * @throws DiffEditException if the adapter was made for another family of models
	 */
	Map<String, Map<String, Layer>> fit(final Map<String, Weights> bases, final Set<String> unmatched) {
		final Map<String, Map<String, Layer>> found = new LinkedHashMap<>();
		final Map<String, Map<String, String>> names = new HashMap<>();
		bases.forEach((network, base) -> names.put(network, LoraKeys.layersByName(network, base)));
		unmatched.addAll(unknown);
		layers.forEach((place, stored) -> {
			if (place.network().equals("text_encoder_2") && !bases.containsKey(place.network())) throw otherFamily("it also changes a second text encoder, which this model does not have");
			final String layer = names.getOrDefault(place.network(), Map.of()).get(place.name());
			if (layer == null) unmatched.addAll(stored.tensors().values());
			else found.computeIfAbsent(place.network(), key -> new LinkedHashMap<>()).put(layer, layer(place, layer, stored, bases.get(place.network())));
		});
		if (found.isEmpty()) throw otherFamily("none of its layers is in this model");
		return found;
	}

	private DiffEditException otherFamily(final String why) {
		return new DiffEditException(name + " was made for another family of models: " + why + ". Choose a LoRA for this model's family.");
	}

	private Layer layer(final Place place, final String layer, final Stored stored, final Weights base) {
		final String down = stored.tensors().get(Role.DOWN);
		final String up = stored.tensors().get(Role.UP);
		final long[] expected = base.shape(layer + ".weight");
		final long[] downShape = file.shape(down);
		final long[] upShape = file.shape(up);
		final boolean pair = downShape.length >= 2 && upShape.length >= 2 && downShape[0] > 0 && downShape[0] == upShape[1] && product(upShape, 2) == 1;
		if (!pair || upShape[0] != expected[0] || product(downShape, 1) != product(expected, 1)) {
			throw otherFamily("for '" + layer + "' it has matrices " + Arrays.toString(downShape) + " and " + Arrays.toString(upShape)
				+ ", but the layer's weight is " + Arrays.toString(expected));
		}
		final Optional<String> magnitude = Optional.ofNullable(stored.tensors().get(Role.MAGNITUDE));
		if (magnitude.isPresent() && product(file.shape(magnitude.get()), 0) != expected[0]) throw otherFamily("its magnitude for '" + layer + "' has another length");
		return new Layer(file, down, up, magnitude, scale(place, stored, downShape[0]));
	}

	private static long product(final long[] shape, final int from) {
		long product = 1;
		for (int i = from; i < shape.length; i++) product *= shape[i];
		return product;
	}

	/** {@code alpha / rank}; an adapter that names no alpha has one that equals its rank. */
	private double scale(final Place place, final Stored stored, final long rank) {
		final String alpha = stored.tensors().get(Role.ALPHA);
		final double value = alpha == null ? alphaOfSettings(place, rank) : read(alpha);
		final boolean root = setting(place, "use_rslora").map(json -> json.isJsonPrimitive() && json.getAsBoolean()).orElse(false);
		return root ? value / Math.sqrt(rank) : value / rank;
	}

	private double read(final String tensor) {
		try (Scope scope = Scope.open()) {
			final Tensor value = file.get(tensor);
			if (value.count() != 1 || !value.isFinite()) throw new DiffEditException(name + " has '" + tensor + "', which is not one number; download or copy it again.");
			return value.toFloat();
		}
	}

	private double alphaOfSettings(final Place place, final long rank) {
		final Optional<JsonElement> pattern = setting(place, "alpha_pattern").filter(JsonElement::isJsonObject);
		if (pattern.isPresent()) {
			for (final Map.Entry<String, JsonElement> entry : pattern.get().getAsJsonObject().entrySet()) {
				final String key = entry.getKey().startsWith("^") ? entry.getKey().substring(1) : entry.getKey();
				if (place.name().equals(key) || place.name().endsWith("." + key)) return number(entry.getValue());
			}
		}
		return setting(place, "lora_alpha").map(this::number).orElse((double) rank);
	}

	private Optional<JsonElement> setting(final Place place, final String key) {
		return Optional.ofNullable(settings.get(place.network() + "." + key));
	}

	private double number(final JsonElement element) {
		if (element.isJsonPrimitive() && element.getAsJsonPrimitive().isNumber()) return element.getAsDouble();
		throw new DiffEditException(name + " has metadata with an alpha that is not a number; download or copy it again.");
	}

	/** The layers' names in the file's own words, for messages and tests. */
	List<String> layerNames() {
		final List<String> names = new ArrayList<>();
		layers.keySet().forEach(place -> names.add(place.network() + "." + place.name()));
		return names;
	}

	/** Closes the file. */
	@Override
	public void close() {
		file.close();
	}
}
