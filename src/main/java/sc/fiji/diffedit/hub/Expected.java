package sc.fiji.diffedit.hub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;

import sc.fiji.diffedit.Run;

/**
 * The expected size and hash of a file.
 *
 * @param size bytes; -1 if only the hash is known
 * @param hash in lower-case hexadecimal: SHA-256 (64 digits) or SHA-1 (40 digits)
 * @param git whether the hash is git's blob hash, which includes a header with the size
 */
record Expected(long size, String hash, boolean git) {

	private static final int SHA1_DIGITS = 40;

	/** For a file of the hub: large files have a SHA-256, files stored in git itself have git's SHA-1. */
	static Expected of(final RemoteFile file) {
		return new Expected(file.size(), file.hash(), file.hash().length() == SHA1_DIGITS);
	}

	/** The hash algorithm, such as {@code SHA-256}. */
	String algorithm() {
		return hash.length() == SHA1_DIGITS ? "SHA-1" : "SHA-256";
	}

	/** Computes this hash of a file. */
	String found(final Path file) throws IOException {
		final MessageDigest digest = DigestUtils.getDigest(algorithm());
		if (git) digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
		try (InputStream in = new CancellableStream(Files.newInputStream(file))) {
			return Hex.encodeHexString(DigestUtils.updateDigest(digest, in).digest());
		}
	}

	/** Large files take a while to read, so cancellation is checked for each piece. */
	private static final class CancellableStream extends FilterInputStream {

		CancellableStream(final InputStream in) {
			super(in);
		}

		@Override
		public int read(final byte[] bytes, final int offset, final int length) throws IOException {
			Run.check();
			return super.read(bytes, offset, length);
		}
	}
}
