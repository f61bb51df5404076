package sc.fiji.diffedit.fiji.batch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

import ij.measure.ResultsTable;

import sc.fiji.diffedit.WholeFile;
import sc.fiji.diffedit.fiji.batch.RowResult.Status;

/** What became of the rows of a batch: as a table, a CSV file, a sentence. */
public final class Summary {

	/** The file in the output folder. */
	public static final String FILE = "summary.csv";

	private static final List<String> COLUMNS = List.of("row", "operation", "image", "output", "status", "reason", "seconds", "notices");

	private final List<RowResult> results;

	public Summary(final List<RowResult> results) {
		this.results = results;
	}

	public List<RowResult> results() {
		return results;
	}

	/** How many rows have a status. */
	public int count(final Status status) {
		return (int) results.stream().filter(result -> result.status() == status).count();
	}

	private static List<String> cells(final RowResult result) {
		final BatchRow row = result.row();
		return List.of(String.valueOf(row.number()), row.verb().word(), row.image(), row.output(), result.status().word(), result.reason(),
			String.format(Locale.ROOT, "%.1f", result.seconds()), String.join(" ", result.notices()));
	}

	/** Such as {@code 18 done, 1 kept, 1 failed}. */
	public String sentence() {
		final List<String> parts = new ArrayList<>();
		for (final Status status : Status.values()) {
			if (count(status) > 0) parts.add(count(status) + " " + status.word());
		}
		return parts.isEmpty() ? "nothing to do" : String.join(", ", parts);
	}

	/** The table as CSV. */
	public void print(final Appendable out) throws IOException {
		final CSVPrinter printer = new CSVPrinter(out, CSVFormat.RFC4180.builder().setRecordSeparator("\n").get());
		printer.printRecord(COLUMNS);
		for (final RowResult result : results) printer.printRecord(cells(result).stream().map(Summary::asText).toList());
	}

	/** A cell that no spreadsheet takes for a formula. */
	private static String asText(final String cell) {
		return cell.matches("(?s)[=+@\\t\\r-].*") ? "'" + cell : cell;
	}

	/** Writes the table into the output folder. */
	public void write(final Path folder) {
		WholeFile.write(folder.resolve(FILE), part -> {
			try (var out = Files.newBufferedWriter(part, StandardCharsets.UTF_8)) {
				print(out);
			}
		});
	}

	/** The table as ImageJ has tables. */
	public ResultsTable table() {
		final ResultsTable table = new ResultsTable();
		for (final RowResult result : results) {
			table.incrementCounter();
			final List<String> cells = cells(result);
			for (int i = 1; i < cells.size(); i++) table.setValue(COLUMNS.get(i), table.size() - 1, cells.get(i));
		}
		return table;
	}
}
