package sc.fiji.diffedit.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.codec.digest.MessageDigestAlgorithms;
import org.apache.commons.io.file.PathUtils;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.UserFolders;

/**
 * The model that is embedded in the plugin. Weights are memory-mapped, which needs files on disk, so the model is unpacked once
 * into the user's cache: {@code ~/.cache/diffedit/demo-HASH}, or below the folder given in the system property
 * {@value UserFolders#CACHE}. HASH is computed from the content, so different versions of the plugin use different folders.
 * <p>
 * The folder is completed under a temporary name and then moved into place, so several processes may unpack at the same time. An
 * existing folder is verified against the checksums in the plugin and replaced if it differs.
 */
public final class DemoModel {

	/** Name of the embedded model, accepted by commands and scripts instead of a folder. */
	public static final String NAME = "demo";

	private static final String RESOURCES = "/sc/fiji/diffedit/demo/";
	private static final String CHECKSUMS = RESOURCES + "model.sha256";

	private DemoModel() {}

	/**
	 * The model's folder, unpacked now if it is not there yet.
	 *
	 * @throws DiffEditException if the cache cannot be written
	 */
	public static Path folder() {
		return folderIn(UserFolders.cache());
	}

	/** The model's folder below the given cache. */
	static synchronized Path folderIn(final Path cache) {
		try {
			final byte[] list = read(CHECKSUMS);
			final Map<String, String> checksums = parse(new String(list, StandardCharsets.UTF_8));
			final Path folder = cache.resolve(NAME + "-" + DigestUtils.sha256Hex(list).substring(0, 16));
			if (!isIntact(folder, checksums)) unpack(folder, checksums);
			return folder;
		}
		catch (final IOException e) {
			throw new DiffEditException("The embedded model cannot be unpacked into " + cache + " (" + e
				+ "); free some space there or name another folder with -D" + UserFolders.CACHE + "=FOLDER.", e);
		}
	}

	private static void unpack(final Path folder, final Map<String, String> checksums) throws IOException {
		Files.createDirectories(folder.getParent());
		forgetLeftovers(folder.getParent());
		final Path fresh = Files.createTempDirectory(folder.getParent(), ".unpacking-");
		try {
			for (final Map.Entry<String, String> entry : checksums.entrySet()) {
				final Path file = fresh.resolve(entry.getKey());
				Files.createDirectories(file.getParent());
				try (InputStream in = open(RESOURCES + "model/" + entry.getKey()); OutputStream out = Files.newOutputStream(file)) {
					in.transferTo(out);
				}
			}
			if (!isIntact(fresh, checksums)) throw new IOException("the plugin's own copy is damaged; install the plugin again");
			put(fresh, folder, checksums);
		}
		finally {
			delete(fresh);
		}
	}

	/** Deletes leftovers of killed processes: folders older than an hour, which is longer than unpacking takes. */
	private static void forgetLeftovers(final Path cache) throws IOException {
		final FileTime longAgo = FileTime.from(Instant.now().minus(1, ChronoUnit.HOURS));
		try (Stream<Path> all = Files.list(cache)) {
			for (final Path left : all.filter(path -> path.getFileName().toString().matches("[.](unpacking|damaged)-\\d+")).toList()) {
				if (Files.isDirectory(left, LinkOption.NOFOLLOW_LINKS) && Files.getLastModifiedTime(left).compareTo(longAgo) < 0) delete(left);
			}
		}
	}

	/** Moves the fresh folder into place, or finds that another process has just done so. */
	private static void put(final Path fresh, final Path folder, final Map<String, String> checksums) throws IOException {
		for (int attempt = 0;; attempt++) {
			try {
				move(fresh, folder);
				return;
			}
			catch (final FileSystemException e) {
				if (isIntact(folder, checksums)) return;
				if (attempt == 2) throw e;
				setAside(folder);
			}
		}
	}

	/** Renames a damaged folder before deleting it, so that no other process sees it partly deleted. */
	private static void setAside(final Path folder) throws IOException {
		if (!Files.exists(folder)) return;
		final Path aside = Files.createTempDirectory(folder.getParent(), ".damaged-");
		try {
			move(folder, aside.resolve("model"));
		}
		finally {
			delete(aside);
		}
	}

	private static void move(final Path from, final Path to) throws IOException {
		try {
			Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (final AtomicMoveNotSupportedException e) {
			Files.move(from, to);
		}
	}

	private static boolean isIntact(final Path folder, final Map<String, String> checksums) throws IOException {
		for (final Map.Entry<String, String> entry : checksums.entrySet()) {
			final Path file = folder.resolve(entry.getKey());
			if (!Files.isRegularFile(file) || !sha256(file).equals(entry.getValue())) return false;
		}
		return true;
	}

	private static String sha256(final Path file) throws IOException {
		return new DigestUtils(MessageDigestAlgorithms.SHA_256).digestAsHex(file);
	}

	/** Lines of {@code sha256sum}: checksum, two spaces, path below {@code model/}. */
	private static Map<String, String> parse(final String list) {
		final Map<String, String> checksums = new LinkedHashMap<>();
		list.lines().forEach(line -> checksums.put(line.substring(66), line.substring(0, 64)));
		return checksums;
	}

	private static byte[] read(final String resource) throws IOException {
		try (InputStream in = open(resource)) {
			return in.readAllBytes();
		}
	}

	private static InputStream open(final String resource) throws IOException {
		final InputStream in = DemoModel.class.getResourceAsStream(resource);
		if (in == null) throw new IOException("the plugin lacks " + resource + "; install the plugin again");
		return in;
	}

	private static void delete(final Path folder) throws IOException {
		if (Files.exists(folder)) PathUtils.deleteDirectory(folder);
	}
}
