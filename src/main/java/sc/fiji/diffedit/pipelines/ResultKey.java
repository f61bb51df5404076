package sc.fiji.diffedit.pipelines;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Numbers;
import sc.fiji.diffedit.tensor.Picture;

/**
 * What a result depends on besides the model: its kind, and SHA-256 over everything that can change it, pixels and prompts
 * included. Two requests with one key have the same result to the last bit.
 *
 * @param kind what it is
 * @param label for people: what it was made from
 * @param digest 64 hexadecimal digits
 */
public record ResultKey(Kind kind, String label, String digest) {

	/** What is worth keeping. */
	public enum Kind {
		/** Mean and variance of an image's latents: the autoencoder's answer. */
		IMAGE("encoded image"),
		/** The text encoders' answer. */
		PROMPT("encoded prompt"),
		/** Latents of images from clean to noisy, a longer path in place of a shorter one. */
		INVERSION("inversion"),
		/** The UNet's answers under one prompt for all noisy copies of a mask. */
		PREDICTION("predicted noise"),
		/** How strongly two prompts disagree, from which masks are cut. */
		DIFFERENCE("difference map");

		private final String words;

		Kind(final String words) {
			this.words = words;
		}

		@Override
		public String toString() {
			return words;
		}
	}

	static ResultKey of(final Kind kind, final String label) {
		return new ResultKey(kind, label, "");
	}

	/** Another kind of result that depends on the same things, and perhaps on more. */
	ResultKey as(final Kind other, final String otherLabel) {
		return new ResultKey(other, otherLabel, digest);
	}

	/**
	 * The same with one more thing that the result depends on.
	 *
	 * @param name of the thing, which keeps equal values of different things apart
	 * @param value text, number, truth value, word of an enum, {@link Prompt}, {@link ImageInput}, {@link Numbers}, or a list of
	 *          such
	 */
	ResultKey with(final String name, final Object value) {
		final Digest next = new Digest();
		next.add(digest);
		next.add(name);
		next.add(value);
		return new ResultKey(kind, label, next.hex());
	}

	/** SHA-256 over values, each with its kind and length, so that no two lists of values look alike. */
	private static final class Digest {

		private static final int CHUNK = 1 << 14;

		private final MessageDigest sha;

		Digest() {
			try {
				sha = MessageDigest.getInstance("SHA-256");
			}
			catch (final NoSuchAlgorithmException e) {
				throw new IllegalStateException(e);
			}
		}

		void add(final Object value) {
			if (value instanceof Double || value instanceof Float) number('d', Double.doubleToLongBits(((Number) value).doubleValue()));
			else if (value instanceof Number number) number('n', number.longValue());
			else if (value instanceof String text) text('s', text);
			else if (value instanceof Boolean || value instanceof Enum) text('w', value.toString());
			else if (value instanceof float[] floats) floats(floats);
			else if (value instanceof List<?> list) list(list);
			else if (value instanceof Prompt prompt) list(parts(prompt));
			else if (value instanceof ImageInput.Pictures given) list(given.pictures());
			else if (value instanceof Picture picture) list(List.of("picture", picture.width(), picture.height(), picture.channels(), picture.values()));
			else if (value instanceof ImageInput.Encoded given) add(given.latents());
			else if (value instanceof Latents l) list(List.of("latents", l.count(), l.channels(), l.height(), l.width(), l.values()));
			else if (value instanceof Numbers n) list(List.of("numbers", n.dtype(), java.util.Arrays.stream(n.shape()).boxed().toList(), n.values()));
			else throw new IllegalArgumentException("no key can be made of " + value);
		}

		private static List<?> parts(final Prompt prompt) {
			if (prompt instanceof Prompt.Words words) return List.of("words", words.text(), words.text2());
			if (prompt instanceof Prompt.Embedding e) return List.of("embedding", e.tokens(), e.width(), e.values(), e.pooled());
			return List.of("none");
		}

		private void list(final List<?> values) {
			number('l', values.size());
			values.forEach(this::add);
		}

		private void text(final char kind, final String text) {
			final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
			number(kind, bytes.length);
			sha.update(bytes);
		}

		private void number(final char kind, final long value) {
			sha.update(ByteBuffer.allocate(2 + Long.BYTES).putChar(kind).putLong(value).flip());
		}

		private void floats(final float[] values) {
			number('f', values.length);
			final ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * Math.min(values.length, CHUNK));
			for (int from = 0; from < values.length; from += CHUNK) {
				final int count = Math.min(CHUNK, values.length - from);
				bytes.clear();
				bytes.asFloatBuffer().put(values, from, count);
				sha.update(bytes.limit(Float.BYTES * count));
			}
		}

		String hex() {
			return HexFormat.of().formatHex(sha.digest());
		}
	}
}
