package sc.fiji.diffedit.fiji;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

import ij.ImagePlus;
import ij.gui.Roi;
import ij.measure.Measurements;
import ij.measure.ResultsTable;
import ij.plugin.filter.Analyzer;
import ij.process.ImageProcessor;

import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Overlap;

/**
 * Tables about an edit: its mask's parts, before and after, and how well the mask agrees with a reference. The numbers of parts are
 * those of {@code Analyze > Measure} in the channel that an image shows: in calibrated units, of colour images their brightness. In Groovy:
 *
 * <pre>{@code
 * parts = MaskParts.of(labels, before, false)
 * EditMeasurement.ofParts(parts, before, after).save("/data/parts.csv")
 * EditMeasurement.overlap(parts, MaskParts.of(truth, before, false), before).save("/data/overlap.csv")
 * }</pre>
 */
public final class EditMeasurement {

	private static final int MEASURED = Measurements.AREA | Measurements.MEAN | Measurements.CENTROID | Measurements.INTEGRATED_DENSITY;

	private EditMeasurement() {}

	/** A row for each part of a mask, without an image after the edit. */
	public static ResultsTable ofParts(final MaskParts mask, final ImagePlus before) {
		return ofParts(mask, before, null);
	}

	/**
	 * A row for each part of a mask: area and centroid, mean and integrated density before and after, and the mean's difference.
	 *
	 * @param after of the same size; {@code null} for none. Planes that it does not show have no numbers after
	 */
	public static ResultsTable ofParts(final MaskParts mask, final ImagePlus before, final ImagePlus after) {
		final Optional<PlaneMatch> edited = Optional.ofNullable(after).map(image -> new PlaneMatch(image, before));
		final ResultsTable table = new ResultsTable();
		table.setNaNEmptyCells(true);                                      // not 0, where a plane was not edited
		for (final MaskParts.Part part : mask.parts()) {
			table.incrementCounter();
			table.addValue("Part", part.name());
			addPlane(table, part.plane(), before);
			final ResultsTable was = measured(part, plane(before, part.plane()), before);
			for (final String column : new String[] { "Area", "X", "Y" }) table.addValue(column, was.getValue(column, 0));
			addDensity(table, was, "before");
			edited.flatMap(match -> match.of(part.plane())).map(pixels -> measured(part, pixels, after)).ifPresent(is -> {
				addDensity(table, is, "after");
				table.addValue("Mean difference", is.getValue("Mean", 0) - was.getValue("Mean", 0));
			});
		}
		return table;
	}

	private static void addDensity(final ResultsTable table, final ResultsTable measured, final String when) {
		for (final String column : new String[] { "Mean", "IntDen", "RawIntDen" }) table.addValue(column + " " + when, measured.getValue(column, 0));
	}

	private static void addPlane(final ResultsTable table, final Position plane, final ImagePlus image) {
		if (image.getNSlices() > 1) table.addValue("Slice", plane.slice());
		if (image.getNFrames() > 1) table.addValue("Frame", plane.frame());
	}

	private static ImageProcessor plane(final ImagePlus image, final Position at) {
		return ImagePlusView.processor(image, image.getStackIndex(Position.of(image).channel(), at.slice(), at.frame()));
	}

	/** One row by ImageJ's own analyzer. @param like whose calibration counts */
	private static ResultsTable measured(final MaskParts.Part part, final ImageProcessor pixels, final ImagePlus like) {
		final ImagePlus image = new ImagePlus(like.getTitle(), pixels);
		image.setCalibration(like.getCalibration());
		image.setRoi((Roi) part.roi().clone());
		final ResultsTable row = new ResultsTable();
		new Analyzer(image, MEASURED, row).saveResults(image.getStatistics(MEASURED), image.getRoi());
		return row;
	}

	/**
	 * How well a mask agrees with a reference: a row for each plane that either of them is on, and for several a last one for all
	 * together, with the figures of {@link Overlap}.
	 */
	public static ResultsTable overlap(final MaskParts mask, final MaskParts reference, final ImagePlus image) {
		final Set<Position> planes = new LinkedHashSet<>();
		for (final MaskParts parts : new MaskParts[] { mask, reference }) parts.parts().forEach(part -> planes.add(new Position(1, part.plane().slice(), part.plane().frame())));
		final ResultsTable table = new ResultsTable();
		Overlap all = Overlap.EMPTY;
		for (final Position plane : planes.stream().sorted(Comparator.comparingInt(Position::frame).thenComparingInt(Position::slice)).toList()) {
			final Overlap here = overlap(mask.on(plane), reference.on(plane));
			all = all.plus(here);
			table.incrementCounter();
			table.addValue("Planes", "1");
			addPlane(table, plane, image);
			add(here, table, image);
		}
		if (planes.size() == 1) return table;
		table.incrementCounter();
		table.addValue("Planes", planes.isEmpty() ? "none" : "all " + planes.size());
		add(all, table, image);
		return table;
	}

	/** An absent mask is empty. */
	private static Overlap overlap(final Optional<Mask> mask, final Optional<Mask> reference) {
		final Optional<Mask> empty = mask.or(() -> reference).map(any -> Mask.filled(any.width(), any.height(), 0));
		return empty.map(none -> Overlap.of(mask.orElse(none), reference.orElse(none))).orElse(Overlap.EMPTY);
	}

	private static void add(final Overlap overlap, final ResultsTable table, final ImagePlus image) {
		final double pixel = image.getCalibration().pixelWidth * image.getCalibration().pixelHeight;
		table.addValue("Mask area", overlap.mask() * pixel);
		table.addValue("Reference area", overlap.reference() * pixel);
		table.addValue("Common area", overlap.both() * pixel);
		table.addValue("IoU", overlap.iou());
		table.addValue("Dice", overlap.dice());
		table.addValue("Precision", overlap.precision());
		table.addValue("Recall", overlap.recall());
	}
}
