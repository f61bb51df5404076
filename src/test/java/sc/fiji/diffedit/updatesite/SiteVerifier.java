package sc.fiji.diffedit.updatesite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/** Looks at a site as Fiji's updater would, and at what has gone wrong on others' sites. */
final class SiteVerifier {

	private static final List<String> PLACES = List.of("plugins/", "jars/");
	private static final List<String> GENERIC = List.of("jars/api.jar", "jars/tokenizers.jar", "jars/engine.jar", "jars/gson.jar", "jars/jna.jar",
		"jars/slf4j-api.jar", "jars/commons-compress.jar", "jars/ij.jar", "jars/scijava-common.jar", "jars/imglib2.jar");

	private final Path site;
	private final List<String> problems = new ArrayList<>();

	SiteVerifier(final Path site) {
		this.site = site;
	}

	/** Sentences about what is wrong; empty when nothing is. */
	List<String> problems() throws IOException {
		problems.clear();
		final SiteDatabase database;
		try (InputStream in = new GZIPInputStream(Files.newInputStream(site.resolve("db.xml.gz")))) {
			database = SiteDatabase.read(in);
		}
		if (database.records().isEmpty()) problems.add("The database is empty.");
		for (final SiteRecord record : database.records().values()) check(record);
		return List.copyOf(problems);
	}

	private void check(final SiteRecord record) throws IOException {
		if (PLACES.stream().noneMatch(record.name()::startsWith) || record.name().split("/").length != 2) {
			problems.add(record.name() + " lies where Fiji does not look for jars, or on its module path.");
		}
		if (GENERIC.contains(SiteDatabase.identity(record.name()))) problems.add(record.name() + " hides a file of Fiji or of another plugin.");
		history(record);
		if (record.current() != null) payload(record);
	}

	private void payload(final SiteRecord record) throws IOException {
		final Path payload = site.resolve(record.payload());
		if (!Files.isRegularFile(payload)) problems.add(record.payload() + " is missing.");
		else if (Files.size(payload) != record.current().size()) {
			problems.add(record.payload() + " has " + Files.size(payload) + " bytes instead of " + record.current().size() + ".");
		}
		else if (!FijiChecksum.of(record.name(), payload).equals(record.current().checksum())) {
			problems.add(record.payload() + " is not what its checksum says.");
		}
	}

	/** Timestamps rise, and no checksum is there twice. */
	private void history(final SiteRecord record) {
		final Set<String> seen = new HashSet<>();
		long last = 0;
		for (final SiteRecord.Version old : record.previous()) {
			if (old.timestamp() <= last || old.obsolete() <= old.timestamp()) problems.add(record.name() + " has times that do not rise.");
			if (!old.checksum().matches("[0-9a-f]{40}") || !seen.add(old.checksum())) problems.add(record.name() + " has a wrong or repeated checksum.");
			last = old.timestamp();
		}
		if (record.current() != null && record.current().timestamp() <= last) problems.add(record.name() + " has times that do not rise.");
	}
}
