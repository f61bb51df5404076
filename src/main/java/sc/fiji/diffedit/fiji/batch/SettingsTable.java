package sc.fiji.diffedit.fiji.batch;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.RegularFile;
import sc.fiji.diffedit.WholeFile;

/**
 * A table of settings, as spreadsheets write it: names of columns in the first line; commas, semicolons or tabs between cells; UTF-8
 * or UTF-16 with a mark at the beginning. Cells are texts: what looks like a formula is one too.
 *
 * @param name for messages
 * @param columns names as they are written
 * @param rows the cells that are not empty, by their columns
 */
public record SettingsTable(String name, List<String> columns, List<Map<String, String>> rows) {

	private static final int MOST_BYTES = 64 << 20, MOST_ROWS = 1_000_000, MOST_COLUMNS = 200, MOST_LETTERS = 20_000;
	private static final char MARK = '\uFEFF';

	/**
	 * Reads a file.
	 *
	 * @throws DiffEditException if it is missing, too large, or no table; the sentence names the line
	 */
	public static SettingsTable read(final Path file) {
		try (InputStream in = RegularFile.open(file)) {
			return read(in, file.toString());
		}
		catch (final IOException e) {
			throw new DiffEditException("The table " + file + " cannot be read (" + WholeFile.reason(e) + "); give the path of a CSV or TSV file.", e);
		}
	}

	/** Reads a stream to its end; as {@link #read(Path)}. */
	public static SettingsTable read(final InputStream in, final String name) throws IOException {
		final byte[] bytes = in.readNBytes(MOST_BYTES + 1);
		if (bytes.length > MOST_BYTES) throw new DiffEditException("The table " + name + " has more than " + (MOST_BYTES >> 20) + " MB; split it.");
		final String text = text(bytes, name);
		final String head = text.lines().filter(line -> !line.isBlank()).findFirst()
			.orElseThrow(() -> new DiffEditException("The table " + name + " is empty; write the names of settings into its first line, such as image,source,target."));
		try (Reader reader = new StringReader(text); CSVParser parser = CSVParser.parse(reader, format(head))) {
			return read(parser, name);
		}
		catch (final IOException | UncheckedIOException e) {
			final String reason = e instanceof UncheckedIOException unchecked ? unchecked.getCause().getMessage() : e.getMessage();
			throw new DiffEditException("The table " + name + " is damaged (" + reason + "); check its quotes.", e);
		}
	}

	private static String text(final byte[] bytes, final String name) throws IOException {
		final boolean wide = bytes.length > 1 && ((bytes[0] & 0xFF) == 0xFF && (bytes[1] & 0xFF) == 0xFE || (bytes[0] & 0xFF) == 0xFE && (bytes[1] & 0xFF) == 0xFF);
		final Charset charset = wide ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
		final String text;
		try {
			text = charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
		}
		catch (final CharacterCodingException e) {
			throw new DiffEditException("The table " + name + " is not a text in UTF-8; save it as \"CSV UTF-8\".", e);
		}
		if (text.indexOf('\0') >= 0) throw new DiffEditException("The table " + name + " is not a text; save it as CSV, not as a workbook.");
		return !text.isEmpty() && text.charAt(0) == MARK ? text.substring(1) : text;
	}

	/** What stands between the cells of the first line stands between all. */
	private static CSVFormat format(final String head) {
		final char between = head.indexOf('\t') >= 0 ? '\t' : head.indexOf(',') < 0 && head.indexOf(';') >= 0 ? ';' : ',';
		return CSVFormat.RFC4180.builder().setDelimiter(between).setIgnoreEmptyLines(true).setIgnoreSurroundingSpaces(between != '\t').get();
	}

	private static SettingsTable read(final CSVParser parser, final String name) {
		List<String> columns = null;
		final List<Map<String, String>> rows = new ArrayList<>();
		for (final CSVRecord line : parser) {
			if (columns == null) columns = columns(line, name);
			else if (!line.stream().allMatch(String::isBlank)) rows.add(row(line, columns, name));
			if (rows.size() > MOST_ROWS) throw new DiffEditException("The table " + name + " has more than " + MOST_ROWS + " rows; split it.");
		}
		return new SettingsTable(name, columns, rows);
	}

	private static List<String> columns(final CSVRecord line, final String name) {
		if (line.size() > MOST_COLUMNS) throw new DiffEditException("The table " + name + " has " + Counted.of(line.size(), "column") + "; it may have " + MOST_COLUMNS + ".");
		final List<String> columns = new ArrayList<>();
		for (final String cell : line) {
			final String column = cell.strip();
			if (!column.isEmpty() && columns.stream().anyMatch(other -> Verb.plain(other).equals(Verb.plain(column)))) {
				throw new DiffEditException("The table " + name + " has the column '" + column + "' twice; keep one.");
			}
			columns.add(column);
		}
		return columns;
	}

	private static Map<String, String> row(final CSVRecord line, final List<String> columns, final String name) {
		final Map<String, String> row = new LinkedHashMap<>();
		for (int i = 0; i < line.size(); i++) {
			final String cell = line.get(i).strip();
			if (cell.isEmpty()) continue;
			if (i >= columns.size() || columns.get(i).isEmpty()) {
				throw new DiffEditException("The table " + name + " has no name for the column of '" + shortened(cell) + "' in line " + line.getParser().getCurrentLineNumber()
					+ "; put texts with commas into quotes, or name the column.");
			}
			if (cell.length() > MOST_LETTERS) throw new DiffEditException("The table " + name + " has a cell with " + cell.length() + " letters; it may have " + MOST_LETTERS + ".");
			row.put(columns.get(i), cell);
		}
		return row;
	}

	private static String shortened(final String cell) {
		return cell.length() > 40 ? cell.substring(0, 40) + "..." : cell;
	}

	/** One row without settings of its own, where there is no table. */
	static SettingsTable none() {
		return new SettingsTable("", List.of(), List.of(Map.of()));
	}
}
