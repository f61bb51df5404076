package sc.fiji.diffedit.fiji;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import ij.ImagePlus;
import ij.measure.ResultsTable;

/**
 * The tables about an edit.
 *
 * @param parts a row for each part of the mask
 * @param overlap how well the mask agrees with a reference, if there is one
 */
public record Measured(ResultsTable parts, Optional<ResultsTable> overlap) {

	/**
	 * @param after the edited image; {@code null} for none
	 * @param reference what the mask should be, if that is known
	 */
	public static Measured of(final MaskParts mask, final ImagePlus before, final ImagePlus after, final Optional<MaskParts> reference) {
		return new Measured(EditMeasurement.ofParts(mask, before, after), reference.map(should -> EditMeasurement.overlap(mask, should, before)));
	}

	/**
	 * Saves them as CSV, the overlap beside the parts as {@code NAME-overlap.csv}.
	 *
	 * @return the files
	 * @throws sc.fiji.diffedit.DiffEditException if one cannot be written
	 */
	public List<Path> save(final Path file) {
		final List<Path> files = new ArrayList<>(List.of(file));
		TableFiles.save(parts, file);
		overlap.ifPresent(table -> {
			final Path beside = file.resolveSibling(file.getFileName().toString().replaceFirst("(\\.[^.]*)?$", "-overlap$1"));
			TableFiles.save(table, beside);
			files.add(beside);
		});
		return files;
	}
}
