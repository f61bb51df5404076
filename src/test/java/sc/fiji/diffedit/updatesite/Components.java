package sc.fiji.diffedit.updatesite;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

/** What the plugin is made of, from the list (CycloneDX, JSON) that Maven writes at a release. */
final class Components {

	/** What only scripts/diffedit uses, which runs from Maven's class path. */
	private static final Set<String> OF_THE_COMMAND_LINE = Set.of("info.picocli:picocli");
	/** ImageJ itself, which is in the public domain. */
	private static final String IMAGEJ = "net.imagej:ij";

	private final Map<String, List<String>> licences = new LinkedHashMap<>();

	Components(final Path list) throws IOException {
		try (Reader reader = Files.newBufferedReader(list)) {
			for (final JsonElement one : JsonParser.parseReader(reader).getAsJsonObject().getAsJsonArray("components")) {
				final JsonObject component = one.getAsJsonObject();
				licences.put(component.get("group").getAsString() + ":" + component.get("name").getAsString(), licences(component));
			}
		}
	}

	private static List<String> licences(final JsonObject component) {
		final List<String> names = new ArrayList<>();
		if (!component.has("licenses")) return names;
		for (final JsonElement one : component.getAsJsonArray("licenses")) {
			final JsonObject licence = one.getAsJsonObject().getAsJsonObject("license");
			if (licence != null) names.add(licence.get(licence.has("id") ? "id" : "name").getAsString());
		}
		return names;
	}

	/**
	 * What is missing in a release.
	 *
	 * @param placed the artifacts that are shipped, or that Fiji brings
	 */
	List<String> problems(final Set<String> placed, final Licences texts, final Jars jars) throws IOException {
		final List<String> problems = new ArrayList<>();
		for (final Map.Entry<String, List<String>> component : licences.entrySet()) {
			final String artifact = component.getKey();
			if (artifact.equals(IMAGEJ)) continue;
			if (!placed.contains(artifact) && !OF_THE_COMMAND_LINE.contains(artifact)) {
				problems.add(artifact + " is needed, but stands neither in files.txt nor in fiji-jars.txt.");
			}
			problems.addAll(texts.problems(artifact, component.getValue(), jars.of(artifact)));
		}
		for (final String artifact : placed) {
			if (!licences.containsKey(artifact)) problems.add(artifact + " is listed, but not needed.");
		}
		return problems;
	}
}
