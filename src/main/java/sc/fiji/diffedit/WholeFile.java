package sc.fiji.diffedit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** Files that are there whole or not at all: written beside under another name, on the disk, then renamed. */
public final class WholeFile {

	/** Before the name of a file that is being written; what a killed process leaves is removed by the next one. */
	public static final String PART = ".part-";

	private static final AtomicInteger WRITTEN = new AtomicInteger();

	private WholeFile() {}

	/** Writes a file of this path, which keeps the end of the name. */
	@FunctionalInterface
	public interface Writer {

		void write(Path part) throws IOException;
	}

	/** @throws DiffEditException if it cannot be written, as on a full disk; what was there before is untouched then */
	public static void write(final Path file, final Writer writer) {
		try {
			replace(file, writer);
		}
		catch (final IOException e) {
			throw new DiffEditException(file + " cannot be written (" + reason(e) + "); choose another place, or make room there.", e);
		}
	}

	/** Writes a text in UTF-8. */
	public static void write(final Path file, final String text) {
		write(file, part -> Files.writeString(part, text, StandardCharsets.UTF_8));
	}

	/** Like {@link #write(Path, Writer)}, for callers with a sentence of their own about what to do. Folders are made. */
	public static void replace(final Path file, final Writer writer) throws IOException {
		final Path whole = file.toAbsolutePath();
		Files.createDirectories(whole.getParent());
		replace(whole, whole.resolveSibling(PART + whole.getFileName()), writer);
	}

	/**
	 * For files that several processes may write at the same time: each writes one of its own, and the last one stays. A killed process leaves
	 * a file that begins with {@link #PART} in the folder for it.
	 *
	 * @param folder for the file that is being written, on the same disk
	 */
	public static void replaceShared(final Path file, final Path folder, final Writer writer) throws IOException {
		Files.createDirectories(folder);
		final String mine = PART + ProcessHandle.current().pid() + "-" + WRITTEN.incrementAndGet() + "-";
		replace(file.toAbsolutePath(), folder.resolve(mine + file.getFileName()), writer);
	}

	private static void replace(final Path whole, final Path part, final Writer writer) throws IOException {
		try {
			Files.deleteIfExists(part);                                    // not written through, if it is a link
			Files.delete(Files.createFile(part));                          // tells why it cannot be made; ImageJ does not
			writer.write(part);
			try (FileChannel written = FileChannel.open(part, StandardOpenOption.WRITE)) {
				written.force(true);
			}
			move(part, whole);
		}
		finally {
			Files.deleteIfExists(part);
		}
	}

	/** Puts a complete file or folder in the place of its final name, at once where the disk can. */
	public static void move(final Path part, final Path whole) throws IOException {
		try {
			Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
		}
		catch (final AtomicMoveNotSupportedException e) {
			Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
		}
	}

	/** Messages of Java's exceptions about files are often nothing but the path. */
	public static String reason(final IOException e) {
		if (e.getClass() == IOException.class) return String.valueOf(e.getMessage());
		return e.getClass().getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", " ").replace(" Exception", "").toLowerCase(Locale.ROOT) + ": " + e.getMessage();
	}
}
