package sc.fiji.diffedit.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

import sc.fiji.diffedit.DiffEditException;

/** Paths that users write. */
public final class UserPath {

	private UserPath() {}

	/** @throws DiffEditException if the text cannot be a path on this system: some characters never can, others not in each locale */
	public static Path of(final String text) {
		try {
			return Path.of(text);
		}
		catch (final InvalidPathException e) {
			throw new DiffEditException("\"" + text + "\" cannot be a path here (" + e.getReason() + "); choose another name, or a locale that knows its letters.", e);
		}
	}
}
