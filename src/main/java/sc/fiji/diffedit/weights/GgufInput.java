package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;

/** Reads the values of a GGUF header one after another, little-endian, and none that the file does not have. */
final class GgufInput {

	/** Bytes of a text that is kept; the templates of language models are the longest. */
	private static final int MAX_TEXT = 1 << 20;
	/** More than the vocabularies of the largest text encoders take. */
	private static final long MAX_BYTES = 256 << 20;
	/** Whole numbers of a list that is kept. */
	private static final int MAX_LIST = 16;
	private static final int MAX_DEPTH = 4;
	/** Bytes of the kinds of values by their numbers: whole numbers of 8, 16 and 32 bits, a float, a truth value, a text, a list, 64 bits. */
	private static final int[] SIZES = { 1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8 };
	private static final int FLOAT32 = 6, BOOL = 7, STRING = 8, ARRAY = 9, UINT64 = 10, FLOAT64 = 12;

	private final String source;
	private final FileChannel file;
	private final long size;
	private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN).limit(0);
	private long read;

	GgufInput(final String source, final FileChannel file) throws IOException {
		this.source = source;
		this.file = file;
		this.size = file.size();
	}

	/** Bytes of the file. */
	long size() {
		return size;
	}

	/** The place of the next byte. */
	long position() {
		return read - buffer.remaining();
	}

	/** Makes so many bytes, fewer than the buffer has, ready to be taken. */
	private ByteBuffer need(final int bytes) throws IOException {
		if (buffer.remaining() >= bytes) return buffer;
		if (position() + bytes > Math.min(size, MAX_BYTES)) throw damaged("its header goes on after byte " + Math.min(size, MAX_BYTES));
		buffer.compact();
		while (buffer.position() < bytes) {
			final int more = file.read(buffer, read);
			if (more < 0) throw damaged("it ends inside its header");
			read += more;
		}
		return buffer.flip();
	}

	long uint32() throws IOException {
		return need(4).getInt() & 0xFFFFFFFFL;
	}

	/** Above 2^63 negative. */
	long uint64() throws IOException {
		return need(8).getLong();
	}

	void skip(final long bytes) throws IOException {
		if (bytes < 0 || bytes > size - position()) throw damaged("a value of its metadata claims " + Counted.of(Long.toUnsignedString(bytes), "byte"));
		for (long left = bytes; left > 0;) {
			final int step = (int) Math.min(left, buffer.capacity());
			need(step).position(buffer.position() + step);
			left -= step;
		}
	}

	/** @throws DiffEditException if it is longer than any that is read, or no UTF-8 */
	String string() throws IOException {
		final long length = uint64();
		if (length < 0 || length > MAX_TEXT || length > size - position()) throw damaged("a text in its header claims " + Counted.of(Long.toUnsignedString(length), "byte"));
		final byte[] bytes = new byte[(int) length];
		for (int at = 0; at < bytes.length;) {
			final int step = Math.min(bytes.length - at, buffer.capacity());
			need(step).get(bytes, at, step);
			at += step;
		}
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
		}
		catch (final CharacterCodingException e) {
			throw damaged("a text in its header is no UTF-8");
		}
	}

	/** A value of metadata with its kind before it: a text or number as text, a short list of whole numbers with commas, else empty. */
	String value() throws IOException {
		final int kind = kind();
		return kind == ARRAY ? list(1) : kind == STRING ? string() : number(kind);
	}

	private int kind() throws IOException {
		final long kind = uint32();
		if (kind >= SIZES.length) throw damaged("a value of its metadata is of the unknown kind " + kind);
		return (int) kind;
	}

	private String number(final int kind) throws IOException {
		need(SIZES[kind]);
		return switch (kind) {
			case FLOAT32 -> String.valueOf(buffer.getFloat());
			case FLOAT64 -> String.valueOf(buffer.getDouble());
			case BOOL -> String.valueOf(buffer.get() != 0);
			case UINT64 -> Long.toUnsignedString(buffer.getLong());
			default -> String.valueOf(whole(kind));
		};
	}

	private long whole(final int kind) {
		final long value = switch (SIZES[kind]) {
			case 1 -> buffer.get();
			case 2 -> buffer.getShort();
			case 4 -> buffer.getInt();
			default -> buffer.getLong();
		};
		final boolean unsigned = kind % 2 == 0 && SIZES[kind] < Long.BYTES;
		return unsigned ? value & (1L << 8 * SIZES[kind]) - 1 : value;
	}

	private String list(final int depth) throws IOException {
		if (depth > MAX_DEPTH) throw damaged("lists in its metadata lie in one another " + Counted.of(depth, "time"));
		final int kind = kind();
		final long length = uint64();
		if (length < 0 || length > size - position()) throw damaged("a list of its metadata claims " + Counted.of(Long.toUnsignedString(length), "value"));
		if (kind == ARRAY) {
			for (long i = 0; i < length; i++) list(depth + 1);
			return "";
		}
		if (kind == STRING) {
			for (long i = 0; i < length; i++) skip(uint64());
			return "";
		}
		if (length > MAX_LIST || kind == FLOAT32 || kind == FLOAT64 || kind == BOOL) {
			skip(length * SIZES[kind]);
			return "";
		}
		final StringJoiner numbers = new StringJoiner(",");
		for (long i = 0; i < length; i++) numbers.add(number(kind));
		return numbers.toString();
	}

	DiffEditException damaged(final String what) {
		return new DiffEditException(source + " is not a valid GGUF file: " + what + ". Download or copy it again.");
	}

	DiffEditException refused(final String what) {
		return new DiffEditException(source + " " + what + ".");
	}
}
