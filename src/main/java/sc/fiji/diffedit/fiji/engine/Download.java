package sc.fiji.diffedit.fiji.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.DiffEditException;

/**
 * One file from a server, or from a {@code file:} address, to disk. It is written beside its place under the name
 * {@code *.part} and moved when it is whole, so an interrupted download goes on where it stopped; the server's tag of the
 * file is kept beside it, and another file on the server starts from the beginning.
 */
final class Download {

	private static final int BUFFER = 1 << 16;
	private static final int TIMEOUT_MS = 30_000;
	private static final int PARTIAL = 206;
	private static final int BEYOND_END = 416;
	private static final int CHECKSUM_BYTES = 1024;

	private final URI from;
	private final Watch watch;

	/** What a download tells and asks while it runs. */
	interface Watch {

		/** @param total bytes of the whole file, -1 if the server does not say */
		void at(String file, long bytes, long total);

		/** Whether the user wants to stop. */
		boolean stopped();
	}

	Download(final URI from, final Watch watch) {
		this.from = from;
		this.watch = watch;
	}

	/** Bytes of the file, -1 if the server does not say. */
	static long size(final URI from) {
		try {
			final URLConnection connection = open(from);
			if (connection instanceof HttpURLConnection http) {
				http.setRequestMethod("HEAD");
				if (http.getResponseCode() != HttpURLConnection.HTTP_OK) return -1;
			}
			return connection.getContentLengthLong();
		}
		catch (final IOException e) {
			return -1;
		}
	}

	/**
	 * Fetches the file, or what is missing of it.
	 *
	 * @throws DiffEditException if it cannot be had whole, or its checksum is not the one that lies beside it
	 */
	void to(final Path file) {
		final Path part = file.resolveSibling(file.getFileName() + ".part");
		try {
			fetch(part);
			check(part);
			Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
			Files.deleteIfExists(tag(part));
		}
		catch (final IOException e) {
			throw new DiffEditException(from + " could not be fetched (" + e + "); try again: it goes on where it stopped.", e);
		}
	}

	private void fetch(final Path part) throws IOException {
		final long have = Files.exists(part) && Files.exists(tag(part)) ? Files.size(part) : 0;
		final URLConnection connection = open(from);
		if (have > 0) {
			connection.setRequestProperty("Range", "bytes=" + have + "-");
			connection.setRequestProperty("If-Range", Files.readString(tag(part)));
		}
		final int status = connection instanceof HttpURLConnection http ? http.getResponseCode() : HttpURLConnection.HTTP_OK;
		if (status == BEYOND_END && have > 0) startAgain(part);
		else if (status == PARTIAL && have > 0) receive(connection, part, have);
		else if (status == HttpURLConnection.HTTP_OK) receive(connection, part, 0);
		else throw new IOException("the server answered " + status);
	}

	private void startAgain(final Path part) throws IOException {
		Files.delete(part);
		fetch(part);
	}

	private void receive(final URLConnection connection, final Path part, final long have) throws IOException {
		final long length = connection.getContentLengthLong();
		final long total = length < 0 ? -1 : have + length;
		keepTag(connection, part);
		long at = have;
		try (InputStream in = connection.getInputStream(); OutputStream out = have > 0
			? Files.newOutputStream(part, StandardOpenOption.APPEND) : Files.newOutputStream(part)) {
			final byte[] buffer = new byte[BUFFER];
			for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
				out.write(buffer, 0, read);
				at += read;
				watch.at(name(), at, total);
				if (watch.stopped()) throw new CancelledException();
			}
		}
		if (total >= 0 && at != total) throw new IOException("it ended after " + at + " of " + total + " bytes");
	}

	private static void keepTag(final URLConnection connection, final Path part) throws IOException {
		final String tag = connection.getHeaderField("ETag");
		final String marker = tag == null || tag.startsWith("W/") ? connection.getHeaderField("Last-Modified") : tag;
		if (marker == null) Files.deleteIfExists(tag(part));
		else Files.writeString(tag(part), marker);
	}

	private static Path tag(final Path part) {
		return part.resolveSibling(part.getFileName() + ".tag");
	}

	/** Compares with the checksum file that Maven repositories and many servers keep beside each file. */
	private void check(final Path part) throws IOException {
		for (final String[] kind : new String[][] { { ".sha256", "SHA-256" }, { ".sha1", "SHA-1" } }) {
			final String expected = sidecar(kind[0]);
			if (expected.isEmpty()) continue;
			final String found = digest(part, kind[1]);
			if (found.equals(expected)) return;
			Files.delete(part);
			throw new DiffEditException(from + " arrived with " + kind[1] + " " + found + " instead of " + expected + "; it was thrown away, try again.");
		}
	}

	/** Empty if there is none, or if it is no checksum. */
	private String sidecar(final String ending) {
		try (InputStream in = open(URI.create(from + ending)).getInputStream()) {
			final String text = new String(in.readNBytes(CHECKSUM_BYTES), StandardCharsets.US_ASCII).trim().split("\\s+")[0];
			return text.matches("[0-9a-fA-F]{40}|[0-9a-fA-F]{64}") ? text.toLowerCase(Locale.ROOT) : "";
		}
		catch (final IOException e) {
			return "";
		}
	}

	/** The digest of a file, in lower-case hexadecimal. */
	static String digest(final Path file, final String algorithm) throws IOException {
		try (InputStream in = Files.newInputStream(file)) {
			final MessageDigest digest = MessageDigest.getInstance(algorithm);
			final byte[] buffer = new byte[BUFFER];
			for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) digest.update(buffer, 0, read);
			return HexFormat.of().formatHex(digest.digest());
		}
		catch (final NoSuchAlgorithmException e) {
			throw new IllegalStateException("Every Java has " + algorithm, e);
		}
	}

	/** The whole text of a small file. */
	static String text(final URI from, final int limit) {
		try (InputStream in = open(from).getInputStream()) {
			return new String(in.readNBytes(limit), StandardCharsets.UTF_8);
		}
		catch (final IOException e) {
			throw new DiffEditException(from + " could not be read (" + e + "); check the address, or import the library from a file.", e);
		}
	}

	private String name() {
		final String path = from.getPath();
		return path.substring(path.lastIndexOf('/') + 1);
	}

	private static URLConnection open(final URI from) throws IOException {
		final URLConnection connection = from.toURL().openConnection();
		connection.setConnectTimeout(TIMEOUT_MS);
		connection.setReadTimeout(TIMEOUT_MS);
		connection.setRequestProperty("Accept-Encoding", "identity");
		return connection;
	}
}
