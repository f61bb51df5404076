package sc.fiji.diffedit.weights;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.config.JsonText;
import sc.fiji.diffedit.config.KnownNames;
import sc.fiji.diffedit.weights.LoraKeys.Place;

/**
 * The settings that a LoRA was trained with: in diffusers' metadata of the file ({@code unet.lora_alpha}), or in PEFT's
 * {@code adapter_config.json} beside it ({@code lora_alpha}); the file's own count first.
 */
final class LoraSettings {

	private static final KnownNames HARMLESS = KnownNames.read(LoraSettings.class, "adapter-keys.txt");
	private static final List<String> NAMES = List.of("adapter_model.safetensors", "adapter_model.bin", "pytorch_lora_weights.safetensors");
	private static final int MOST_READ = 100_000;

	private final String source;
	private final JsonObject metadata;
	private final JsonObject config;

	private LoraSettings(final String source, final JsonObject metadata, final JsonObject config) {
		this.source = source;
		this.metadata = metadata;
		this.config = config;
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
		final Path beside = file.path().resolveSibling("adapter_config.json");
		final boolean peft = name.startsWith("adapter_model.") && Files.isRegularFile(beside);
		return new LoraSettings(name, text == null ? new JsonObject() : JsonText.object("The metadata of " + name, text), peft ? checked(Config.read(beside)).json() : new JsonObject());
	}

	private static Config checked(final Config config) {
		if (!config.getString("peft_type", "LORA").equals("LORA")) throw config.unsupported("peft_type", "LORA");
		if (config.getBoolean("fan_in_fan_out", false)) throw config.unsupported("fan_in_fan_out", "false");
		for (final String key : config.json().keySet()) {
			if (!key.matches("lora_alpha|use_rslora|alpha_pattern") && !HARMLESS.unknown(List.of(key)).isEmpty() && isSet(config.json().get(key))) {
				throw config.unsupported(key, "no " + key);
			}
		}
		return config;
	}

	/** Whether a value says something: PEFT writes every key that it knows. */
	private static boolean isSet(final JsonElement value) {
		if (value.isJsonNull()) return false;
		if (value.isJsonObject()) return !value.getAsJsonObject().isEmpty();
		if (value.isJsonArray()) return !value.getAsJsonArray().isEmpty();
		return !value.getAsString().equals("false");
	}

	/** Alpha of a layer: by the first pattern that fits its name, else that of the adapter, else its rank. */
	double alpha(final Place place, final long rank) {
		final Optional<JsonElement> patterns = setting(place, "alpha_pattern").filter(JsonElement::isJsonObject);
		if (patterns.isPresent()) {
			for (final Map.Entry<String, JsonElement> entry : patterns.get().getAsJsonObject().entrySet()) {
				if (fits(entry.getKey(), place.name())) return number(entry.getValue());
			}
		}
		return setting(place, "lora_alpha").map(this::number).orElse((double) rank);
	}

	/** Whether the scale is alpha over the square root of the rank. */
	boolean isRankStabilised(final Place place) {
		return setting(place, "use_rslora").filter(json -> json.isJsonPrimitive() && json.getAsBoolean()).isPresent();
	}

	private Optional<JsonElement> setting(final Place place, final String key) {
		return Optional.ofNullable(metadata.get(place.network() + "." + key)).or(() -> Optional.ofNullable(config.get(key))).filter(value -> !value.isJsonNull());
	}

	/** A pattern is a regular expression for the name or for its end behind a dot (peft {@code get_pattern_key}). */
	private boolean fits(final String pattern, final String name) {
		try {
			return Pattern.compile("(.*\\.)?(" + pattern + ")$").matcher(new Readings(name)).matches();
		}
		catch (final PatternSyntaxException e) {
			throw new DiffEditException(source + " has the alpha_pattern '" + pattern + "', which is not a regular expression; download or copy it again.", e);
		}
	}

	private double number(final JsonElement element) {
		if (element.isJsonPrimitive() && element.getAsJsonPrimitive().isNumber()) return element.getAsDouble();
		throw new DiffEditException(source + " has settings with an alpha that is not a number; download or copy it again.");
	}

	/** A name that can be read so often only: a hostile pattern would try for years. */
	private final class Readings implements CharSequence {

		private final String name;
		private int read;

		Readings(final String name) {
			this.name = name;
		}

		@Override
		public int length() {
			return name.length();
		}

		@Override
		public char charAt(final int index) {
			if (++read > MOST_READ) throw new DiffEditException(source + " has an alpha_pattern that takes too long to try; download or copy it again.");
			return name.charAt(index);
		}

		@Override
		public CharSequence subSequence(final int start, final int end) {
			return name.subSequence(start, end);
		}

		@Override
		public String toString() {
			return name;
		}
	}
}
