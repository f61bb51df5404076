package sc.fiji.diffedit.spark;

import java.io.IOException;
import java.net.URI;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * A file system {@code plain:} as Hadoop knows many: the disk under another name, which renames nothing onto a file, and of which
 * Hadoop's newer interface knows nothing.
 */
public final class PlainFileSystem extends RawLocalFileSystem {

	private static final URI NAME = URI.create("plain:///");

	/** Makes the scheme known. */
	static Configuration configured() {
		final Configuration configuration = new Configuration();
		configuration.set("fs.plain.impl", PlainFileSystem.class.getName());
		return configuration;
	}

	@Override
	public URI getUri() {
		return NAME;
	}

	@Override
	public String getScheme() {
		return NAME.getScheme();
	}

	/** Without the owner, whom the superclass asks the disk for by the scheme {@code file:}. */
	@Override
	public FileStatus getFileStatus(final Path file) throws IOException {
		final FileStatus found = super.getFileStatus(file);
		return new FileStatus(found.getLen(), found.isDirectory(), 1, found.getBlockSize(), found.getModificationTime(), found.getPath());
	}

	@Override
	public boolean rename(final Path from, final Path to) throws IOException {
		return !exists(to) && super.rename(from, to);
	}
}
