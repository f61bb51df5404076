package sc.fiji.diffedit.fiji;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.WholeFile;
import sc.fiji.diffedit.config.JsonText;
import sc.fiji.diffedit.config.SmallFile;

/**
 * How a result was made, as a JSON file beside the image: the lines of its info as one object of texts, in their order. PNG and
 * JPEG files keep no info, and a file can be sent to others. {@code Make Again From Info...} reads both.
 *
 * <pre>{@code
 * ProvenanceFile.write(Path.of("edit.json"), Provenance.read(edited).orElseThrow());
 * }</pre>
 */
public final class ProvenanceFile {

	private static final String HEAD = "generatedBy", DIFFEDIT = "DiffEdit";
	private static final SmallFile FILE = new SmallFile("the description of a result", 4 << 20, "choose a JSON file that DiffEdit has saved");
	private static final int MOST_ENTRIES = 500;

	private ProvenanceFile() {}

	/** The text of such a file. */
	public static String toJson(final Provenance made) {
		final JsonObject json = new JsonObject();
		json.addProperty(HEAD, DIFFEDIT);
		made.entries().forEach(json::addProperty);
		return JsonText.pretty(json) + "\n";
	}

	/**
	 * Reads what {@link #toJson} has written.
	 *
	 * @param source how messages name where the text comes from
	 * @throws DiffEditException if it is something else
	 */
	public static Provenance fromJson(final String source, final String text) {
		final Map<String, JsonElement> json = JsonText.object(source, text).asMap();
		if (!json.containsKey(HEAD) || json.size() > MOST_ENTRIES) {
			throw new DiffEditException(source + " does not describe a result of DiffEdit; choose a file that DiffEdit has saved.");
		}
		final Map<String, String> entries = new LinkedHashMap<>();
		json.forEach((key, value) -> {
			if (!Provenance.isKey(key) || !value.isJsonPrimitive()) {
				throw new DiffEditException(source + " has an entry that is no word with a text; choose a file that DiffEdit has saved.");
			}
			if (!key.equals(HEAD)) entries.put(key, value.getAsString());
		});
		return Provenance.ofLines(entries);
	}

	/** @throws DiffEditException if the file cannot be written */
	public static void write(final Path file, final Provenance made) {
		WholeFile.write(file, toJson(made));
	}

	/** @throws DiffEditException if the file cannot be read, or is something else */
	public static Provenance read(final Path file) {
		return fromJson(file.getFileName().toString(), FILE.read(file, "file " + file));
	}
}
