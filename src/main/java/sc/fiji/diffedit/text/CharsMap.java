package sc.fiji.diffedit.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;
import java.util.Deque;

import sc.fiji.diffedit.DiffEditException;

/**
 * SentencePiece's compiled table of character replacements: the length of a double-array trie in bytes, the trie's 32-bit units,
 * then the replacements, each ended by a zero byte. The native library follows the trie without bounds checks and crashes the
 * process if the trie leads outside, so every reachable step is checked here first.
 */
final class CharsMap {

	/** The longest of Unicode's compatibility forms takes 33 bytes. */
	private static final int MAX_REPLACEMENT = 256;

	private final int[] units;
	private final byte[] replacements;

	private CharsMap(final ByteBuffer bytes) {
		final long length = Integer.toUnsignedLong(bytes.getInt());
		if (length == 0 || length % 4 != 0 || length > bytes.remaining()) throw new IllegalArgumentException("the trie's length is " + length);
		units = new int[(int) (length / 4)];
		for (int i = 0; i < units.length; i++) units[i] = bytes.getInt();
		replacements = new byte[bytes.remaining()];
		bytes.get(replacements);
	}

	/** @throws DiffEditException if the table contains a reference outside of it */
	static void check(final String source, final String base64) {
		try {
			check(Base64.getDecoder().decode(base64));
		}
		catch (final RuntimeException | CharacterCodingException e) {
			throw new DiffEditException(source + " holds a damaged table of characters (" + e.getMessage() + "); take another copy of the tokenizer.", e);
		}
	}

	private static void check(final byte[] bytes) throws CharacterCodingException {
		final CharsMap map = new CharsMap(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
		final CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(map.replacements));
		if (text.length() > 0 && map.replacements[map.replacements.length - 1] != 0) throw new IllegalArgumentException("the last replacement has no end");
		map.walk();
	}

	/** Visits every unit of the trie that is reachable with some text. */
	private void walk() {
		final BitSet seen = new BitSet(units.length);
		final Deque<Integer> open = new ArrayDeque<>();
		open.push(inside(offset(units[0])));
		while (!open.isEmpty()) {
			final int place = open.pop();
			if (seen.get(place)) continue;
			seen.set(place);
			for (int c = 1; c < 256; c++) {
				final int unit = units[inside(place ^ c)];
				if ((unit & 0x800000FF) != c) continue;
				final int next = inside(place ^ c ^ offset(unit));
				if ((unit >>> 8 & 1) == 1) checkReplacement(units[next] & 0x7FFFFFFF);
				open.push(next);
			}
		}
	}

	private static int offset(final int unit) {
		return unit >>> 10 << ((unit & 1 << 9) >>> 6);
	}

	private int inside(final int place) {
		if (place < 0 || place >= units.length) throw new IllegalArgumentException("the trie leads outside of itself");
		return place;
	}

	/** Checks that a replacement starts inside the table, at a character boundary, and is short, so that texts cannot grow without bounds. */
	private void checkReplacement(final int start) {
		if (start >= replacements.length || (replacements[start] & 0xC0) == 0x80) throw new IllegalArgumentException("a replacement lies outside");
		int end = start;
		while (replacements[end] != 0 && end - start <= MAX_REPLACEMENT) end++;
		if (end - start > MAX_REPLACEMENT) throw new IllegalArgumentException("a replacement is longer than " + MAX_REPLACEMENT + " bytes");
	}
}
