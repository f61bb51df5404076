package sc.fiji.diffedit.hub;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import sc.fiji.diffedit.FileStamp;
import sc.fiji.diffedit.UserFolders;
import sc.fiji.diffedit.WholeFile;

/**
 * Which files were hashed and had the expected content, with the stamps that they had then. Stored in a small file for later
 * processes; without it files are hashed again. Thread-safe.
 */
final class CheckedFiles {

	private static final Logger LOG = LoggerFactory.getLogger(CheckedFiles.class);

	private static CheckedFiles ofMachine;

	private final Path record;
	/** Stamp and hash, by path. */
	private final Map<String, String> checked = new ConcurrentHashMap<>();

	/** @param record created at the first check */
	CheckedFiles(final Path record) {
		this.record = record;
		read();
	}

	/** The record in the plugin's cache folder. */
	static synchronized CheckedFiles ofMachine() {
		if (ofMachine == null) ofMachine = new CheckedFiles(UserFolders.cache().resolve("checked-files.properties"));
		return ofMachine;
	}

	/**
	 * Whether a file has a content; hashes it if it was not, or has changed since.
	 *
	 * @param real a path without links
	 * @param expected whose hash counts
	 */
	boolean has(final Path real, final Expected expected) throws IOException {
		final String now = FileStamp.of(real) + " " + expected.hash();
		if (now.equals(checked.get(real.toString()))) return true;
		if (!expected.found(real).equals(expected.hash())) return false;
		checked.put(real.toString(), now);
		save();
		return true;
	}

	/** Writes the record, without files that are gone; one that cannot be written is only logged. */
	private synchronized void save() {
		checked.keySet().removeIf(path -> !Files.exists(Path.of(path)));
		final Properties all = new Properties();
		all.putAll(checked);
		try {
			WholeFile.replaceShared(record, record.getParent(), part -> {
				try (Writer out = Files.newBufferedWriter(part)) {
					all.store(out, "Files whose content was compared with its hash, with size, time and number of each; may be deleted");
				}
			});
		}
		catch (final IOException e) {
			LOG.debug("Checked files are not kept: {}", e.toString());
		}
	}

	private void read() {
		final Properties all = new Properties();
		try (Reader in = Files.newBufferedReader(record)) {
			all.load(in);
			for (final String path : all.stringPropertyNames()) checked.put(Path.of(path).toString(), all.getProperty(path));
		}
		catch (final IOException | RuntimeException e) {
			LOG.debug("No record of checked files in {}: {}", record, e.toString()); // missing or damaged: hashed again
		}
	}
}
