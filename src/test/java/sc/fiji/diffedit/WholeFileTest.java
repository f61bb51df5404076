package sc.fiji.diffedit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies in the place of a file that is being written is nobody's, and does not matter. */
class WholeFileTest {

	@TempDir
	private Path folder;

	/** Copies refuse to replace a file. */
	@Test
	void whatAKilledProcessHasLeftIsRemoved() throws IOException {
		final Path from = Files.writeString(folder.resolve("from"), "all"), part = Files.writeString(folder.resolve(WholeFile.PART + "to"), "ha");
		WholeFile.replace(folder.resolve("to"), mine -> Files.copy(from, mine));
		assertEquals("all", Files.readString(folder.resolve("to")));
		assertFalse(Files.exists(part));
	}

	@Test
	void aLinkInItsPlaceLeadsNowhere() throws IOException {
		final Path precious = Files.writeString(folder.resolve("precious"), "mine"), part = folder.resolve(WholeFile.PART + "to");
		Files.createSymbolicLink(part, precious);
		WholeFile.write(folder.resolve("to"), "all");
		assertEquals("mine", Files.readString(precious));
		assertEquals("all", Files.readString(folder.resolve("to")));
		assertFalse(Files.exists(part, LinkOption.NOFOLLOW_LINKS));
	}
}
