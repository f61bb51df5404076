package sc.fiji.diffedit.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.UUID;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.WholeFile;
import sc.fiji.diffedit.fiji.batch.Storage;

/**
 * Files on any file system that Hadoop knows, by texts such as {@code hdfs://host/data/cells.tif}; without a scheme they lie on the
 * cluster's default one. On disks of a machine, no files with checksums are written beside.
 */
public final class HadoopFiles {

	private static final long DAY_MILLIS = 24L * 60 * 60 * 1000;

	private final Configuration configuration;

	public HadoopFiles(final Configuration configuration) {
		this.configuration = configuration;
	}

	/** @throws DiffEditException if the text cannot be a path, or its file system is unknown or cannot be reached */
	public Path path(final String text) {
		try {
			return qualified(new Path(text));
		}
		catch (final IllegalArgumentException e) {
			throw new DiffEditException("\"" + text + "\" cannot be a path (" + e.getMessage() + "); write one such as hdfs://host/folder/cells.tif.", e);
		}
	}

	/** A path from a folder on, or from a root. */
	Path path(final Path folder, final String text) {
		try {
			return qualified(new Path(folder, text));
		}
		catch (final IllegalArgumentException e) {
			throw new DiffEditException("\"" + text + "\" cannot be a path in " + folder + " (" + e.getMessage() + "); choose another name.", e);
		}
	}

	private Path qualified(final Path path) {
		try {
			return path.getFileSystem(configuration).makeQualified(path);
		}
		catch (final IOException e) {
			throw new DiffEditException("The file system of " + path + " cannot be used (" + WholeFile.reason(e) + "); choose another place, or configure it.", e);
		}
	}

	/** The file system of a path. */
	FileSystem system(final Path path) throws IOException {
		final FileSystem system = path.getFileSystem(configuration);
		return system instanceof LocalFileSystem local ? local.getRawFileSystem() : system;
	}

	/** The first bytes of a file. */
	byte[] read(final Path file, final int most) throws IOException {
		try (InputStream in = open(file)) {
			return in.readNBytes(most);
		}
	}

	/** Opens a file; as {@link FileSystem#open}. */
	public InputStream open(final Path file) throws IOException {
		return system(file).open(file);
	}

	/** Copies a file to this machine. */
	void fetch(final Path file, final java.nio.file.Path to) throws IOException {
		try (InputStream in = open(file)) {
			Files.copy(in, to);
		}
	}

	/** Writes bytes. */
	@FunctionalInterface
	public interface Writer {

		void write(OutputStream out) throws IOException;
	}

	/**
	 * Writes a file that is there whole or not at all: under another name first, then renamed.
	 *
	 * @param parts the folder where it is written first, on the same file system
	 * @throws DiffEditException if it cannot be written
	 */
	public void write(final Path file, final Path parts, final Writer writer) {
		final Path part = new Path(parts, UUID.randomUUID().toString());
		try {
			final FileSystem system = system(file);
			try (OutputStream out = system.create(part)) {
				writer.write(out);
			}
			system.mkdirs(file.getParent());
			move(system, part, file);
		}
		catch (final IOException e) {
			throw new DiffEditException(file + " cannot be written (" + WholeFile.reason(e) + "); choose another place, or make room there.", e);
		}
	}

	private void move(final FileSystem system, final Path part, final Path file) throws IOException {
		if (system.exists(file) && system.getFileStatus(file).isDirectory()) throw new IOException("there is a folder of this name");
		if (!isRenamed(system, part, file)) replace(system, part, file);
	}

	/** What a rename does where there is a file of that name differs: disks replace it, others refuse in one of two ways. */
	private static boolean isRenamed(final FileSystem system, final Path part, final Path file) throws IOException {
		try {
			return system.rename(part, file);
		}
		catch (final FileAlreadyExistsException e) {
			return false;
		}
	}

	/** In one step where the file system can; HDFS can. */
	private void replace(final FileSystem system, final Path part, final Path file) throws IOException {
		try {
			FileContext.getFileContext(file.toUri(), configuration).rename(part, file, Options.Rename.OVERWRITE);
		}
		catch (final UnsupportedFileSystemException e) {
			system.delete(file, false);
			if (!system.rename(part, file)) throw new IOException("the file system does not rename " + part, e);
		}
	}

	/** The folder where an application's files of an output folder are written first. */
	static Path parts(final Path output, final String application) {
		return new Path(new Path(new Path(output, Storage.RECORDS), "parts"), application);
	}

	/** Deletes what killed processes of an application have left, and what others have left more than a day ago. */
	public void clean(final Path output, final String application) throws IOException {
		final Path parts = parts(output, application);
		final FileSystem system = system(output);
		system.delete(parts, true);
		final Path all = parts.getParent();
		if (!system.exists(all)) return;
		for (final var other : system.listStatus(all)) {
			if (other.getModificationTime() < System.currentTimeMillis() - DAY_MILLIS) system.delete(other.getPath(), true);
		}
		if (system.listStatus(all).length == 0) system.delete(all, false);
	}
}
