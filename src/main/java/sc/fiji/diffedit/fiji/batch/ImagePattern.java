package sc.fiji.diffedit.fiji.batch;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Locale;
import java.util.regex.PatternSyntaxException;

import sc.fiji.diffedit.DiffEditException;

/** Which files of a folder are meant: <code>*.{tif,png}</code> or <code>**&#47;*.tif</code>, in any case of letters. */
public final class ImagePattern {

	private final String pattern;
	private final List<PathMatcher> matchers;

	/** @throws DiffEditException if it is no pattern */
	ImagePattern(final String pattern) {
		this.pattern = pattern;
		matchers = matchers(pattern);
	}

	/** Java's <code>**&#47;*.tif</code> does not match files of the folder itself; everybody means them too. */
	private static List<PathMatcher> matchers(final String pattern) {
		final String small = pattern.toLowerCase(Locale.ROOT);
		try {
			final PathMatcher all = FileSystems.getDefault().getPathMatcher("glob:" + small);
			return small.startsWith("**/") ? List.of(all, FileSystems.getDefault().getPathMatcher("glob:" + small.substring(3))) : List.of(all);
		}
		catch (final PatternSyntaxException e) {
			throw new DiffEditException("'" + pattern + "' is not a pattern for files (" + e.getDescription() + "); write one such as *.tif or *.{tif,png}.", e);
		}
	}

	/** Whether a text is more than the path of one file. */
	static boolean isPattern(final String text) {
		return text.matches(".*[*?{\\[].*");
	}

	/** Whether folders below are looked into: those that a slash is for. */
	public boolean isDeep() {
		return pattern.indexOf('/') >= 0;
	}

	/** @param path from the folder on */
	public boolean matches(final String path) {
		final Path small = Path.of(path.toLowerCase(Locale.ROOT));
		return matchers.stream().anyMatch(matcher -> matcher.matches(small));
	}

	@Override
	public String toString() {
		return pattern;
	}
}
