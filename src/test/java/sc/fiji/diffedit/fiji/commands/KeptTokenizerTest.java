package sc.fiji.diffedit.fiji.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.text.ClipTokenizer;
import sc.fiji.diffedit.weights.AlteredModel;

/** A form asks for the same tokenizer again and again. */
class KeptTokenizerTest {

	private static final String LONG = "cyan nuclei ".repeat(40) + "red rings";

	@TempDir
	Path temp;

	@Test
	void itIsReadOnceUntilItsFilesChange() {
		final Path folder = AlteredModel.copy(GoldenCase.model("sd1").resolve("tokenizer"), temp.resolve("tokenizer"));
		final ClipTokenizer first = KeptTokenizer.of(folder);
		assertTrue(KeptTokenizer.cut(folder, LONG).endsWith("red rings"));
		assertSame(first, KeptTokenizer.of(folder));
		AlteredModel.json(folder.resolve("tokenizer_config.json"), json -> json.addProperty("model_max_length", 4000));
		assertNotSame(first, KeptTokenizer.of(folder));
		assertEquals("", KeptTokenizer.cut(folder, LONG), "it takes 4000 tokens now");
	}

	@Test
	void oneThatCannotBeReadDoesNotStayForTheNext() {
		assertThrows(DiffEditException.class, () -> KeptTokenizer.of(temp.resolve("nowhere")));
		assertThrows(DiffEditException.class, () -> KeptTokenizer.of(temp));
		assertEquals("", KeptTokenizer.cut(GoldenCase.model("sd1").resolve("tokenizer"), "nuclei"));
	}
}
