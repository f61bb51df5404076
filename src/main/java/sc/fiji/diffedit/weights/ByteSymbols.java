package sc.fiji.diffedit.weights;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The printable characters by which byte-level vocabularies write the 256 bytes (GPT-2's table). */
public final class ByteSymbols {

	/** In the order of the vocabularies: first the bytes that are printable themselves. */
	private static final Map<Character, Byte> BYTES = new LinkedHashMap<>();

	static {
		for (int b = 0; b < 256; b++) if (isPrintable(b)) BYTES.put((char) b, (byte) b);
		int next = 256;
		for (int b = 0; b < 256; b++) if (!isPrintable(b)) BYTES.put((char) next++, (byte) b);
	}

	private ByteSymbols() {}

	private static boolean isPrintable(final int b) {
		return b >= '!' && b <= '~' || b >= 0xA1 && b != 0xAD;
	}

	/** The characters in the order of the vocabularies. */
	static List<String> all() {
		return BYTES.keySet().stream().map(String::valueOf).toList();
	}

	/** Decodes such characters to text; other characters are left unchanged. */
	public static String decode(final String symbols) {
		final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		for (int i = 0; i < symbols.length(); i++) {
			final Byte value = BYTES.get(symbols.charAt(i));
			if (value != null) bytes.write(value);
			else bytes.writeBytes(symbols.substring(i, i + 1).getBytes(StandardCharsets.UTF_8));
		}
		return bytes.toString(StandardCharsets.UTF_8);
	}
}
