package sc.fiji.diffedit.fiji.commands;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.FileLists;
import sc.fiji.diffedit.hub.ModelPlaces;

/**
 * A field of a form that names a file, or a text file that lists several.
 *
 * @param what what the files are, for messages: {@code LoRA}
 * @param known files that may be given by name alone
 */
record AdapterFiles(String what, Supplier<List<Path>> known) {

	/** The file of a form's field: a path, or the name of one that {@link #known} lists. */
	Path named(final String file) {
		return find(Path.of(""), file).orElseThrow(() -> missing(file));
	}

	/** The file of a list's line: a path, from the list's folder on, or a name as in {@link #named}. */
	Path listed(final Path list, final String file) {
		return find(list.toAbsolutePath().getParent(), file).orElseThrow(() -> missing(file));
	}

	Optional<Path> find(final Path folder, final String file) {
		try {
			final Path path = folder.resolve(file);
			if (!file.isBlank() && Files.isRegularFile(path)) return Optional.of(path);
		}
		catch (final InvalidPathException e) {
			throw new DiffEditException("\"" + file + "\" is not the path of a file; give the path of a " + what + ".", e);
		}
		return ModelPlaces.named(known.get(), file);
	}

	private DiffEditException missing(final String file) {
		return new DiffEditException("There is no " + what + " file " + file + "; give the path of a file, or its name in one of the folders of Model Folders....");
	}

	/** The lines of a list. */
	List<String> lines(final Path list) {
		return FileLists.lines(list, what);
	}

	DiffEditException twice(final Path list, final Path file) {
		return new DiffEditException(list + " names " + file + " twice; keep one of the lines.");
	}
}
