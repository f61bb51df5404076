package sc.fiji.diffedit.results;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

import org.apache.commons.codec.digest.DigestUtils;

import sc.fiji.diffedit.tensor.Tensor;

/**
 * SHA-256 over what goes into a call: values one after another, each with its type and length, so that different lists of values
 * never have the same encoding.
 */
final class CallDigest {

	private final MessageDigest sha = DigestUtils.getSha256Digest();

	CallDigest with(final String text) {
		final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		number('s', bytes.length);
		sha.update(bytes);
		return this;
	}

	CallDigest with(final long number) {
		number('n', number);
		return this;
	}

	CallDigest with(final double number) {
		number('d', Double.doubleToLongBits(number));
		return this;
	}

	/** Type, shape and every byte, from any device. */
	CallDigest with(final Tensor tensor) {
		with(tensor.dtype().toString());
		with(tensor.shape().length);
		for (final long length : tensor.shape()) with(length);
		sha.update(tensor.toBytes());
		return this;
	}

	private void number(final char kind, final long value) {
		sha.update(ByteBuffer.allocate(2 + Long.BYTES).putChar(kind).putLong(value).flip());
	}

	/** 64 hexadecimal digits; nothing can be added any more. */
	String hex() {
		return HexFormat.of().formatHex(sha.digest());
	}
}
