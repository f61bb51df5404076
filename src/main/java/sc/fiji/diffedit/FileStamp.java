package sc.fiji.diffedit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * What tells cheaply that a file is no longer the one it was: size, time of the last change and, where the system has such,
 * the number of the file itself, which another file under the same name does not have.
 *
 * @param key empty where the system has none (Windows)
 */
public record FileStamp(long size, FileTime time, String key) {

	/** The file as it is now. */
	public static FileStamp of(final Path file) throws IOException {
		final BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
		return new FileStamp(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey() == null ? "" : attributes.fileKey().toString());
	}

	/** Whether the very file of this stamp has been written into or cut since; not if it is gone or another one has its name. */
	public boolean isWritten(final Path file) {
		try {
			final FileStamp now = of(file);
			return now.key.equals(key) && !now.equals(this);
		}
		catch (final IOException e) {
			return false;
		}
	}

	/** Whether a file is still what it was; not if it is gone. */
	public boolean isOf(final Path file) {
		try {
			return of(file).equals(this);
		}
		catch (final IOException e) {
			return false;
		}
	}
}
