package sc.fiji.diffedit.fiji.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import ij.ImagePlus;
import ij.measure.ResultsTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.WholeFile;
import sc.fiji.diffedit.fiji.MaskParts;
import sc.fiji.diffedit.fiji.Measured;
import sc.fiji.diffedit.fiji.TableFiles;
import sc.fiji.diffedit.fiji.batch.ImageFiles;
import sc.fiji.diffedit.fiji.batch.SelectionFiles;

/** Measures an edit. */
@Command(name = "measure", description = {
	"Measures the parts of a mask in an image before and after an edit, and tells how well the mask agrees with a reference, as Plugins > DiffEdit > Measure Edit... does. Runs no model.",
	"Masks and references are label images, binary images, or ImageJ's selections: .roi, or .zip of the ROI Manager." })
final class MeasureTool extends Tool {

	/** Columns of names; all others are numbers. */
	private static final Set<String> NAMES = Set.of("Part", "Planes");

	@Parameters(paramLabel = "IMAGE", description = "The image before the edit.")
	private Path image;
	@Option(names = "--after", paramLabel = "FILE", description = "The edited image; without one only the image before is measured.")
	private Path after;
	@Option(names = "--drawn-mask", paramLabel = "FILE", description = "What is measured; without it the selection that was saved with the image.")
	private Path mask;
	@Option(names = "--reference", paramLabel = "FILE", description = "What the mask should be: adds a table of IoU, Dice, precision and recall.")
	private Path reference;
	@Option(names = "--corners", description = "Pixels that touch at a corner are of the same part.")
	private boolean corners;
	@Option(names = { "-o", "--output" }, paramLabel = "FILE", description = {
		"The table of parts as CSV, the comparison beside it as FILE-overlap.csv; without it both go to the standard output, with an empty line between them." })
	private Path output;

	MeasureTool(final Terminal terminal) {
		super(terminal);
	}

	@Override
	public Integer call() {
		final ImagePlus before = ImageFiles.open(image);
		final MaskParts parts = mask == null ? selected(before) : parts(mask, before);
		final Measured measured = Measured.of(parts, before, after == null ? null : ImageFiles.open(after), Optional.ofNullable(reference).map(file -> parts(file, before)));
		report(measured, output == null ? List.of() : measured.save(output));
		return ExitCode.DONE;
	}

	private MaskParts selected(final ImagePlus before) {
		if (before.getRoi() != null) return MaskParts.connected(before.getRoi(), before, corners);
		throw new WrongUseException(new DiffEditException(image + " has no selection of its own; give the mask by --drawn-mask FILE."));
	}

	private MaskParts parts(final Path file, final ImagePlus before) {
		return SelectionFiles.isOne(file) ? MaskParts.of(SelectionFiles.read(file), before) : MaskParts.of(ImageFiles.open(file), before, corners);
	}

	private void report(final Measured measured, final List<Path> files) {
		final Map<String, Object> json = new LinkedHashMap<>();
		json.put("files", files.stream().map(Path::toString).toList());
		json.put("parts", rows(measured.parts()));
		measured.overlap().ifPresent(table -> json.put("overlap", rows(table)));
		final List<String> lines = new ArrayList<>(files.stream().map(Path::toString).toList());
		if (files.isEmpty()) lines.addAll(csv(measured));
		common().result(json, lines);
	}

	private static List<Map<String, Object>> rows(final ResultsTable table) {
		final List<Map<String, Object>> rows = new ArrayList<>();
		for (int i = 0; i < table.size(); i++) {
			final Map<String, Object> row = new LinkedHashMap<>();
			for (final String column : table.getHeadings()) {
				final double number = table.columnExists(column) ? table.getValue(column, i) : Double.NaN;
				if (NAMES.contains(column)) row.put(column, table.getStringValue(column, i));
				else if (table.columnExists(column)) row.put(column, Double.isNaN(number) ? null : number);
			}
			rows.add(row);
		}
		return rows;
	}

	private static List<String> csv(final Measured measured) {
		final List<String> lines = new ArrayList<>(csv(measured.parts()));
		measured.overlap().ifPresent(table -> {
			lines.add("");
			lines.addAll(csv(table));
		});
		return lines;
	}

	private static List<String> csv(final ResultsTable table) {
		try {
			return TableFiles.lines(table);
		}
		catch (final IOException e) {
			throw new DiffEditException("The table cannot be written (" + WholeFile.reason(e) + "); make room in the system's folder for temporary files, or give -o FILE.", e);
		}
	}
}
