package sc.fiji.diffedit.goldens;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import sc.fiji.diffedit.DiffEditException;

/** A folder with {@code models/NAME/} and {@code cases/NAME/case.json}. */
public final class GoldenTree {

	/** The tree that comes with the tests. */
	public static final Path SHIPPED = Path.of("src/test/resources/goldens");

	private final Path root;

	/** @throws DiffEditException if the folder has no {@code cases} */
	public GoldenTree(final Path root) {
		this.root = root;
		if (!Files.isDirectory(root.resolve("cases"))) {
			throw new DiffEditException("There are no cases in " + root + "; name a folder with 'cases' and 'models' in it.");
		}
	}

	/** The names of all cases, sorted. */
	public List<String> names() {
		try (Stream<Path> folders = Files.list(root.resolve("cases"))) {
			return folders.filter(f -> Files.isRegularFile(f.resolve("case.json"))).map(f -> f.getFileName().toString()).sorted().toList();
		}
		catch (final IOException e) {
			throw new DiffEditException(root + " cannot be read (" + e.getMessage() + ").", e);
		}
	}

	/** Opens a case; the caller closes it after its tensors. */
	public GoldenCase open(final String name) {
		return new GoldenCase(this, root.resolve("cases").resolve(name));
	}

	/** A folder or file below {@code models/}. */
	public Path model(final String relative) {
		return root.resolve("models").resolve(relative);
	}
}
