package sc.fiji.diffedit.service;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.UserFolders;
import sc.fiji.diffedit.WholeFile;
import sc.fiji.diffedit.config.JsonText;
import sc.fiji.diffedit.config.SmallFile;
import sc.fiji.diffedit.config.UserPath;
import sc.fiji.diffedit.pipelines.InversionMethod;
import sc.fiji.diffedit.pipelines.RequestPreset;

/**
 * The presets that forms offer: three of the plugin, and the user's own, each a JSON file in {@code ~/.config/diffedit/presets} or the
 * folder of the system property {@value #PROPERTY}. Files can be sent to others, who put them there or name them by their path.
 *
 * <pre>{@code
 * { "description": "For thin nuclei", "values": { "maps": 20, "thresholdLevel": 0.4, "holes": 30 } }
 * }</pre>
 */
public final class RequestPresets {

	/** A quick look; the defaults; more noisy copies; the mask of diffusers. */
	public static final String DRAFT = "draft", STANDARD = "standard", CAREFUL = "careful", DIFFUSERS = "diffusers";
	/** System property with the folder of the user's own presets. */
	public static final String PROPERTY = "diffedit.presets";

	private static final String ENDING = ".json", NAME = "[\\p{L}\\p{N}][\\p{L}\\p{N} _.-]{0,60}", VALUES = "values", DESCRIPTION = "description";
	private static final SmallFile FILE = new SmallFile("a preset", 64 << 10, "choose the JSON file of a preset");
	private static final List<RequestPreset> OWN = List.of(
		new RequestPreset(DRAFT, "A quick look in a sixth of the time: fewer noisy copies and steps.", Map.of("maps", 4.0, "steps", 5.0, "inversion", InversionMethod.DPM_SOLVER.word()), Map.of("steps", 20.0)),
		new RequestPreset(STANDARD, "The defaults.", Map.of()),
		new RequestPreset(CAREFUL, "Twice as many noisy copies for the mask.", Map.of("maps", 20.0)),
		new RequestPreset(DIFFUSERS, "The mask as diffusers and the paper find it, and the amount of change that suits it.", Map.of("heatFrom", "Difference", "maskRefinement", "None", "threshold", "Ratio", "strength", 0.8)));

	private RequestPresets() {}

	/** The names of all presets: those of the plugin, then the user's in alphabetical order. */
	public static List<String> names() {
		final List<String> names = new ArrayList<>(OWN.stream().map(RequestPreset::name).toList());
		if (!Files.isDirectory(folder())) return names;
		try (Stream<Path> files = Files.list(folder())) {
			files.map(file -> file.getFileName().toString()).filter(file -> file.endsWith(ENDING)).map(file -> file.substring(0, file.length() - ENDING.length()))
				.filter(name -> name.matches(NAME) && !names.contains(name)).sorted().forEach(names::add);
			return names;
		}
		catch (final IOException e) {
			throw new DiffEditException(folder() + " cannot be read (" + e.getMessage() + ").", e);
		}
	}

	/**
	 * A preset by its name, or by the path of its file.
	 *
	 * @throws DiffEditException if there is none, or its file is damaged
	 */
	public static RequestPreset named(final String name) {
		final String word = name.strip();
		for (final RequestPreset preset : OWN) if (preset.name().equalsIgnoreCase(word)) return preset;
		if (word.endsWith(ENDING)) return read(UserPath.of(word));
		if (word.matches(NAME) && Files.isRegularFile(file(word))) return read(file(word));
		throw new DiffEditException("There is no preset '" + name + "'; there are " + String.join(", ", names()) + ", and those in files, by their paths.");
	}

	/**
	 * Keeps a new preset of the user.
	 *
	 * @return its file
	 * @throws DiffEditException if the user has one of that name, the name is one of the plugin's or cannot be that of a file, or the file cannot be written
	 */
	public static Path save(final RequestPreset preset) {
		if (isSaved(preset.name())) throw new DiffEditException("There is a preset '" + preset.name() + "' already, in " + file(preset.name()) + "; take another name, or delete that file.");
		return replace(preset);
	}

	/** Whether the user has a preset of that name; it may be damaged. */
	public static boolean isSaved(final String name) {
		return name.matches(NAME) && Files.exists(file(name));
	}

	/**
	 * Keeps a preset of the user in place of the one of that name, if there is one.
	 *
	 * @return its file
	 * @throws DiffEditException if the name is one of the plugin's or cannot be that of a file, or the file cannot be written
	 */
	public static Path replace(final RequestPreset preset) {
		if (!preset.name().matches(NAME) || OWN.stream().anyMatch(own -> own.name().equalsIgnoreCase(preset.name()))) {
			throw new DiffEditException("'" + preset.name() + "' cannot be the name of a preset; take another one, of letters and digits.");
		}
		final JsonObject values = new JsonObject();
		preset.values().forEach((key, value) -> values.add(key, json(value)));
		final JsonObject json = new JsonObject();
		json.addProperty(DESCRIPTION, preset.description());
		json.add(VALUES, values);
		try {
			WholeFile.replace(file(preset.name()), part -> Files.writeString(part, JsonText.pretty(json) + "\n", StandardCharsets.UTF_8));
			return file(preset.name());
		}
		catch (final IOException e) {
			throw new DiffEditException("The preset cannot be saved in " + folder() + " (" + WholeFile.reason(e) + "); make room there, or name another folder with -D" + PROPERTY + "=FOLDER.", e);
		}
	}

	private static JsonPrimitive json(final Object value) {
		if (value instanceof Boolean truth) return new JsonPrimitive(truth);
		if (!(value instanceof Double number)) return new JsonPrimitive(value.toString());
		return number == Math.rint(number) && Math.abs(number) < Integer.MAX_VALUE ? new JsonPrimitive(number.intValue()) : new JsonPrimitive(number);
	}

	/** Where the user's presets are; it need not exist. */
	public static Path folder() {
		return UserFolders.of(PROPERTY, ".config", "diffedit", "presets");
	}

	private static Path file(final String name) {
		return folder().resolve(name + ENDING);
	}

	/** @throws DiffEditException if the file is no preset; the message names what is wrong */
	private static RequestPreset read(final Path file) {
		return parse(file, FILE.read(file, "file " + file));
	}

	private static RequestPreset parse(final Path file, final String text) {
		final String source = file.getFileName().toString();
		final JsonObject json = JsonText.object(source, text);
		for (final String key : json.keySet()) {
			if (!key.equals(VALUES) && !key.equals(DESCRIPTION)) throw new DiffEditException(source + " has the entry '" + key + "'; a preset has a description and values.");
		}
		if (!json.has(VALUES) || !json.get(VALUES).isJsonObject()) throw new DiffEditException(source + " has no object 'values'; choose the JSON file of a preset.");
		final Map<String, Object> values = new LinkedHashMap<>();
		json.getAsJsonObject(VALUES).asMap().forEach((key, value) -> values.put(key, value(value)));
		final JsonElement description = json.get(DESCRIPTION);
		return new RequestPreset(source.substring(0, source.length() - ENDING.length()), description == null ? "" : description.toString().replaceAll("^\"|\"$", ""), values);
	}

	/** As {@link RequestPreset} takes it; what it does not take is text, which it refuses by name. */
	private static Object value(final JsonElement value) {
		if (!value.isJsonPrimitive()) return List.of();
		final JsonPrimitive plain = value.getAsJsonPrimitive();
		return plain.isNumber() ? (Object) plain.getAsDouble() : plain.isBoolean() ? (Object) plain.getAsBoolean() : plain.getAsString();
	}
}
