package sc.fiji.diffedit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * A cheap check whether a file has changed: size, time of the last change and, where the system has such,
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

	/** Whether this file has been overwritten in place or truncated since; false if it was deleted or replaced. */
	public boolean isWritten(final Path file) {
		try {
			final FileStamp now = of(file);
			return now.key.equals(key) && !now.equals(this);
		}
		catch (final IOException e) {
			return false;
		}
	}

	/** Whether a file is unchanged; false if it is missing. */
	public boolean isOf(final Path file) {
		try {
			return of(file).equals(this);
		}
		catch (final IOException e) {
			return false;
		}
	}
}
