package sc.fiji.diffedit.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import sc.fiji.diffedit.DiffEditException;

/** Files of others, read whole: one sentence for each of what they may be instead. */
class SmallFileTest {

	private static final SmallFile NOTE = new SmallFile("a note", 10, "choose a note");

	@TempDir
	Path temp;

	private static void says(final String sentence, final Path file) {
		assertEquals(sentence, assertThrows(DiffEditException.class, () -> NOTE.read(file, "note.txt")).getMessage());
	}

	@Test
	void whatIsNoSmallTextIsRefused() throws IOException {
		final Path file = temp.resolve("note.txt");
		says("There is no note.txt; choose a note.", file);
		says("There is no note.txt; choose a note.", temp);
		Files.write(file, new byte[] { 'a', (byte) 0xFF });
		says("note.txt is no text in UTF-8; choose a note.", file);
		Files.writeString(file, "01234567890");
		says("note.txt has 11 bytes, too many for a note; choose a note.", file);
		Files.writeString(file, "0123456789");
		assertEquals("0123456789", NOTE.read(file));
	}
}
