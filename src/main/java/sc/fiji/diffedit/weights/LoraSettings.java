package sc.fiji.diffedit.weights;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.config.JsonText;
import sc.fiji.diffedit.weights.LoraKeys.Place;

/**
 * The settings that a LoRA was trained with: in diffusers' metadata of the file ({@code unet.lora_alpha}), or in PEFT's
 * {@code adapter_config.json} beside it ({@code lora_alpha}); the file's own count first.
 */
final class LoraSettings {

	private static final List<String> NAMES = List.of("adapter_model.safetensors", "adapter_model.bin", "pytorch_lora_weights.safetensors");

	private final String source;
	private final JsonObject metadata;
	private final PeftConfig peft;

	private LoraSettings(final String source, final JsonObject metadata, final PeftConfig peft) {
		this.source = source;
		this.metadata = metadata;
		this.peft = peft;
	}

	/** Whether this is a folder that PEFT or diffusers has written for an adapter. */
	static boolean isAdapterFolder(final Path path) {
		return Files.isDirectory(path) && found(path).isPresent();
	}

	private static Optional<Path> found(final Path folder) {
		return NAMES.stream().map(folder::resolve).filter(Files::isRegularFile).findFirst();
	}

	/** The file with the weights, in a folder that PEFT or diffusers has written. */
	static Path fileIn(final Path path) {
		if (!Files.isDirectory(path)) return path;
		final Optional<Path> file = found(path);
		if (file.isPresent()) return file.get();
		throw new DiffEditException(path + " holds no adapter_model.safetensors; name the folder that PEFT has written, or a LoRA file.");
	}

	/** @throws DiffEditException if they belong to another kind of adapter */
	static LoraSettings of(final WeightsFile file) {
		final String name = file.path().getFileName().toString();
		final String text = file instanceof SafetensorsFile safe ? safe.metadata().get("lora_adapter_metadata") : null;
		return new LoraSettings(name, text == null ? new JsonObject() : ofDiffusers(new Config("The metadata of " + name, JsonText.object("The metadata of " + name, text))), PeftConfig.beside(file.path()));
	}

	/** The settings of each network, {@code unet.lora_alpha}, are those of PEFT. */
	private static JsonObject ofDiffusers(final Config metadata) {
		final Map<String, JsonObject> networks = new LinkedHashMap<>();
		metadata.json().entrySet().forEach(entry -> {
			final int dot = entry.getKey().indexOf('.');
			networks.computeIfAbsent(entry.getKey().substring(0, Math.max(0, dot)), network -> new JsonObject()).add(entry.getKey().substring(dot + 1), entry.getValue());
		});
		networks.forEach((network, settings) -> PeftConfig.checked(new Config(metadata.source(), settings)));
		return metadata.json();
	}

	/** PEFT's config beside the file, for what is not in the way of all programs. */
	PeftConfig peft() {
		return peft;
	}

	/** Whether nothing says what alpha the file's tensors have. */
	boolean isSilent() {
		return metadata.isEmpty() && !peft.isThere();
	}

	/** Alpha of a layer: by the first pattern that fits its name, else that of the adapter, else its rank. */
	double alpha(final Place place, final long rank) {
		final Optional<JsonElement> patterns = setting(place, "alpha_pattern").filter(JsonElement::isJsonObject);
		if (patterns.isPresent()) {
			for (final Map.Entry<String, JsonElement> entry : patterns.get().getAsJsonObject().entrySet()) {
				if (new LayerPattern(source, "alpha_pattern", entry.getKey()).fits(place.name())) return number(entry.getValue());
			}
		}
		return setting(place, "lora_alpha").map(this::number).orElse((double) rank);
	}

	/** Whether the scale is alpha over the square root of the rank. */
	boolean isRankStabilised(final Place place) {
		return setting(place, "use_rslora").filter(json -> json.isJsonPrimitive() && json.getAsBoolean()).isPresent();
	}

	private Optional<JsonElement> setting(final Place place, final String key) {
		return Optional.ofNullable(metadata.get(place.network() + "." + key)).or(() -> peft.get(key)).filter(value -> !value.isJsonNull());
	}

	private double number(final JsonElement element) {
		if (element.isJsonPrimitive() && element.getAsJsonPrimitive().isNumber()) return element.getAsDouble();
		throw new DiffEditException(source + " has settings with an alpha that is not a number; download or copy it again.");
	}
}
