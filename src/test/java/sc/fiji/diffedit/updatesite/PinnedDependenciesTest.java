package sc.fiji.diffedit.updatesite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Maven has fetched is what {@code .mvn/checksums/checksums.sha256} pins. Maven 3.9 and newer compare by themselves, before they use a
 * file; this test does so for older ones, and wants a line for every library. {@code scripts/pin-dependencies} writes the list.
 */
class PinnedDependenciesTest {

	private static final Path LIST = Path.of(".mvn/checksums/checksums.sha256");

	@TempDir
	private Path folder;

	/** Path inside a Maven repository, and SHA-256. */
	private static Map<String, String> pinned() throws Exception {
		final Map<String, String> pinned = new HashMap<>();
		for (final String line : Files.readAllLines(LIST)) pinned.put(line.substring(line.indexOf(' ')).strip(), line.substring(0, line.indexOf(' ')));
		return pinned;
	}

	/** Files of the list that lie in a repository with other content. */
	private static List<String> changed(final Path repository, final Map<String, String> pinned) throws Exception {
		final List<String> changed = new ArrayList<>();
		for (final Map.Entry<String, String> one : pinned.entrySet()) {
			final Path file = repository.resolve(one.getKey());
			if (Files.exists(file) && !MakeRelease.sha256(file).equals(one.getValue())) changed.add(file.toString());
		}
		return changed;
	}

	@Test
	@Tag("long")
	void everythingInTheLocalRepositoryIsWhatIsPinned() throws Exception {
		final Path library = new Jars(System.getProperty("java.class.path")).of("org.scijava:scijava-common");
		Path repository = library;
		for (int i = 0; i < "org/scijava/scijava-common/VERSION/JAR".split("/").length; i++) repository = repository.getParent();
		assertEquals(List.of(), changed(repository, pinned()));
	}

	/** The class path of this test; the list has PyTorch's library for all four systems. */
	@Test
	void everyLibraryIsWhatIsPinned() throws Exception {
		final Map<String, String> pinned = pinned();
		final List<String> wrong = new ArrayList<>();
		for (final Path jar : new Jars(System.getProperty("java.class.path")).all()) {
			final String path = jar.toString().replace('\\', '/');
			if (!path.endsWith(".jar") || !path.contains("/repository/")) continue;
			final Optional<String> line = pinned.keySet().stream().filter(path::endsWith).findFirst();
			if (line.isEmpty() || !MakeRelease.sha256(jar).equals(pinned.get(line.get()))) wrong.add(path);
		}
		assertEquals(List.of(), wrong, "not in .mvn/checksums or different: run scripts/pin-dependencies after a change of dependencies");
	}

	@Test
	void aFileWithOtherContentIsFound() throws Exception {
		final Path file = Files.writeString(folder.resolve("one.jar"), "1");
		final String hash = MakeRelease.sha256(file);
		assertEquals(List.of(), changed(folder, Map.of("one.jar", hash, "absent.jar", hash)));
		Files.writeString(file, "2");
		assertEquals(List.of(file.toString()), changed(folder, Map.of("one.jar", hash)));
	}
}
