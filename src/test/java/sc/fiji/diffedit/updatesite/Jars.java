package sc.fiji.diffedit.updatesite;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The project's jars by their Maven coordinates, found on a class path. */
final class Jars {

	private final List<Path> classPath;

	Jars(final String classPath) {
		this.classPath = Arrays.stream(classPath.split(File.pathSeparator)).map(Path::of).toList();
	}

	/** @param coordinates {@code group:artifact}, or {@code group:artifact:version} for exactly that version */
	Path of(final String coordinates) throws IOException {
		final String[] words = coordinates.split(":");
		final Path folder = Path.of(words[0].replace('.', '/'), words[1]);
		for (final Path jar : classPath) {
			final Path version = jar.getParent();
			if (version == null || version.getParent() == null || !version.getParent().endsWith(folder)) continue;
			if (words.length > 2 && !version.endsWith(words[2])) throw new IOException("The build uses " + jar + " instead of " + coordinates);
			return jar;
		}
		throw new IOException("The build does not use " + coordinates);
	}

	String versionOf(final String coordinates) throws IOException {
		return of(coordinates).getParent().getFileName().toString();
	}

	List<Path> all() {
		return classPath;
	}
}
