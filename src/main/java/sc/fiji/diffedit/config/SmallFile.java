package sc.fiji.diffedit.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;

/**
 * A kind of small file that is read whole, such as a config. Files are not trusted: one that is larger than any of its kind is not read.
 *
 * @param kind what it is, with its article: {@code a config}
 * @param most the bytes that it has at most
 * @param remedy what to do if it is something else, for the end of sentences: {@code choose a complete model folder}
 */
public record SmallFile(String kind, int most, String remedy) {

	/** The text of a file, called by its path in messages. */
	public String read(final Path file) {
		return read(file, file.toString());
	}

	/**
	 * The text of a file.
	 *
	 * @param source how messages call it
	 * @throws DiffEditException if it is not there, larger, no text in UTF-8, or cannot be read
	 */
	public String read(final Path file, final String source) {
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(file, source))).toString();
		}
		catch (final CharacterCodingException e) {
			throw new DiffEditException(source + " is no text in UTF-8; " + remedy + ".", e);
		}
	}

	/**
	 * The bytes of a file.
	 *
	 * @param source how messages call it
	 * @throws DiffEditException if it is not there, larger, or cannot be read
	 */
	public byte[] bytes(final Path file, final String source) {
		if (!Files.isRegularFile(file)) throw new DiffEditException("There is no " + source + "; " + remedy + ".");
		try (InputStream in = Files.newInputStream(file)) {
			final byte[] bytes = in.readNBytes(most + 1);
			if (bytes.length > most) throw new DiffEditException(source + " has " + Counted.of(Files.size(file), "byte") + ", too many for " + kind + "; " + remedy + ".");
			return bytes;
		}
		catch (final IOException e) {
			throw new DiffEditException(source + " cannot be read (" + e.getMessage() + "); " + remedy + ".", e);
		}
	}
}
