package sc.fiji.diffedit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.apache.commons.io.FileUtils;

import sc.fiji.diffedit.Hostile.Work;

/**
 * What all fuzz tests share: a folder for what they write, and {@link Hostile#survives the promise} that each input is held to. In
 * {@code mvn verify} a fuzz test reads its seeds and everything that once failed, which lie in the resources; {@code scripts/verify-long
 * --trust fuzz} lets Jazzer change them for minutes, guided by the lines of code that each input reaches.
 */
public final class Fuzzed {

	/** Linux's folder in memory, where there is one: disks write a file through that is cut and written again. */
	private static final Path IN_MEMORY = Path.of("/dev/shm");
	private static final Path FOLDER = folder();

	private Fuzzed() {}

	private static Path folder() {
		try {
			final Path folder = Files.isWritable(IN_MEMORY) ? Files.createTempDirectory(IN_MEMORY, "fuzzed") : Files.createTempDirectory("fuzzed");
			Runtime.getRuntime().addShutdownHook(new Thread(() -> FileUtils.deleteQuietly(folder.toFile())));
			return folder;
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	/** The input as a file of this name; the name may lead through folders. */
	public static Path file(final String name, final byte[] content) {
		try {
			final Path file = FOLDER.resolve(name);
			if (!Files.isDirectory(file.getParent())) Files.createDirectories(file.getParent());
			return Files.write(file, content);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	/** Reads an input, which must end well or with one sentence. */
	public static void read(final Work work) {
		Hostile.survives("this input", work);
	}
}
