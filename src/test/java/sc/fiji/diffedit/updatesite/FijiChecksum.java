package sc.fiji.diffedit.updatesite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The SHA-1 by which Fiji's updater knows a file. Of a jar it covers names and contents, but neither times nor
 * compression nor the manifest, so a rebuilt jar of the same classes is the same; of other files it covers the path too.
 */
final class FijiChecksum {

	private static final String MANIFEST = "META-INF/MANIFEST.MF";

	private FijiChecksum() {}

	/** @param name the file's name inside Fiji, such as {@code plugins/diffedit-0.1.0.jar} */
	static String of(final String name, final Path file) throws IOException {
		final MessageDigest digest = sha1();
		if (name.endsWith(".jar")) jar(file, digest);
		else {
			digest.update(name.getBytes(StandardCharsets.US_ASCII));
			digest.update(Files.readAllBytes(file));
		}
		return HexFormat.of().formatHex(digest.digest());
	}

	private static void jar(final Path file, final MessageDigest digest) throws IOException {
		try (ZipFile zip = new ZipFile(file.toFile())) {
			final List<? extends ZipEntry> entries = zip.stream()
				.sorted((one, other) -> one.getName().compareTo(other.getName())).toList();
			for (final ZipEntry entry : entries) {
				digest.update(entry.getName().getBytes(StandardCharsets.US_ASCII));
				try (InputStream in = zip.getInputStream(entry)) {
					content(entry.getName(), in, digest);
				}
			}
		}
	}

	private static void content(final String name, final InputStream in, final MessageDigest digest) throws IOException {
		if (name.equals(MANIFEST)) return;
		if (name.endsWith(".properties")) properties(in, digest);
		else digest.update(in.readAllBytes());
	}

	/** A comment counts as its line end alone; what follows an empty line is not seen as the start of a line. */
	private static void properties(final InputStream in, final MessageDigest digest) throws IOException {
		boolean lineStart = true;
		boolean comment = false;
		for (final byte one : in.readAllBytes()) {
			if (lineStart && one == '#') {
				comment = true;
				continue;
			}
			lineStart = !lineStart && one == '\n';
			if (one == '\n') comment = false;
			if (!comment) digest.update(one);
		}
	}

	private static MessageDigest sha1() {
		try {
			return MessageDigest.getInstance("SHA-1");
		}
		catch (final NoSuchAlgorithmException e) {
			throw new IllegalStateException("Every Java has SHA-1", e);
		}
	}
}
