package sc.fiji.diffedit.hub;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import sc.fiji.diffedit.CacheRecord;
import sc.fiji.diffedit.FileStamp;
import sc.fiji.diffedit.UserFolders;

/**
 * Which files were hashed and had the expected content, with the stamps that they had then. Stored in a small file for later
 * processes; without it files are hashed again. Thread-safe.
 */
final class CheckedFiles {

	private static CheckedFiles ofMachine;

	private final CacheRecord record;
	/** Stamp and hash, by path. */
	private final Map<String, String> checked = new ConcurrentHashMap<>();

	/** @param record created at the first check */
	CheckedFiles(final Path record) {
		this.record = new CacheRecord(record);
		this.record.read().forEach((path, stamp) -> checked.put((String) path, (String) stamp));
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

	/** Writes the record, without files that are gone. */
	private synchronized void save() {
		checked.keySet().removeIf(path -> !new File(path).exists());
		record.write(checked, "Files whose content was compared with its hash, with size, time and number of each");
	}
}
