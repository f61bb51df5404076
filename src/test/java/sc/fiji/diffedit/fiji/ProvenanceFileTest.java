package sc.fiji.diffedit.fiji;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import sc.fiji.diffedit.DiffEditException;

/** How a result was made, as a file beside it. */
class ProvenanceFileTest {

	@TempDir
	private Path folder;

	@Test
	void aFileReadsBackInOrder() {
		final Provenance made = Provenance.of("edit").with("source", "a \"green\" nucleus\nin \u03bcm \\").with("seed", 7).with("guidance", 7.5);
		final Path file = folder.resolve("edit.json");
		ProvenanceFile.write(file, made);
		final Provenance read = ProvenanceFile.read(file);
		assertEquals(made.entries(), read.entries());
		assertEquals(made.text(), read.text(), "the order is the same");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "[]", "{\"seed\": 7}", "{\"generatedBy\": \"DiffEdit\", \"a b\": \"c\"}", "{\"generatedBy\": \"DiffEdit\", \"seed\": [7]}",
		"{\"generatedBy\": \"DiffEdit\", \"seed\": null}" })
	void whatIsNoDescriptionIsRefused(final String text) throws IOException {
		final Path file = Files.writeString(folder.resolve("other.json"), text);
		final String message = assertThrows(DiffEditException.class, () -> ProvenanceFile.read(file)).getMessage();
		assertTrue(message.startsWith("other.json "), message);
	}

	@Test
	void aHugeFileIsNotRead() throws IOException {
		final Path file = Files.write(folder.resolve("huge.json"), new byte[(4 << 20) + 1]);
		final String message = assertThrows(DiffEditException.class, () -> ProvenanceFile.read(file)).getMessage();
		assertTrue(message.contains("too many for the description of a result"), message);
	}
}
