package sc.fiji.diffedit.fiji.batch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

import org.apache.commons.codec.digest.DigestUtils;
import org.scijava.module.ModuleItem;
import org.scijava.util.VersionUtils;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import ij.ImagePlus;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.FileStamp;
import sc.fiji.diffedit.RegularFile;
import sc.fiji.diffedit.WholeFile;
import sc.fiji.diffedit.fiji.FileLists;
import sc.fiji.diffedit.fiji.form.PresetValues;
import sc.fiji.diffedit.service.RequestPresets;

/**
 * Everything that an output depends on: plugin, verb, settings, and the content of the files that they name. Folders play no role,
 * so that it is the same on another machine.
 *
 * @param identity equal for equal outputs
 * @param stamps of images, by which their content need not be read again; these are of this machine
 */
record Request(JsonObject identity, JsonObject stamps) {

	private static final String FILES = "files";

	/**
	 * The request of a row.
	 *
	 * @param before of the same output, whose hashes are taken for files that have not changed since
	 * @param storage where the row's images lie
	 * @throws DiffEditException if a file is missing
	 */
	static Request of(final BatchRow row, final Optional<Request> before, final ModelHashes models, final Storage storage) {
		final JsonObject settings = new JsonObject(), files = new JsonObject(), stamps = new JsonObject();
		final Map<String, String> texts = new TreeMap<>(row.settings());
		for (final ModuleItem<?> input : row.verb().form(texts.keySet()).inputs()) {
			final String name = input.getName(), text = texts.get(name);
			if (name.equals("model")) files.addProperty(name, models.of(text == null ? String.valueOf(input.getDefaultValue()) : text));
			if (text == null) continue;
			if (input.getType() == ImagePlus.class) addImage(name, text, before, storage, settings, files, stamps);
			else {
				settings.addProperty(name, text);
				if (name.equals(PresetValues.INPUT) && !text.isBlank()) files.addProperty(name, new TreeMap<>(RequestPresets.named(text).texts()).toString());
				namedFiles(name, text).forEach(file -> files.addProperty(name + " " + file, models.of(file.toString())));
			}
		}
		final JsonObject identity = new JsonObject();
		identity.addProperty("diffedit", Objects.toString(VersionUtils.getVersion(Request.class), "unknown")); // files keep no nulls
		identity.addProperty("verb", row.verb().word());
		identity.add("settings", settings);
		identity.add(FILES, files);
		return new Request(identity, stamps);
	}

	private static void addImage(final String name, final String file, final Optional<Request> before, final Storage storage, final JsonObject settings, final JsonObject files, final JsonObject stamps) {
		try {
			final FileStamp now = storage.stamp(file);
			final String stamp = file + " " + now.size() + " " + now.time().toMillis();
			final Optional<String> known = before.filter(request -> new JsonPrimitive(stamp).equals(request.stamps.get(name))).flatMap(request -> request.hash(name));
			settings.addProperty(name, storage.name(file));
			files.addProperty(name, known.isPresent() ? known.get() : hash(storage.fetch(file)));
			stamps.addProperty(name, stamp);
		}
		catch (final IOException e) {
			throw new DiffEditException("There is no readable file " + file + " (" + WholeFile.reason(e) + "); give the path of an image.", e);
		}
	}

	/** The hash of a file's content; empty where a record from outside has none. */
	private Optional<String> hash(final String name) {
		return identity.get(FILES) instanceof JsonObject files && files.get(name) instanceof JsonPrimitive hash ? Optional.of(hash.getAsString()) : Optional.empty();
	}

	private static String hash(final Path file) throws IOException {
		try (InputStream in = RegularFile.open(file)) {
			return DigestUtils.sha256Hex(in);
		}
	}

	/** Files that a text names, as LoRAs and the further options do. */
	private static List<Path> namedFiles(final String name, final String text) {
		final List<Path> files = new ArrayList<>();
		if (name.equals("options")) for (final String option : text.split(";")) existing(option.substring(option.indexOf(':') + 1)).ifPresent(files::add);
		if (name.equals("lora") || name.equals("word")) existing(text).ifPresent(file -> files.addAll(listed(file)));
		return files;
	}

	/** The file, and what it lists if it is a list of files. */
	private static List<Path> listed(final Path file) {
		final List<Path> files = new ArrayList<>(List.of(file));
		if (!FileLists.isList(file)) return files;
		try {
			for (final String line : FileLists.lines(file, "file")) {
				existing(file.toAbsolutePath().resolveSibling(line.replaceFirst("\\s+\\S+$", "")).toString()).or(() -> existing(line)).ifPresent(files::add);
			}
		}
		catch (final DiffEditException | InvalidPathException e) {
			// the run itself says what is wrong with the list
		}
		return files;
	}

	private static Optional<Path> existing(final String path) {
		try {
			final Path file = Path.of(path.strip());
			return !path.isBlank() && Files.exists(file) ? Optional.of(file) : Optional.empty();
		}
		catch (final InvalidPathException e) {
			return Optional.empty();
		}
	}
}
