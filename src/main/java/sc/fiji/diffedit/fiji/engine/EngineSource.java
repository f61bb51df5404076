package sc.fiji.diffedit.fiji.engine;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.RegularFile;
import sc.fiji.diffedit.config.UserPath;
import sc.fiji.diffedit.engine.EngineBuild;
import sc.fiji.diffedit.hub.Download;
import sc.fiji.diffedit.hub.DownloadProgress;

/**
 * Where a build of libtorch comes from: an archive on disk or on a server, or a server that is laid out as DJL's
 * ({@code VERSION/files.txt} names one gzip file per library).
 */
sealed interface EngineSource {

	/** DJL's own distribution. */
	String STANDARD = "https://publish.djl.ai/pytorch";

	/** Bytes to download from a server; 0 for a file, -1 if unknown. */
	long download();

	/** Stores the libraries in the folder and returns their build. */
	EngineBuild unpack(Path folder, Path downloads, DownloadProgress progress) throws IOException;

	/**
	 * The source given by a user.
	 *
	 * @param text an address or a path; empty for DJL's own distribution
	 * @throws DiffEditException if it is neither, or not for the build; the network is not asked
	 */
	static EngineSource of(final String text, final EngineBuild wanted) {
		final String given = text.isBlank() ? STANDARD : text.trim();
		if (!given.matches("(?i)(https?|file):.*")) {
			final Path file = UserPath.of(given);
			if (Files.isDirectory(file)) return new Distribution(file.toUri(), wanted);
			if (Files.isRegularFile(file)) return new LocalArchive(file);
			throw new DiffEditException("There is no file or folder " + file + "; name a native library's archive, or an address.");
		}
		final URI address = address(given);
		if (given.toLowerCase(Locale.ROOT).matches(".*\\.(jar|zip|whl)")) return new RemoteArchive(address);
		return new Distribution(address, wanted);
	}

	private static URI address(final String text) {
		try {
			return URI.create(text);
		}
		catch (final IllegalArgumentException e) {
			throw new DiffEditException("'" + text + "' is not a valid address (" + e.getMessage() + ").", e);
		}
	}

	/** An archive on disk. */
	record LocalArchive(Path file) implements EngineSource {

		@Override
		public long download() {
			return 0;
		}

		@Override
		public EngineBuild unpack(final Path folder, final Path downloads, final DownloadProgress progress) throws IOException {
			try (EngineArchive archive = new EngineArchive(file)) {
				final EngineBuild build = archive.build();
				needSpace(folder, archive.size());
				archive.unpack(folder, progress);
				return build;
			}
		}
	}

	/** An archive on a server, kept until it is unpacked. */
	record RemoteArchive(URI address) implements EngineSource {

		@Override
		public long download() {
			return Download.size(address);
		}

		@Override
		public EngineBuild unpack(final Path folder, final Path downloads, final DownloadProgress progress) throws IOException {
			needSpace(folder, Math.max(0, download()));
			final String path = address.getPath();
			final Path file = downloads.resolve(path.substring(path.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9._+-]", "_"));
			Download.of(address, progress).to(file);
			final EngineBuild build = new LocalArchive(file).unpack(folder, downloads, progress);
			Files.delete(file);
			return build;
		}
	}

	/** A server, or a folder, that is laid out as DJL's distribution. */
	record Distribution(URI base, EngineBuild wanted) implements EngineSource {

		private static final int INDEX_BYTES = 1 << 20;
		private static final int GROWTH = 5;
		/** Maximum compression ratio of a library. */
		private static final int MOST_GROWTH = 100;
		private static final long MOST_BYTES = 64L << 30;

		/** @throws DiffEditException if the plugin has no adapter for the build, so that nothing is asked of the server in vain */
		public Distribution {
			if (!wanted.hasAdapter()) throw new DiffEditException("There is no build " + wanted.flavor() + " for " + wanted.classifier() + "; choose cpu.");
		}

		@Override
		public long download() {
			long sum = 0;
			for (final URI file : files()) {
				final long size = Download.size(file);
				if (size < 0) return -1;
				if (size > MOST_BYTES - sum) throw new DiffEditException(base + " announces libraries of more than " + Bytes.format(MOST_BYTES) + "; choose another address.");
				sum += size;
			}
			return sum;
		}

		private URI root() {
			final String text = base.toString();
			return URI.create((text.endsWith("/") ? text : text + "/") + wanted.version() + "/");
		}

		private List<URI> files() {
			final String start = wanted.flavor() + "/" + wanted.classifier() + "/";
			final List<URI> files = Download.text(root().resolve("files.txt"), INDEX_BYTES).lines().map(String::trim)
				.filter(line -> line.startsWith(start) && line.endsWith(".gz")).map(line -> root().resolve(line)).toList();
			if (files.isEmpty()) throw new DiffEditException(base + " has no library " + wanted + "; choose cpu, or import one from a file.");
			return files;
		}

		@Override
		public EngineBuild unpack(final Path folder, final Path downloads, final DownloadProgress progress) throws IOException {
			final long download = Math.max(0, download());
			needSpace(folder, download * GROWTH);
			for (final URI file : files()) {
				final String name = library(file);
				final Path packed = downloads.resolve(wanted + "-" + name + ".gz");
				Download.of(file, progress).to(packed);
				try (InputStream in = new GZIPInputStream(RegularFile.open(packed))) {
					Unpacking.copy(in, folder.resolve(name), MOST_GROWTH * Files.size(packed), (library, bytes, most) -> progress.at(library, bytes, -1));
				}
				Files.delete(packed);
			}
			if (!Files.isRegularFile(folder.resolve(System.mapLibraryName("torch")))) {
				throw new DiffEditException(base + " has no " + System.mapLibraryName("torch") + " for " + wanted + "; import the library from a file.");
			}
			return wanted;
		}

		private String library(final URI file) {
			final String path = file.getRawPath();
			final String name = URLDecoder.decode(path.substring(path.lastIndexOf('/') + 1, path.length() - ".gz".length()), StandardCharsets.UTF_8);
			if (EngineArchive.isLibrary(name)) return name;
			throw new DiffEditException(base + " lists '" + name + "', which is not a library; choose another address.");
		}
	}

	private static void needSpace(final Path folder, final long bytes) throws IOException {
		final long free = Files.getFileStore(folder).getUsableSpace();
		if (free < bytes) {
			throw new DiffEditException("The engine needs " + Bytes.format(bytes) + " in " + folder.getParent() + ", where "
				+ Bytes.format(free) + " are free; free some space or name another folder with -Ddiffedit.cache=FOLDER.");
		}
	}
}
