package sc.fiji.diffedit.fiji.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.engine.EngineBuild;

/**
 * Checksums of PyTorch's libraries as published when this version was built ({@code scripts/pin-engine-libraries}). Other
 * libraries, such as those built by users, may work too, but are reported.
 */
final class KnownLibraries {

	private static final String RESOURCE = "libraries.sha256";

	private final Map<String, String> digests = new HashMap<>();

	KnownLibraries() {
		try (InputStream in = KnownLibraries.class.getResourceAsStream(RESOURCE)) {
			new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(line -> line.split("  ", 2)).forEach(line -> digests.put(line[1], line[0]));
		}
		catch (final IOException e) {
			throw new DiffEditException("DiffEdit's own list of engine libraries cannot be read (" + e.getMessage() + "); install DiffEdit again.", e);
		}
	}

	/**
	 * A message about the unknown libraries of a build; empty if all are the published ones.
	 *
	 * @param record with a checksum of each file
	 */
	String doubts(final EngineBuild build, final Properties record) {
		final List<String> names = digests.keySet().stream().filter(key -> key.startsWith(build + "/")).map(key -> key.substring(build.toString().length() + 1)).sorted().toList();
		if (names.isEmpty()) return "this version knows no checksums of this build";
		final List<String> others = names.stream().filter(name -> !digests.get(build + "/" + name).equals(record.getProperty("sha256." + name))).toList();
		return others.isEmpty() ? "" : "not the published " + String.join(", ", others) + "; keep it only if you trust where it came from";
	}
}
