package sc.fiji.diffedit.service;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.Stream;

import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.RegularFile;
import sc.fiji.diffedit.Run;

/**
 * A short name for the content of a model folder, written into every result: SHA-256 over each file's path below the folder, size,
 * and first and last mebibyte. Hashing whole files of several gigabytes would take longer than loading them; two models that differ
 * only in the middle of a file of the same size have the same fingerprint.
 */
final class Fingerprint {

	private static final int SAMPLE = 1 << 20;

	private Fingerprint() {}

	/** The fingerprint of a folder or a file, in 64 hexadecimal digits. */
	static String of(final Path path) {
		try {
			return ofReal(path.toRealPath());
		}
		catch (final IOException e) {
			throw new DiffEditException(path + " cannot be read (" + e.getMessage() + ").", e);
		}
	}

	/** Resolves a link, since Files.walk does not follow a link as its root. */
	private static String ofReal(final Path folder) throws IOException {
		try (Stream<Path> walk = Files.walk(folder)) {
			final MessageDigest digest = DigestUtils.getSha256Digest();
			final List<Path> files = walk.filter(Files::isRegularFile).sorted().toList();
			for (final Path file : files) {
				Run.check();
				digest.update((folder.relativize(file) + " " + Files.size(file) + "\n").getBytes(StandardCharsets.UTF_8));
				sample(file, digest);
			}
			return Hex.encodeHexString(digest.digest());
		}
	}

	private static void sample(final Path path, final MessageDigest digest) throws IOException {
		try (RandomAccessFile file = new RandomAccessFile(RegularFile.require(path).toFile(), "r")) {
			update(file, digest);
			if (file.length() <= SAMPLE) return;
			file.seek(Math.max(SAMPLE, file.length() - SAMPLE));
			update(file, digest);
		}
	}

	private static void update(final RandomAccessFile file, final MessageDigest digest) throws IOException {
		final byte[] bytes = new byte[(int) Math.min(SAMPLE, file.length() - file.getFilePointer())];
		file.readFully(bytes);
		digest.update(bytes);
	}
}
