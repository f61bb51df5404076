package sc.fiji.diffedit.text;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import sc.fiji.diffedit.DiffEditException;

/**
 * Tables of characters that are made by hand: two blocks of 256 units, the second of which the text's first byte chooses from. A unit has a byte as its
 * label, the place of the next ones as an offset, and a mark if a replacement ends there, whose place stands in the unit after.
 */
class CharsMapTest {

	private static final int FIRST = 256, ENDS = 1 << 8, FAR = 1 << 9, VALUE = 1 << 31;

	private final int[] units = new int[512];
	private byte[] replacements = "b\0\u00e4\0".getBytes(StandardCharsets.UTF_8);

	@BeforeEach
	void begin() {
		units[0] = FIRST << 10;
	}

	/** A unit for a byte after those of {@code place}, which leads to {@code next}. */
	private int unit(final int place, final char label, final int next, final int marks) {
		units[place ^ label] = label | (place ^ label ^ next) << 10 | marks;
		return next;
	}

	private String base64() {
		final ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * units.length + replacements.length).order(ByteOrder.LITTLE_ENDIAN).putInt(4 * units.length);
		for (final int unit : units) bytes.putInt(unit);
		return Base64.getEncoder().encodeToString(bytes.put(replacements).array());
	}

	private void sound() {
		assertDoesNotThrow(() -> CharsMap.check("x.json", base64()));
	}

	private void refused(final String how) {
		final String base64 = base64();
		final String message = assertThrows(DiffEditException.class, () -> CharsMap.check("x.json", base64)).getMessage();
		assertTrue(message.startsWith("x.json holds a damaged table of characters (" + how), message);
	}

	private void replacedBy(final int place) {
		unit(FIRST, 'a', 16, ENDS);
		units[16] = VALUE | place;
	}

	@Test
	void replacementsBeginAtCharactersOfTheTable() {
		for (final int place : new int[] { 0, 1, 2, 4 }) {
			replacedBy(place);
			sound();
		}
		replacedBy(3);   // within a character
		refused("a replacement lies outside");
		replacedBy(5);
		refused("a replacement lies outside");
		replacedBy(0x7fffffff);
		refused("a replacement lies outside");
	}

	@Test
	void withoutTheMarkAUnitIsNoReplacement() {
		unit(FIRST, 'a', 16, 0);
		units[16] = VALUE | 5;
		sound();
	}

	@Test
	void replacementsHaveAtMost256Bytes() {
		replacements = ("b".repeat(256) + "\0").getBytes(StandardCharsets.UTF_8);
		replacedBy(0);
		sound();
		replacements = ("b".repeat(257) + "\0").getBytes(StandardCharsets.UTF_8);
		refused("a replacement is longer than 256 bytes");
		replacedBy(1);
		sound();
	}

	@Test
	void theLastReplacementEnds() {
		replacements = "b\0c".getBytes(StandardCharsets.UTF_8);
		refused("the last replacement has no end");
		replacements = new byte[0];
		sound();
		replacements = new byte[] { (byte) 0x80, 0 };
		refused("Input length = 1");
	}

	@Test
	void everyStepStaysInside() {
		unit(FIRST, 'a', 511, 0);
		sound();
		unit(FIRST, 'a', 512, 0);
		refused("the trie leads outside of itself");
		units[FIRST ^ 'a'] = 'a' | FAR | 1 << 10;   // 256 places on, in steps of 256
		sound();
		units[FIRST ^ 'a'] = 'a' | FAR | 2 << 10;
		refused("the trie leads outside of itself");
		units[FIRST ^ 'a'] = 0;
		units[0] = 511 << 10;
		sound();
		units[0] = 512 << 10;
		refused("the trie leads outside of itself");
	}

	/** Of 300 units, places from 256 on have neighbours that are not there. */
	@Test
	void everyByteMayFollow() {
		final int[] few = java.util.Arrays.copyOf(units, 300);
		final ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * few.length).order(ByteOrder.LITTLE_ENDIAN).putInt(4 * few.length);
		for (final int unit : few) bytes.putInt(unit);
		final String base64 = Base64.getEncoder().encodeToString(bytes.array());
		assertThrows(DiffEditException.class, () -> CharsMap.check("x.json", base64));
	}

	@Test
	void onlyUnitsThatTextsReachAreFollowed() {
		units[FIRST ^ 'a'] = 'b' | 512 << 10;   // labelled for another byte
		units[FIRST ^ 'c'] = VALUE | 'c' | 512 << 10;   // a value
		sound();
	}

	@Test
	void laterBytesAreFollowedToo() {
		final int second = unit(FIRST, 'a', 0x40, 0);
		final int third = unit(second, 'b', 0x80, 0);
		unit(third, '\u00ff', 0x01, ENDS);
		units[1] = VALUE | 2;
		sound();
		units[1] = VALUE | 4;
		sound();
		units[1] = VALUE | 5;
		refused("a replacement lies outside");
	}

	@Test
	void stepsInACircleEnd() {
		unit(FIRST, 'a', FIRST, 0);
		unit(FIRST, 'b', 0x40, 0);
		unit(0x40, 'c', FIRST, 0);
		sound();
	}

	@Test
	void theLengthIsThatOfWholeUnits() {
		for (final int length : new int[] { 0, 3, 8, -4 }) {
			final String base64 = Base64.getEncoder().encodeToString(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(length).array());
			final String message = assertThrows(DiffEditException.class, () -> CharsMap.check("x.json", base64)).getMessage();
			assertTrue(message.contains("the trie's length is " + Integer.toUnsignedLong(length)), message);
		}
		assertThrows(DiffEditException.class, () -> CharsMap.check("x.json", "AA"));
		assertThrows(DiffEditException.class, () -> CharsMap.check("x.json", "no base64"));
	}
}
