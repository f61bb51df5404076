package sc.fiji.diffedit.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

import sc.fiji.diffedit.DiffEditException;

/** Verifies cached files by their hash, since the right size is no proof. Each file is hashed once and later recognised by its stamp. */
public final class Whole {

	private static final String SHA256 = "[0-9a-f]{64}";

	private Whole() {}

	/** False if it is missing or has another size or content. */
	static boolean is(final Path path, final RemoteFile file) throws IOException {
		if (!Files.isRegularFile(path) || Files.size(path) != file.size()) return false;
		return CheckedFiles.ofMachine().has(path.toRealPath(), Expected.of(file));
	}

	/**
	 * Requires that files which lie in a cache of the Hugging Face hub, whoever downloaded them, have the content that their name there,
	 * a SHA-256, says. Files elsewhere, and copies without such a name, pass. A file of 4 GB takes some seconds, once on this machine.
	 *
	 * @throws DiffEditException if one has another content
	 */
	public static void requireNamed(final Collection<Path> files) {
		for (final Path file : files) {
			try {
				final Path real = file.toRealPath();
				final String name = real.getFileName().toString();
				if (!real.getParent().endsWith("blobs") || !name.matches(SHA256)) continue;
				if (!CheckedFiles.ofMachine().has(real, new Expected(-1, name, false))) throw damaged(file, real);
			}
			catch (final IOException e) {
				throw new DiffEditException(file + " cannot be read (" + e.getMessage() + ").", e);
			}
		}
	}

	private static DiffEditException damaged(final Path file, final Path real) {
		return new DiffEditException(file + " is damaged: its content is not the one whose SHA-256 is its name in the cache; delete " + real + " and download the model again.");
	}
}
