package sc.fiji.diffedit.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.FileStamp;

/** Stamps of a model's files, taken when it was opened, which show whether the files have changed since. */
final class FileStamps {

	private final Map<Path, FileStamp> stamps;
	private final List<Path> missing;
	private final boolean inUse;

	private FileStamps(final Map<Path, FileStamp> stamps, final List<Path> missing, final boolean inUse) {
		this.stamps = stamps;
		this.missing = List.copyOf(missing);
		this.inUse = inUse;
	}

	/**
	 * Stamps of files, and of all files below folders.
	 *
	 * @param inUse whether the files are memory-mapped and thus read while the model is in use
	 * @throws DiffEditException if one cannot be read
	 */
	static FileStamps of(final Collection<Path> roots, final boolean inUse) {
		final Map<Path, FileStamp> stamps = new LinkedHashMap<>();
		for (final Path root : roots) {
			try (Stream<Path> files = Files.walk(root.toRealPath())) { // Files.walk does not follow a link as its root
				for (final Path file : files.filter(Files::isRegularFile).toList()) stamps.put(file, FileStamp.of(file));
			}
			catch (final IOException e) {
				throw new DiffEditException(root + " cannot be read (" + e.getMessage() + ").", e);
			}
		}
		return new FileStamps(stamps, List.of(), inUse);
	}

	/** The same and those files that are not there and would count if they were. */
	FileStamps andMissing(final List<Path> files) {
		return new FileStamps(stamps, files.stream().filter(file -> !Files.exists(file)).toList(), inUse);
	}

	/** The files that are there. */
	Set<Path> files() {
		return stamps.keySet();
	}

	/** Total size of the files. */
	long bytes() {
		return stamps.values().stream().mapToLong(FileStamp::size).sum();
	}

	/** Paths and modification times: unlike a hash over samples of the content, this differs after a change anywhere in a file. */
	@Override
	public String toString() {
		return new TreeMap<>(stamps).toString();
	}

	/** The first file whose size, time or identity has changed, that is missing now, or that was missing. */
	Optional<Path> changed() {
		return stamps.keySet().stream().filter(file -> !stamps.get(file).isOf(file)).findFirst().or(() -> missing.stream().filter(Files::exists).findFirst());
	}

	/**
	 * Called before each run of a model and after each call of a network. A mapped file that was deleted or replaced keeps its old
	 * content for the open model; one that was overwritten in place does not.
	 *
	 * @throws ChangedFiles if a file was overwritten in place or truncated
	 */
	void check(final String model) {
		if (!inUse) return;
		stamps.forEach((file, stamp) -> {
			if (stamp.isWritten(file)) throw new ChangedFiles(model, file);
		});
	}
}
