package sc.fiji.diffedit;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The plugin's folders on this user's disk. */
public final class UserFolders {

	/** System property with the folder that replaces {@code ~/.cache/diffedit}. */
	public static final String CACHE = "diffedit.cache";

	private UserFolders() {}

	/**
	 * For unpacked and downloaded files.
	 *
	 * @throws DiffEditException if the folder's name has letters that this process cannot write
	 */
	public static Path cache() {
		return of(CACHE, ".cache", "diffedit");
	}

	/**
	 * A folder that a system property names, else one in the user's home.
	 *
	 * @param property its name
	 * @param inHome the folder otherwise, one name for each level
	 * @throws DiffEditException if its name has letters that this process cannot write, as in the locale {@code C}
	 */
	public static Path of(final String property, final String... inHome) {
		final String setting = System.getProperty(property, ""), home = System.getProperty("user.home");
		try {
			return setting.isBlank() ? Path.of(home, inHome) : Path.of(setting);
		}
		catch (final InvalidPathException e) {
			throw new DiffEditException("\"" + e.getInput() + "\" cannot be a folder in the locale of this process (" + e.getReason()
				+ "); start it in one that knows all letters, such as LC_ALL=C.UTF-8, or name another folder with -D" + property + "=FOLDER.", e);
		}
	}
}
