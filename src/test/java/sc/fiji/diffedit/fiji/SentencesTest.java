package sc.fiji.diffedit.fiji;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;

class SentencesTest {

	@Test
	void longLinesAreBrokenBetweenWords() {
		final String long1 = "word ".repeat(50).trim();
		final String lines = Sentences.inLines(long1 + "\nshort");
		assertEquals(List.of("word ".repeat(18).trim(), "word ".repeat(18).trim(), "word ".repeat(14).trim(), "short"), lines.lines().toList());
		assertEquals(long1 + "\nshort", lines.replace("word\nword", "word word"), "nothing is lost");
	}

	@Test
	void aPathThatIsLongerThanALineIsBrokenToo() {
		final String path = "/a" + "/folder".repeat(30);
		final String lines = Sentences.inLines("There is no file " + path + "; name another.");
		assertTrue(lines.lines().allMatch(line -> line.length() <= Sentences.COLUMNS), lines);
		assertEquals("There is no file " + path + "; name another.", lines.replaceFirst("\n", " ").replace("\n", "").replace("nameanother", "name another"));
	}

	@Test
	void shortTextsStayAsTheyAre() {
		assertEquals("", Sentences.inLines(""));
		assertEquals("One.\n\nTwo.\n", Sentences.inLines("One.\n\nTwo.\n"));
		assertEquals(Sentences.inLines("x ".repeat(100)), Sentences.inLines(Sentences.inLines("x ".repeat(100))));
	}
}
