package sc.fiji.diffedit.fiji;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import ij.Prefs;
import ij.measure.ResultsTable;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.WholeFile;

/** Tables as ImageJ writes them, whole or not at all. */
public final class TableFiles {

	private TableFiles() {}

	/**
	 * Writes a table: as CSV under a name that ends with {@code .csv}, else with tabulators.
	 *
	 * @throws sc.fiji.diffedit.DiffEditException if it cannot be written
	 */
	public static void save(final ResultsTable table, final Path file) {
		WholeFile.write(file, part -> write(table, part));
	}

	/**
	 * The lines of the CSV that {@link #save} writes, by way of a temporary file, since ImageJ writes tables to nothing else.
	 *
	 * @throws IOException if that cannot be written
	 */
	public static List<String> lines(final ResultsTable table) throws IOException {
		final Path file = Files.createTempFile("diffedit-", ".csv");
		try {
			write(table, file);
			return Files.readAllLines(file);
		}
		finally {
			Files.delete(file);
		}
	}

	private static void write(final ResultsTable table, final Path file) throws IOException {
		table.saveAs(file.toString());
		requireComplete(table, file);
	}

	/** ImageJ's writer says nothing on a full disk: the file ends somewhere. Each row ends with a line break. */
	private static void requireComplete(final ResultsTable table, final Path part) throws IOException {
		final byte[] written = Files.readAllBytes(part);
		final int rows = table.size() == 0 || Prefs.dontSaveHeaders ? table.size() : table.size() + 1;
		int lines = 0;
		for (final byte one : written) if (one == '\n') lines++;
		final boolean ends = written.length == 0 || written[written.length - 1] == '\n';
		if (lines < rows || !ends) throw new IOException("only " + Counted.of(lines, "line") + " of the table arrived");
	}
}
