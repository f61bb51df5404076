package sc.fiji.diffedit.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.WholeFile;

/**
 * One file from a server, or from a {@code file:} address, to disk. It is written to a partial file in the same folder and renamed
 * when complete, so an interrupted download can be resumed. If the hash is known in advance, a partial file is resumed and verified
 * at the end; otherwise the server's entity tag is stored beside it, and a changed file on the server is downloaded from the
 * beginning.
 */
public final class Download {

	private static final int BUFFER = 1 << 16;
	private static final int CHECKSUM_BYTES = 1024;
	private static final Set<OpenOption> OPTIONS = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

	private final Http http;
	private final URI from;
	private final String name;
	private final Optional<Expected> expected;
	private final DownloadProgress progress;

	Download(final Http http, final URI from, final String name, final Optional<Expected> expected, final DownloadProgress progress) {
		this.http = http;
		this.from = from;
		this.name = name;
		this.expected = expected;
		this.progress = progress;
	}

	/**
	 * Downloads a file of which only the address is known; it is verified if the server has a checksum file beside it
	 * ({@code .sha256}, {@code .sha1}).
	 */
	public static Download of(final URI from, final DownloadProgress progress) {
		final String path = from.getPath();
		return new Download(Http.STANDARD, from, path.substring(path.lastIndexOf('/') + 1), Optional.empty(), progress);
	}

	/** Size in bytes of the file at an address, -1 if the server does not send it. */
	public static long size(final URI from) {
		return Http.STANDARD.size(from);
	}

	/**
	 * Downloads the text of a small file.
	 *
	 * @param limit maximum number of bytes read
	 * @throws DiffEditException if it cannot be downloaded
	 */
	public static String text(final URI from, final int limit) {
		try {
			return Http.STANDARD.text(from, limit);
		}
		catch (final IOException e) {
			throw new DiffEditException(from + " could not be read (" + e.getMessage() + "); check the address, or import the library from a file.", e);
		}
	}

	/**
	 * Downloads the file, or its missing part.
	 *
	 * @throws DiffEditException if it cannot be downloaded completely, or has another size or hash than expected
	 */
	public void to(final Path file) {
		to(file.resolveSibling(file.getFileName() + ".part"), file);
	}

	/** @param part the partial file, until the download is complete */
	void to(final Path part, final Path file) {
		try {
			forgetLinks(part);
			if (!isComplete(part)) fetch(part);
			check(part);
			Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
			Files.deleteIfExists(tag(part));
		}
		catch (final IOException e) {
			throw new DiffEditException(from + " could not be fetched (" + reason(e) + "); what has arrived is kept; try again to resume the download" + (isFull(part) ? ", after making room: the disk of " + part.toAbsolutePath().getParent() + " is full." : "."), e);
		}
	}

	/** Of errors with files Java often tells nothing but the path. */
	private static String reason(final IOException e) {
		return e instanceof FileSystemException ? WholeFile.reason(e) : e.getMessage();
	}

	private static boolean isFull(final Path part) {
		try {
			return Files.getFileStore(part.toAbsolutePath().getParent()).getUsableSpace() < BUFFER;
		}
		catch (final IOException e) {
			return false;
		}
	}

	/** A link in place of the partial file or its tag would cause another file to be overwritten. */
	private static void forgetLinks(final Path part) throws IOException {
		for (final Path file : new Path[] { part, tag(part) }) if (Files.isSymbolicLink(file)) Files.delete(file);
	}

	private boolean isComplete(final Path part) throws IOException {
		return expected.isPresent() && expected.get().size() > 0 && Files.isRegularFile(part) && Files.size(part) == expected.get().size();
	}

	private void fetch(final Path part) throws IOException {
		final long have = usable(part);
		try (Http.Answer response = http.get(from, resuming(part, have), () -> progress.at(name, have, size()))) {
			final int status = response.status();
			if (status == Http.OK) receive(response, part, 0);
			else if (status == Http.PARTIAL && have > 0 && goesOn(response, part, have)) receive(response, part, have);
			else if ((status == Http.BEYOND_END || status == Http.PARTIAL) && have > 0) startAgain(part);
			else throw new IOException("the server answers with status " + status);
		}
	}

	/** Bytes of an earlier download from which it can be resumed. */
	private long usable(final Path part) throws IOException {
		if (!Files.isRegularFile(part) || expected.isEmpty() && !Files.exists(tag(part))) return 0;
		final long have = Files.size(part);
		return expected.isPresent() && have > size() && size() >= 0 ? 0 : have;
	}

	private long size() {
		return expected.map(Expected::size).orElse(-1L);
	}

