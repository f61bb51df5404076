package sc.fiji.diffedit.config;

import java.io.File;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.prefs.BackingStoreException;
import java.util.prefs.Preferences;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import sc.fiji.diffedit.DiffEditException;

/**
 * What the user has set about models, kept in Java's preferences of this user, where SciJava keeps its own too.
 *
 * @param folders folders with models in them, in the order in which they are searched
 * @param cache an optional cache in Hugging Face's layout instead of the default one
 */
public record ModelSettings(List<Path> folders, Optional<Path> cache) {

	private static final String NODE = "sc/fiji/diffedit/models", FOLDERS = "folders", CACHE = "cache";

	public ModelSettings {
		folders = List.copyOf(folders);
	}

	/** What was written last; nothing if nothing was, or if the preferences cannot be read. */
	public static ModelSettings read() {
		final Preferences node = node();
		return new ModelSettings(paths(node.get(FOLDERS, "")), paths(node.get(CACHE, "")).stream().findFirst());
	}

	private static Preferences node() {
		return Preferences.userRoot().node(NODE);
	}

	/** @throws DiffEditException if they cannot be kept, such as for a list that is too long */
	public void write() {
		try {
			final Preferences node = node();
			node.put(FOLDERS, text(folders));
			node.put(CACHE, cache.map(Path::toString).orElse(""));
			node.flush();
		}
		catch (final BackingStoreException | IllegalArgumentException e) {
			throw new DiffEditException("The settings cannot be kept (" + e.getMessage() + "); name the folders with -Ddiffedit.models=FOLDERS instead.", e);
		}
	}

	/** Paths in one line, separated as in a class path. */
	public static String text(final List<Path> paths) {
		return paths.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
	}

	/**
	 * The paths of such a line.
	 *
	 * @throws DiffEditException if one of them cannot be a path
	 */
	public static List<Path> paths(final String line) {
		try {
			return Stream.of(line.split(Pattern.quote(File.pathSeparator))).map(String::strip).filter(path -> !path.isEmpty()).map(Path::of).toList();
		}
		catch (final InvalidPathException e) {
			throw new DiffEditException("\"" + line + "\" names no folders; separate their paths with " + File.pathSeparator + ".", e);
		}
	}
}
