package sc.fiji.diffedit.updatesite;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

import sc.fiji.diffedit.updatesite.SiteRecord.Version;

/** Makes the folder that a web host serves: the database and the payloads. */
final class UpdateSite {

	private static final String PROJECT = "project";

	private final Path description;
	private final Jars jars;

	/** @param description the folder with {@code site.properties}, {@code files.txt} and {@code history.xml} */
	UpdateSite(final Path description, final Jars jars) {
		this.description = description;
		this.jars = jars;
	}

	/** Name inside Fiji and jar of everything that is shipped. */
	Map<String, Path> files(final Path projectJar, final String projectVersion) throws IOException {
		final Map<String, Path> files = new LinkedHashMap<>();
		for (final String line : lines(description.resolve("files.txt"))) {
			final String[] words = line.split("\\s+");
			final boolean project = words[1].equals(PROJECT);
			final Path jar = project ? projectJar : jars.of(words[1]);
			files.put(words[0].replace("VERSION", project ? projectVersion : jars.versionOf(words[1])), jar);
		}
		return files;
	}

	/** The jars that Fiji brings, in its versions. */
	List<Path> broughtByFiji() throws IOException {
		final List<Path> paths = new ArrayList<>();
		for (final String line : lines(description.resolve("fiji-jars.txt"))) paths.add(jars.of(line));
		return paths;
	}

	/** What is shipped and what Fiji brings, as {@code group:artifact}, without ImageJ itself. */
	Set<String> artifacts() throws IOException {
		final Set<String> artifacts = new LinkedHashSet<>();
		for (final String line : lines(description.resolve("files.txt"))) artifacts.add(line.split("\\s+")[1]);
		for (final String line : lines(description.resolve("fiji-jars.txt"))) artifacts.add(line.substring(0, line.lastIndexOf(':')));
		artifacts.removeAll(Set.of(PROJECT, "net.imagej:ij"));
		return artifacts;
	}

	static List<String> lines(final Path file) throws IOException {
		return Files.readAllLines(file).stream().map(String::trim).filter(line -> !line.isEmpty() && !line.startsWith("#")).toList();
	}

	/**
	 * Builds the site.
	 *
	 * @param folder where to; what lies there is kept, so that older payloads stay
	 * @param now release time, {@code yyyyMMddHHmmss}; unchanged files keep theirs
	 */
	SiteDatabase build(final Map<String, Path> files, final Path folder, final long now) throws IOException {
		final SiteDatabase database = history();
		for (final Map.Entry<String, Path> file : files.entrySet()) {
			database.put(new Version(file.getKey(), FijiChecksum.of(file.getKey(), file.getValue()), now, Files.size(file.getValue()), 0));
		}
		database.keepOnly(List.copyOf(files.keySet()), now);
		for (final SiteRecord record : database.records().values()) {
			if (record.current() != null) copy(files.get(record.name()), folder.resolve(record.payload()), record);
		}
		try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("db.xml.gz")))) {
			database.write(out, properties());
		}
		return database;
	}

	/** An unchanged file that was rebuilt may differ in size; then the payload that was released counts. */
	private static void copy(final Path jar, final Path payload, final SiteRecord record) throws IOException {
		Files.createDirectories(payload.getParent());
		if (Files.exists(payload) && Files.size(payload) == record.current().size()) return;
		if (Files.size(jar) != record.current().size()) {
			throw new IOException(record.name() + " is unchanged, but its jar is not the one that was released; put the released payload "
				+ record.payload() + " into the site's folder.");
		}
		Files.copy(jar, payload, StandardCopyOption.REPLACE_EXISTING);
	}

	SiteDatabase history() throws IOException {
		try (InputStream in = Files.newInputStream(description.resolve("history.xml"))) {
			return SiteDatabase.read(in);
		}
	}

	/** Writes what is released now into the tracked history. */
	void release(final SiteDatabase database) throws IOException {
		try (OutputStream out = Files.newOutputStream(description.resolve("history.xml"))) {
			database.write(out, properties());
		}
	}

	private Properties properties() throws IOException {
		final Properties properties = new Properties();
		try (InputStream in = Files.newInputStream(description.resolve("site.properties"))) {
			properties.load(in);
		}
		return properties;
	}
}
