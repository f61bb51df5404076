package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.stream.Stream;

import sc.fiji.diffedit.DiffEditException;

/** Restricts file access to a model folder: names and links inside it cannot lead to other places. */
final class FolderWall {

	private final Path root;
	private final Path allowed;

	/** @param root a folder without links in its path */
	FolderWall(final Path root) {
		this.root = root;
		this.allowed = allowedRoot(root);
	}

	/** The folder that must contain all files: the model's, or the cache of the Hugging Face hub that it is a part of. */
	Path allowed() {
		return allowed;
	}

	/** Whether a name is a name only, and no path. */
	static boolean isPlainName(final String name) {
		return !name.isEmpty() && !name.contains("/") && !name.contains("\\") && !name.equals("..") && !name.equals(".") && name.indexOf('\0') < 0;
	}

	/** In {@code CACHE/models--NAME/snapshots/REVISION} the files are links into {@code CACHE}; elsewhere links must stay in the folder. */
	private static Path allowedRoot(final Path root) {
		final Path snapshots = root.getParent();
		final Path model = snapshots == null ? null : snapshots.getParent();
		final boolean cached = model != null && model.getParent() != null && snapshots.endsWith("snapshots")
			&& model.getFileName().toString().startsWith("models--");
		return cached ? model.getParent() : root;
	}

	/** Whether a path below the folder exists. */
	boolean exists(final String path) {
		try {
			return Files.exists(root.resolve(path));
		}
		catch (final InvalidPathException e) {
			return false;
		}
	}

	/** A path that exists, with all links followed; refused when it leaves the allowed root. */
	Path inside(final String path) {
		try {
			final Path real = root.resolve(path).toRealPath(), named = root.resolve(path).normalize();
			if (real.startsWith(allowed)) return named.startsWith(root) ? named : real;
			if (named.startsWith(root) && isBlob(real)) return real;
		}
		catch (final IOException | InvalidPathException e) {
			throw new DiffEditException(root + " has no readable file " + path + " (" + e.getMessage() + ").", e);
		}
		throw leadsOut(Path.of(path), root);
	}

	/** A file in the hub's cache, {@code models--NAME/blobs/HASH}, to which older versions of its downloader link from other folders. */
	private static boolean isBlob(final Path real) {
		final Path blobs = real.getParent();
		return blobs != null && blobs.endsWith("blobs") && blobs.getParent() != null && String.valueOf(blobs.getParent().getFileName()).startsWith("models--")
			&& real.getFileName().toString().matches("[0-9a-f]{40}|[0-9a-f]{64}");
	}

	/** A folder in which nothing leads out of the allowed root: whoever reads all of it follows links. */
	static Path contained(final Path folder, final Path allowed) {
		try (Stream<Path> files = Files.list(folder)) {
			for (final Path file : files.filter(Files::exists).toList()) {
				if (!file.toRealPath().startsWith(allowed) && !isBlob(file.toRealPath())) throw leadsOut(file, folder);
			}
			return folder;
		}
		catch (final IOException e) {
			throw new DiffEditException(folder + " cannot be read (" + e.getMessage() + ").", e);
		}
	}

	private static DiffEditException leadsOut(final Path path, final Path folder) {
		return new DiffEditException(path + " leads out of the model folder " + folder + "; such models are not opened. Copy the file into the folder.");
	}
}
