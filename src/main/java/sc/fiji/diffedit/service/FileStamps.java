package sc.fiji.diffedit.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

import sc.fiji.diffedit.DiffEditException;

/** Size and time of a model's files when it was opened: what tells that somebody has changed them since. */
final class FileStamps {

	private record Stamp(long size, FileTime time) {}

	private final Map<Path, Stamp> stamps;

	private FileStamps(final Map<Path, Stamp> stamps) {
		this.stamps = stamps;
	}

	/**
	 * Stamps of files, and of all files below folders.
	 *
	 * @throws DiffEditException if one cannot be read
	 */
	static FileStamps of(final Collection<Path> roots) {
		final Map<Path, Stamp> stamps = new LinkedHashMap<>();
		for (final Path root : roots) {
			try (Stream<Path> files = Files.walk(root.toRealPath())) { // of a link nothing would be walked
				for (final Path file : files.filter(Files::isRegularFile).toList()) stamps.put(file, stamp(file));
			}
			catch (final IOException e) {
				throw new DiffEditException(root + " cannot be read (" + e.getMessage() + ").", e);
			}
		}
		return new FileStamps(stamps);
	}

	private static Stamp stamp(final Path file) throws IOException {
		final BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
		return new Stamp(attributes.size(), attributes.lastModifiedTime());
	}

	/** Size of all files together. */
	long bytes() {
		return stamps.values().stream().mapToLong(Stamp::size).sum();
	}

	/** Which files they are and when they were last changed: unlike a hash of samples it tells apart what differs anywhere in a file. */
	@Override
	public String toString() {
		return new TreeMap<>(stamps).toString();
	}

	/** A file that has another size or time now, or is gone. */
	Optional<Path> changed() {
		return stamps.keySet().stream().filter(file -> !isSame(file)).findFirst();
	}

	private boolean isSame(final Path file) {
		try {
			return stamp(file).equals(stamps.get(file));
		}
		catch (final IOException e) {
			return false;
		}
	}
}