	private Map<String, String> resuming(final Path part, final long have) throws IOException {
		final Map<String, String> headers = new LinkedHashMap<>();
		if (have == 0) return headers;
		headers.put("Range", "bytes=" + have + "-");
		if (expected.isEmpty()) headers.put("If-Range", Files.readString(tag(part)));
		return headers;
	}

	/** Whether a partial response has the requested range, of the same file. */
	private boolean goesOn(final Http.Answer response, final Path part, final long have) throws IOException {
		final Optional<String> range = response.header("Content-Range");
		if (range.isPresent() && !range.get().startsWith("bytes " + have + "-")) return false;
		return expected.isPresent() || marker(response).isEmpty() || marker(response).get().equals(Files.readString(tag(part)));
	}

	private void startAgain(final Path part) throws IOException {
		Files.delete(part);
		fetch(part);
	}

	private void receive(final Http.Answer response, final Path part, final long have) throws IOException {
		final long total = total(response, have), most = total >= 0 ? total : http.mostUnannounced();
		long at = have;
		try (FileChannel channel = FileChannel.open(part, OPTIONS); OutputStream out = alone(channel, have)) {
			keepTag(response, part);
			final InputStream in = response.body();
			final byte[] buffer = new byte[BUFFER];
			for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
				at += read;
				if (at > most) throw new DiffEditException(name + (total >= 0 ? " is longer than the server said" : " goes on after " + most + " bytes") + "; it is not stored.");
				out.write(buffer, 0, read);
				progress.at(name, at, total);
			}
		}
		if (total >= 0 && at != total) throw new IOException("it ended after " + at + " of " + total + " bytes");
	}

	/** Two processes would mix their bytes; the lock ends with the channel. */
	private OutputStream alone(final FileChannel channel, final long have) throws IOException {
		if (!isLocked(channel)) throw new DiffEditException(name + " is being downloaded already, here or by another program; wait for it, then try again.");
		if (channel.size() < have) throw new DiffEditException("What had arrived of " + name + " was taken by another program that downloads it too; try again.");
		return Channels.newOutputStream(channel.truncate(have).position(have));
	}

	/** On a disk that has no locks everybody may write. */
	private static boolean isLocked(final FileChannel channel) {
		try {
			return channel.tryLock() != null;
		}
		catch (final OverlappingFileLockException e) {
			return false;
		}
		catch (final IOException e) {
			return true;
		}
	}

	/** Size of the whole file in bytes, -1 if unknown. */
	private long total(final Http.Answer response, final long have) throws IOException {
		if (size() >= 0) return size();
		if (response.length() > Long.MAX_VALUE - have) throw new IOException("the server announces more bytes than there can be");
		return response.length() < 0 ? -1 : have + response.length();
	}

	private void keepTag(final Http.Answer response, final Path part) throws IOException {
		final Optional<String> marker = marker(response);
		if (expected.isPresent() || marker.isEmpty()) Files.deleteIfExists(tag(part));
		else Files.writeString(tag(part), marker.get());
	}

	/** The server's identifier of a version of the file: a strong entity tag, or else the time of its last modification. */
	private static Optional<String> marker(final Http.Answer response) {
		return response.header("ETag").filter(tag -> !tag.startsWith("W/")).or(() -> response.header("Last-Modified"));
	}

	private static Path tag(final Path part) {
		return part.resolveSibling(part.getFileName() + ".tag");
	}

	private void check(final Path part) throws IOException {
		final Optional<Expected> wanted = expected.or(this::besides);
		if (wanted.isEmpty()) return;
		final String found = wanted.get().found(part);
		if (found.equals(wanted.get().hash())) return;
		Files.delete(part);
		throw new DiffEditException(name + " has another checksum than expected (" + wanted.get().algorithm() + " " + found + " instead of "
			+ wanted.get().hash() + "); it was removed. Try again, or choose another source.");
	}

	/** The checksum file that Maven repositories and many servers provide beside each file. */
	private Optional<Expected> besides() {
		return sidecar(".sha256").or(() -> sidecar(".sha1")).map(hash -> new Expected(-1, hash, false));
	}

	/** Empty if there is none, or if it does not contain a checksum. */
	private Optional<String> sidecar(final String ending) {
		try {
			final String text = http.text(URI.create(from + ending), CHECKSUM_BYTES).trim().split("\\s+")[0];
			return Optional.of(text.toLowerCase(Locale.ROOT)).filter(hash -> hash.matches("[0-9a-f]{40}|[0-9a-f]{64}"));
		}
		catch (final IOException e) {
			return Optional.empty();
		}
	}
}
