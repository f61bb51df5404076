package sc.fiji.diffedit.fiji.batch;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.PatternSyntaxException;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.WholeFile;

/** Files of a folder by patterns such as <code>*.{tif,png}</code>, in any case of letters, without hidden ones. */
final class ImageSearch {

	private ImageSearch() {}

	static boolean isPattern(final String text) {
		return text.matches(".*[*?{\\[].*");
	}

	/**
	 * The files, sorted by path.
	 *
	 * @param pattern of the path from the folder on; folders below are looked into if it has a slash
	 * @param without a folder that is left out
	 */
	static List<Path> find(final Path folder, final String pattern, final Path without) {
		if (!Files.isDirectory(folder)) throw new DiffEditException("There is no folder " + folder + "; give the folder of the images.");
		final Path root = folder.toAbsolutePath().normalize();
		final boolean deep = pattern.indexOf('/') >= 0;
		final List<Path> found = new ArrayList<>();
		try {
			final Visitor visitor = new Visitor(root, matchers(pattern), without.toAbsolutePath().normalize(), found);
			Files.walkFileTree(root, Set.of(FileVisitOption.FOLLOW_LINKS), deep ? Integer.MAX_VALUE : 1, visitor);
		}
		catch (final IOException e) {
			throw new DiffEditException("The folder " + folder + " cannot be listed (" + WholeFile.reason(e) + "); choose another.", e);
		}
		Collections.sort(found);
		return found;
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

	/** Collects files; what cannot be read is left out. */
	private static final class Visitor extends SimpleFileVisitor<Path> {

		private final Path root;
		private final List<PathMatcher> wanted;
		private final Path without;
		private final List<Path> found;

		Visitor(final Path root, final List<PathMatcher> wanted, final Path without, final List<Path> found) {
			this.root = root;
			this.wanted = wanted;
			this.without = without;
			this.found = found;
		}

		@Override
		public FileVisitResult preVisitDirectory(final Path folder, final BasicFileAttributes attributes) {
			return !folder.equals(root) && (isHidden(folder) || folder.equals(without)) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
		}

		@Override
		public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) {
			final Path small = Path.of(root.relativize(file).toString().toLowerCase(Locale.ROOT));
			if (attributes.isRegularFile() && !isHidden(file) && wanted.stream().anyMatch(pattern -> pattern.matches(small))) found.add(file);
			return FileVisitResult.CONTINUE;
		}

		@Override
		public FileVisitResult visitFileFailed(final Path file, final IOException e) {
			return FileVisitResult.CONTINUE;
		}

		private static boolean isHidden(final Path file) {
			return file.getFileName().toString().startsWith(".");
		}
	}
}
