package sc.fiji.diffedit.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.FileStamp;

/** Stamps of a model's files when it was opened: what tells that somebody has changed them since. */
final class FileStamps {

	private final Map<Path, FileStamp> stamps;
	private final boolean inUse;

	private FileStamps(final Map<Path, FileStamp> stamps, final boolean inUse) {
		this.stamps = stamps;
		this.inUse = inUse;
	}

	/**
	 * Stamps of files, and of all files below folders.
	 *
	 * @param inUse whether numbers are read from them whenever they are needed, since they are mapped; copied ones are there already
	 * @throws DiffEditException if one cannot be read
	 */
	static FileStamps of(final Collection<Path> roots, final boolean inUse) {
		final Map<Path, FileStamp> stamps = new LinkedHashMap<>();
		for (final Path root : roots) {
			try (Stream<Path> files = Files.walk(root.toRealPath())) { // of a link nothing would be walked
				for (final Path file : files.filter(Files::isRegularFile).toList()) stamps.put(file, FileStamp.of(file));
			}
			catch (final IOException e) {
				throw new DiffEditException(root + " cannot be read (" + e.getMessage() + ").", e);
			}
		}
		return new FileStamps(stamps, inUse);
	}

	/** Size of all files together. */
	long bytes() {
		return stamps.values().stream().mapToLong(FileStamp::size).sum();
	}

	/** Which files they are and when they were last changed: unlike a hash of samples it tells apart what differs anywhere in a file. */
	@Override
	public String toString() {
		return new TreeMap<>(stamps).toString();
	}

	/** A file that has another size or time now, is another one of the same name, or is gone. */
	Optional<Path> changed() {
		return stamps.keySet().stream().filter(file -> !stamps.get(file).isOf(file)).findFirst();
	}

	/**
	 * Asked before each run of a model and after each call of a network. A file that was deleted, or replaced by another one of
	 * the same name, is still there for those who have it open; one that was written into is not.
	 *
	 * @throws ChangedFiles if a file was written into or cut
	 */
	void check(final String model) {
		if (!inUse) return;
		stamps.forEach((file, stamp) -> {
			if (stamp.isWritten(file)) throw new ChangedFiles(model, file);
		});
	}
}
