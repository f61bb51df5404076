package sc.fiji.diffedit.fiji;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import ij.measure.ResultsTable;

class TableFilesTest {

	private static ResultsTable filled(final ResultsTable table) {
		for (int row = 1; row <= 2; row++) {
			table.incrementCounter();
			table.addLabel("cell " + row);
			table.addValue("Area", row);
		}
		return table;
	}

	@Test
	void linesAreThoseOfTheFileForEachTable() throws IOException {
		assertEquals(List.of("Label,Area", "cell 1,1", "cell 2,2"), TableFiles.lines(filled(new ResultsTable())));
		assertEquals(List.of(), TableFiles.lines(new ResultsTable()));
	}

	/** What ImageJ leaves on a full disk, without a word. */
	@Test
	void linesThatDidNotFitAreNotLeftOutSilently() {
		final ResultsTable table = filled(new ResultsTable() {

			@Override
			public void saveAs(final String path) throws IOException {
				Files.writeString(Path.of(path), "Label,Area\ncel");
			}
		});
		assertThrows(IOException.class, () -> TableFiles.lines(table));
	}
}
