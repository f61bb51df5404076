package sc.fiji.diffedit.fiji.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stack runs in less memory than it has. */
class StackMemoryTest {

	private static final String PLANES = "20", EDGE = "768";

	@TempDir
	private Path folder;

	/** 22 MB of pixels, the same for the result, and what Java and the plugin take themselves. */
	@Test
	void aStackIsEditedInAHeapThatIsAsLarge() throws Exception {
		final Path said = folder.resolve("said.txt");
		final Process java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
			"-Djava.awt.headless=true", "-Dscijava.log.level=error", "-Djava.io.tmpdir=" + folder, "-cp", System.getProperty("java.class.path"), StackMemory.class.getName(),
			folder.toString(), PLANES, EDGE).redirectErrorStream(true).redirectOutput(said.toFile()).start();
		assertTrue(java.waitFor(5, TimeUnit.MINUTES));
		assertEquals(0, java.exitValue(), () -> read(said));
		assertTrue(read(said).contains(PLANES + " planes of 768 x 768 pixels with 16 bits, 22 MB: edited in a heap of 3"), () -> read(said));
		try (var files = Files.list(folder)) {
			assertTrue(files.noneMatch(file -> file.getFileName().toString().endsWith(".part")), "temporary files are gone");
		}
	}

	private static String read(final Path file) {
		try {
			return Files.readString(file);
		}
		catch (final java.io.IOException e) {
			return e.toString();
		}
	}
}
