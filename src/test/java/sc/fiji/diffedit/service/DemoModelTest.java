package sc.fiji.diffedit.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded model becomes files: complete, once, and again when somebody has damaged them. */
class DemoModelTest {

	private static final Path SOURCE = Path.of("src/main/resources/sc/fiji/diffedit/demo");

	@TempDir
	Path cache;

	@Test
	void everyFileArrivesAndNothingElse() throws IOException {
		final Path folder = DemoModel.folderIn(cache.resolve("not/there/yet"));
		final Set<String> wanted = names(SOURCE.resolve("model"));
		assertEquals(wanted, names(folder));
		for (final String name : wanted) {
			assertEquals(-1, Files.mismatch(SOURCE.resolve("model").resolve(name), folder.resolve(name)), name);
		}
		assertEquals(List.of(folder.getFileName().toString()), entries(folder.getParent()));
	}

	@Test
	void theChecksumsNameEveryFileOfTheModel() throws IOException {
		final Set<String> named = Files.readAllLines(SOURCE.resolve("model.sha256"), StandardCharsets.UTF_8).stream()
			.map(line -> line.substring(66)).collect(Collectors.toCollection(TreeSet::new));
		assertEquals(names(SOURCE.resolve("model")), named);
	}

	@Test
	void aSecondCallChangesNothing() throws IOException {
		final Path weights = DemoModel.folderIn(cache).resolve("unet/diffusion_pytorch_model.safetensors");
		final Object before = Files.readAttributes(weights, "lastModifiedTime,fileKey").toString();
		DemoModel.folderIn(cache);
		assertEquals(before, Files.readAttributes(weights, "lastModifiedTime,fileKey").toString());
	}

	@Test
	void whatAKilledProcessHasLeftBehindGoes() throws IOException {
		final Path old = Files.createDirectories(cache.resolve(".unpacking-123/unet")).getParent(), fresh = Files.createDirectories(cache.resolve(".unpacking-456"));
		final Path other = Files.createDirectories(cache.resolve(".unpacking-mine"));
		for (final Path folder : List.of(old, other)) Files.setLastModifiedTime(folder, FileTime.fromMillis(0));
		DemoModel.folderIn(cache);
		assertFalse(Files.exists(old));
		assertTrue(Files.exists(fresh) && Files.exists(other), "another process may be at work in a fresh one");
	}

	@Test
	void aDamagedFileIsReplaced() throws IOException {
		final Path config = DemoModel.folderIn(cache).resolve("unet/config.json");
		Files.writeString(config, "{}");
		final Path again = DemoModel.folderIn(cache).resolve("unet/config.json");
		assertEquals(-1, Files.mismatch(SOURCE.resolve("model/unet/config.json"), again));
		assertEquals(1, entries(cache).size());
	}

	@Test
	void manyProcessesAtOnceFindOneGoodFolder() throws Exception {
		final List<Process> processes = Stream.generate(this::otherProcess).limit(3).toList();
		for (final Process process : processes) {
			final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertEquals(0, process.waitFor(), output);
		}
		assertEquals(1, entries(cache).size());
		assertTrue(Files.exists(DemoModel.folderIn(cache).resolve("model_index.json")));
	}

	private Process otherProcess() {
		try {
			return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), Unpack.class.getName(), cache.toString()).redirectErrorStream(true).start();
		}
		catch (final IOException e) {
			throw new IllegalStateException(e);
		}
	}

	private static final class Unpack {

		public static void main(final String[] arguments) {
			DemoModel.folderIn(Path.of(arguments[0]));
		}
	}

	private static Set<String> names(final Path folder) throws IOException {
		try (Stream<Path> files = Files.walk(folder)) {
			return files.filter(Files::isRegularFile).map(f -> folder.relativize(f).toString().replace('\\', '/'))
				.collect(Collectors.toCollection(TreeSet::new));
		}
	}

	private static List<String> entries(final Path folder) throws IOException {
		try (Stream<Path> files = Files.list(folder)) {
			return files.map(f -> f.getFileName().toString()).toList();
		}
	}
}
