package sc.fiji.diffedit.fiji.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import sc.fiji.diffedit.CancelledException;

/** Bytes to files, with an eye on the announced size and on the stop button. */
final class Unpacking {

	private static final int BUFFER = 1 << 16;

	private Unpacking() {}

	/** @param most bytes that may come at most */
	static void copy(final InputStream in, final Path file, final long most, final Download.Watch watch) throws IOException {
		long written = 0;
		try (OutputStream out = Files.newOutputStream(file)) {
			final byte[] buffer = new byte[BUFFER];
			for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
				written += read;
				if (written > most) throw new IOException(file.getFileName() + " is larger than announced");
				if (watch.stopped()) throw new CancelledException();
				out.write(buffer, 0, read);
			}
		}
	}

	/** Deletes a folder and what is in it; links are deleted, not followed. */
	static void delete(final Path folder) throws IOException {
		if (!Files.exists(folder)) return;
		final List<Path> all;
		try (Stream<Path> walk = Files.walk(folder)) {
			all = walk.sorted(Comparator.reverseOrder()).toList();
		}
		for (final Path path : all) Files.delete(path);
	}

	static long size(final Path folder) throws IOException {
		try (Stream<Path> walk = Files.walk(folder)) {
			return walk.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
		}
	}
}
