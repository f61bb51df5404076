package sc.fiji.diffedit.fiji.batch;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.WholeFile;
import sc.fiji.diffedit.config.UserPath;

/** A folder of this machine. */
final class LocalImageFolder implements ImageFolder {

	private final Path folder;
	private final Path root;

	LocalImageFolder(final Path folder) {
		this.folder = folder;
		root = absolute(folder);
	}

	private static Path absolute(final Path path) {
		return path.toAbsolutePath().normalize();
	}

	@Override
	public boolean isAt(final String path) {
		return absolute(UserPath.of(path)).equals(root);
	}

	@Override
	public List<String> find(final ImagePattern pattern, final String output) {
		if (!Files.isDirectory(folder)) throw new DiffEditException("There is no folder " + folder + "; give the folder of the images.");
		final List<Path> found = new ArrayList<>();
		try {
			final Visitor visitor = new Visitor(root, pattern, absolute(UserPath.of(output)), found);
			Files.walkFileTree(root, Set.of(FileVisitOption.FOLLOW_LINKS), pattern.isDeep() ? Integer.MAX_VALUE : 1, visitor);
		}
		catch (final IOException e) {
			throw new DiffEditException("The folder " + folder + " cannot be listed (" + WholeFile.reason(e) + "); choose another.", e);
		}
		Collections.sort(found);
		return found.stream().map(Path::toString).toList();
	}

	@Override
	public String resolve(final String path) {
		return absolute(folder.resolve(UserPath.of(path))).toString();
	}

	@Override
	public String name(final String image) {
		return Path.of(image).getFileName().toString();
	}

	@Override
	public String below(final String image) {
		final Path parent = Path.of(image).getParent();
		if (parent == null || !parent.startsWith(root) || parent.equals(root)) return "";
		final List<String> parts = new ArrayList<>();
		root.relativize(parent).forEach(part -> parts.add(part.toString()));
		return String.join("/", parts);
	}

	@Override
	public String toString() {
		return folder.toString();
	}

	/** Collects files; what cannot be read is left out. */
	private static final class Visitor extends SimpleFileVisitor<Path> {

		private final Path root;
		private final ImagePattern wanted;
		private final Path without;
		private final List<Path> found;

		Visitor(final Path root, final ImagePattern wanted, final Path without, final List<Path> found) {
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
			if (attributes.isRegularFile() && !isHidden(file) && wanted.matches(root.relativize(file).toString())) found.add(file);
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
