package sc.fiji.diffedit.text;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The printable characters by which byte-level vocabularies write the 256 bytes (GPT-2's table). */
final class ByteSymbols {

	private static final Map<Character, Byte> BYTES = new HashMap<>();

	static {
		int next = 256;
		for (int b = 0; b < 256; b++) {
			final boolean printable = b >= '!' && b <= '~' || b >= 0xA1 && b != 0xAD;
			BYTES.put((char) (printable ? b : next++), (byte) b);
		}
	}

	private ByteSymbols() {}

	/** Decodes such characters to text; other characters are left unchanged. */
	static String decode(final String symbols) {
		final java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
		for (int i = 0; i < symbols.length(); i++) {
			final Byte value = BYTES.get(symbols.charAt(i));
			if (value != null) bytes.write(value);
			else bytes.writeBytes(symbols.substring(i, i + 1).getBytes(StandardCharsets.UTF_8));
		}
		return bytes.toString(StandardCharsets.UTF_8);
	}
}
