package sc.fiji.diffedit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that others name. A pipe or a device under such a name would let a reader wait for ever, or read without end. */
public final class RegularFile {

	private RegularFile() {}

	/**
	 * Opens a file to be read.
	 *
	 * @throws IOException if it is not there, cannot be read, or is something else than a file
	 */
	public static InputStream open(final Path file) throws IOException {
		return Files.newInputStream(require(file));
	}

	/**
	 * Lets a file pass that is one, or is missing, which is told when it is opened.
	 *
	 * @throws IOException if it is something else
	 */
	public static Path require(final Path file) throws IOException {
		if (Files.exists(file) && !Files.isRegularFile(file)) throw new FileSystemException(file.toString(), null, "a folder, pipe or device, and no file");
		return file;
	}
}
