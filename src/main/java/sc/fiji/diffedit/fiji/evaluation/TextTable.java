package sc.fiji.diffedit.fiji.evaluation;

import java.util.ArrayList;
import java.util.List;

import org.apache.commons.csv.CSVFormat;

/** A table of texts in columns. */
final class TextTable {

	private final List<List<String>> rows = new ArrayList<>();

	TextTable(final List<String> headings) {
		rows.add(headings);
	}

	/** @param cells as many as there are headings */
	void add(final List<String> cells) {
		rows.add(cells);
	}

	/** Columns two spaces apart. */
	List<String> lines() {
		final List<Integer> widths = new ArrayList<>();
		for (int column = 0; column < rows.get(0).size(); column++) {
			int widest = 0;
			for (final List<String> row : rows) widest = Math.max(widest, row.get(column).length());
			widths.add(widest);
		}
		return rows.stream().map(row -> line(row, widths)).toList();
	}

	private static String line(final List<String> row, final List<Integer> widths) {
		final StringBuilder line = new StringBuilder();
		for (int i = 0; i < row.size(); i++) line.append("  ").append(row.get(i)).append(" ".repeat(widths.get(i) - row.get(i).length()));
		return line.toString().stripTrailing();
	}

	List<String> csv() {
		return rows.stream().map(row -> CSVFormat.RFC4180.format(row.toArray())).toList();
	}
}
