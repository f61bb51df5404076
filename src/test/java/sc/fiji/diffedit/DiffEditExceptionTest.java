package sc.fiji.diffedit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A message is one line of readable characters, whatever names it was made of. */
class DiffEditExceptionTest {

	@ParameterizedTest
	@CsvSource(ignoreLeadingAndTrailingWhitespace = false, value = { "a\u0007b,a?b", "a\u001b[31mb,a?[31mb", "a\u0000b,a?b", "a\u009bb,a?b", "a\u202eb,a?b", "a\u2028b,a?b", "a\tb,a b",
		"\u00e4\u4e2d\ud83d\ude00,\u00e4\u4e2d\ud83d\ude00" })
	void controlCharactersOfNamesAreNeverShown(final String name, final String shown) {
		assertEquals("File '" + shown + "' is damaged.", new DiffEditException("File '" + name + "' is damaged.").getMessage());
		assertEquals("One line; another.", new DiffEditException("One line;\r\nanother.", null).getMessage());
	}

	@Test
	void theMiddleOfAnEndlessMessageIsLeftOut() {
		final String message = new DiffEditException("The mask is '" + "1 0 ".repeat(100_000) + "', which is none; draw one.").getMessage();
		assertTrue(message.length() <= 2000 && message.startsWith("The mask is '1 0 1") && message.contains(" ... ") && message.endsWith("', which is none; draw one."), message);
		assertEquals("'" + "a".repeat(199) + "...", new DiffEditException("'" + "a".repeat(100_000)).getMessage());
	}
}
