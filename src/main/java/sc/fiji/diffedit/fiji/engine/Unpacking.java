package sc.fiji.diffedit.fiji.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.apache.commons.io.file.PathUtils;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.hub.DownloadProgress;

/** Writes streams to files, with a size limit and cancellable progress. */
final class Unpacking {

	private static final int BUFFER = 1 << 16;

	private Unpacking() {}

	/** @param most maximum number of bytes */
	static void copy(final InputStream in, final Path file, final long most, final DownloadProgress progress) throws IOException {
		long written = 0;
		try (OutputStream out = Files.newOutputStream(file)) {
			final byte[] buffer = new byte[BUFFER];
			for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
				written += read;
				if (written > most) throw new DiffEditException(file.getFileName() + " is larger than announced; choose another source.");
				out.write(buffer, 0, read);
				progress.at(file.getFileName().toString(), written, most);
			}
		}
	}

	/** Deletes a folder and what is in it; links are deleted, not followed. */
	static void delete(final Path folder) throws IOException {
		if (Files.exists(folder)) PathUtils.deleteDirectory(folder);
	}

	static long size(final Path folder) throws IOException {
		try (Stream<Path> walk = Files.walk(folder)) {
			return walk.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
		}
	}
}
