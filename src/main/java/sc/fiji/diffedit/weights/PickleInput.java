package sc.fiji.diffedit.weights;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import sc.fiji.diffedit.Counted;

/** The bytes of a pickle as numbers and texts; no length in it is believed before it is compared with what is there. */
final class PickleInput {

	/** A number that every program before protocol 2 would need; larger ones are no data of a model. */
	private static final int MAX_INTEGER_BYTES = 16;
	private static final int MAX_INTEGER_DIGITS = 40;
	private static final int MAX_LINE = 4096;

	private final PickleGuard guard;
	private final ByteBuffer in;

	PickleInput(final PickleGuard guard, final ByteBuffer in) {
		this.guard = guard;
		this.in = in.order(ByteOrder.LITTLE_ENDIAN);
	}

	int uint8() {
		return in.get() & 0xff;
	}

	int uint16() {
		return in.getShort() & 0xffff;
	}

	int int32() {
		return in.getInt();
	}

	long int64() {
		return in.getLong();
	}

	double bigEndianDouble() {
		return Double.longBitsToDouble(Long.reverseBytes(in.getLong()));
	}

	private int checked(final long length) {
		if (length < 0 || length > in.remaining()) throw guard.damaged("it claims a text longer than itself");
		return (int) length;
	}

	String text(final long length) {
		final byte[] bytes = new byte[checked(length)];
		in.get(bytes);
		return new String(bytes, StandardCharsets.UTF_8);
	}

	/** A number of some bytes, least first. */
	Object integer(final long claimed) {
		final int length = checked(claimed);
		if (length > MAX_INTEGER_BYTES) throw guard.damaged("it holds a number of " + Counted.of(length, "byte"));
		final byte[] bytes = new byte[length];
		for (int i = length - 1; i >= 0; i--) bytes[i] = in.get();
		return number(length == 0 ? BigInteger.ZERO : new BigInteger(bytes));
	}

	private static Object number(final BigInteger value) {
		return value.bitLength() < 64 ? (Object) value.longValue() : value;
	}

	String line() {
		final int start = in.position();
		while (in.get() != '\n') {
			if (in.position() - start > MAX_LINE) throw guard.damaged("it holds a line of more than " + MAX_LINE + " characters");
		}
		final byte[] bytes = new byte[in.position() - start - 1];
		in.get(start, bytes);
		return new String(bytes, StandardCharsets.UTF_8);
	}

	Object intLine() {
		final String line = line();
		if (line.equals("01")) return true;
		return line.equals("00") ? (Object) false : (Object) Long.parseLong(line);
	}

	Object longLine() {
		final String line = line();
		if (line.length() > MAX_INTEGER_DIGITS) throw guard.damaged("it holds a number of " + line.length() + " digits");
		return number(new BigInteger(line.endsWith("L") ? line.substring(0, line.length() - 1) : line));
	}

	/** A line that is a text in quotes. */
	String quotedLine() {
		final String line = line();
		return line.length() >= 2 && (line.startsWith("'") || line.startsWith("\"")) ? line.substring(1, line.length() - 1) : line;
	}
}
