package sc.fiji.diffedit.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * Bytes of the element types that DJL cannot carry between Java and libtorch (bfloat16, int16 and the 8-bit floats: its
 * native code ends the JVM over the first two). They cross as a wider type that holds each of their values.
 */
final class RawBytes {

	private static final Map<DType, float[]> DECODED = Map.of(DType.FLOAT8_E4M3FN, decode(4, 7), DType.FLOAT8_E5M2, decode(5, 15));

	private RawBytes() {}

	/** Whether DJL carries bytes of this type. */
	static boolean crosses(final DType dtype) {
		return dtype != DType.BFLOAT16 && dtype != DType.INT16 && !DECODED.containsKey(dtype);
	}

	/** The type as which a type crosses that does not cross itself. */
	static DType wide(final DType dtype) {
		return dtype == DType.INT16 ? DType.INT32 : DType.FLOAT32;
	}

	/** The same values as elements of the wide type. */
	static ByteBuffer widen(final ByteBuffer bytes, final DType dtype) {
		final ByteBuffer in = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
		final ByteBuffer out = ByteBuffer.allocateDirect(in.remaining() / dtype.bytes() * 4).order(ByteOrder.nativeOrder());
		final float[] table = DECODED.get(dtype);
		while (in.hasRemaining()) {
			if (dtype == DType.BFLOAT16) out.putInt(in.getShort() << 16);
			else if (dtype == DType.INT16) out.putInt(in.getShort());
			else out.putFloat(table[in.get() & 0xff]);
		}
		return out.flip();
	}

	/** Elements of the wide type as bytes of the narrow one, in which each of them has a place. */
	static ByteBuffer narrow(final ByteBuffer wide, final DType dtype) {
		final ByteBuffer in = wide.slice().order(ByteOrder.LITTLE_ENDIAN);
		final ByteBuffer out = ByteBuffer.allocate(in.remaining() / 4 * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
		final Map<Integer, Byte> codes = codes(dtype);
		while (in.hasRemaining()) {
			final int bits = in.getInt();
			if (dtype == DType.BFLOAT16) out.putShort((short) (bits >>> 16));
			else if (dtype == DType.INT16) out.putShort((short) bits);
			else out.put(codes.get(Float.floatToIntBits(Float.intBitsToFloat(bits))));
		}
		return out.flip();
	}

	private static Map<Integer, Byte> codes(final DType dtype) {
		final Map<Integer, Byte> codes = new HashMap<>();
		final float[] table = DECODED.get(dtype);
		for (int code = 0; table != null && code < 256; code++) codes.putIfAbsent(Float.floatToIntBits(table[code]), (byte) code);
		if (dtype == DType.FLOAT8_E4M3FN) codes.put(Float.floatToIntBits(Float.NaN), (byte) 0x7f);
		return codes;
	}

	/** The 256 values of an 8-bit float. With 4 exponent bits only the largest code is not a number (the variant "fn"). */
	private static float[] decode(final int exponentBits, final int bias) {
		final int mantissaBits = 7 - exponentBits;
		final int steps = 1 << mantissaBits;
		final float[] values = new float[256];
		for (int code = 0; code < 256; code++) {
			final int exponent = (code & 0x7f) >> mantissaBits;
			final int mantissa = code & (steps - 1);
			final double size = exponent == 0 ? Math.scalb((double) mantissa / steps, 1 - bias) : Math.scalb(1 + (double) mantissa / steps, exponent - bias);
			values[code] = (float) (code < 128 ? size : -size);
		}
		special(values, exponentBits, steps);
		return values;
	}

	private static void special(final float[] values, final int exponentBits, final int steps) {
		if (exponentBits == 4) {
			values[0x7f] = Float.NaN;
			values[0xff] = Float.NaN;
			return;
		}
		for (int code = 0x80 - steps; code < 0x80; code++) {
			final boolean infinite = code == 0x80 - steps;
			values[code] = infinite ? Float.POSITIVE_INFINITY : Float.NaN;
			values[code + 128] = infinite ? Float.NEGATIVE_INFINITY : Float.NaN;
		}
	}
}
