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
	 * together. With TP pixels in both, IoU (Jaccard) is TP / either, Dice 2 TP / (mask + reference), precision TP / mask and recall TP /
	 * reference; NaN where nothing is divided by.
	 */
	public static ResultsTable overlap(final MaskParts mask, final MaskParts reference, final ImagePlus image) {
		final Set<Position> planes = new LinkedHashSet<>();
		for (final MaskParts parts : new MaskParts[] { mask, reference }) parts.parts().forEach(part -> planes.add(new Position(1, part.plane().slice(), part.plane().frame())));
		final ResultsTable table = new ResultsTable();
		Counts all = new Counts(0, 0, 0);
		for (final Position plane : planes.stream().sorted(Comparator.comparingInt(Position::frame).thenComparingInt(Position::slice)).toList()) {
			final Counts here = Counts.of(mask.on(plane), reference.on(plane));
			all = all.plus(here);
			table.incrementCounter();
			table.addValue("Planes", "1");
			addPlane(table, plane, image);
			here.addTo(table, image);
		}
		if (planes.size() == 1) return table;
		table.incrementCounter();
		table.addValue("Planes", planes.isEmpty() ? "none" : "all " + planes.size());
		all.addTo(table, image);
		return table;
	}

	/** Numbers of pixels. */
	private record Counts(long mask, long reference, long both) {

		static Counts of(final Optional<Mask> mask, final Optional<Mask> reference) {
			long ofMask = 0, ofReference = 0, ofBoth = 0;
			final int size = mask.or(() -> reference).map(any -> any.values().length).orElse(0);
			for (int i = 0; i < size; i++) {
				final boolean one = mask.isPresent() && mask.get().values()[i] >= 0.5f, other = reference.isPresent() && reference.get().values()[i] >= 0.5f;
				if (one) ofMask++;
				if (other) ofReference++;
				if (one && other) ofBoth++;
			}
			return new Counts(ofMask, ofReference, ofBoth);
		}

		Counts plus(final Counts more) {
			return new Counts(mask + more.mask, reference + more.reference, both + more.both);
		}

		void addTo(final ResultsTable table, final ImagePlus image) {
			final double pixel = image.getCalibration().pixelWidth * image.getCalibration().pixelHeight;
			table.addValue("Mask area", mask * pixel);
			table.addValue("Reference area", reference * pixel);
			table.addValue("Common area", both * pixel);
			table.addValue("IoU", (double) both / (mask + reference - both));
			table.addValue("Dice", 2.0 * both / (mask + reference));
			table.addValue("Precision", (double) both / mask);
			table.addValue("Recall", (double) both / reference);
		}
	}
}
