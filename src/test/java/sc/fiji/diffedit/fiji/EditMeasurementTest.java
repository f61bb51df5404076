package sc.fiji.diffedit.fiji;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import ij.IJ;
import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.OvalRoi;
import ij.gui.PointRoi;
import ij.gui.Roi;
import ij.gui.ShapeRoi;
import ij.measure.Calibration;
import ij.measure.Measurements;
import ij.measure.ResultsTable;
import ij.plugin.filter.Analyzer;
import ij.process.ByteProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;

import sc.fiji.diffedit.DiffEditException;

/** Tables about edits, by images that are made by hand. Pixels are 0.5 um wide and 0.25 um high. */
class EditMeasurementTest {

	private static final int W = 16, H = 12;

	private static ImagePlus image(final ImageProcessor... planes) {
		final ImageStack stack = new ImageStack(W, H);
		for (final ImageProcessor plane : planes) stack.addSlice(plane);
		final ImagePlus image = new ImagePlus("image", stack);
		image.getCalibration().pixelWidth = 0.5;
		image.getCalibration().pixelHeight = 0.25;
		image.getCalibration().setUnit("um");
		return image;
	}

	/** Grey value 10 everywhere, but a rectangle of another one. */
	private static ShortProcessor grey(final int value, final Roi where) {
		final ShortProcessor pixels = new ShortProcessor(W, H);
		pixels.setValue(10);
		pixels.fill();
		pixels.setValue(value);
		pixels.fill(where);
		return pixels;
	}

	@Test
	void numbersAreThoseOfAHandCount() {
		final Roi box = new Roi(4, 2, 3, 2);                                       // 6 pixels of 0.125 um2, middle at pixel 5.5, 3
		final ImagePlus before = image(grey(40, new Roi(4, 2, 3, 1))), after = image(grey(100, box));
		final ImagePlus labels = image(mask(box, 7));
		final ResultsTable table = EditMeasurement.ofParts(MaskParts.of(labels, before, false), before, after);
		assertEquals(1, table.size());
		assertEquals("1", table.getStringValue("Part", 0));
		row(table, 0, "Area", 0.75, "X", 2.75, "Y", 0.75, "Mean before", 25, "IntDen before", 18.75, "RawIntDen before", 150,
			"Mean after", 100, "IntDen after", 75, "RawIntDen after", 600, "Mean difference", 75);
	}

	private static void row(final ResultsTable table, final int row, final Object... expected) {
		for (int i = 0; i < expected.length; i += 2) {
			assertEquals(((Number) expected[i + 1]).doubleValue(), table.getValue((String) expected[i], row), 1e-9, (String) expected[i]);
		}
	}

	private static ByteProcessor mask(final Roi where, final int value) {
		final ByteProcessor pixels = new ByteProcessor(W, H);
		pixels.setValue(value);
		pixels.fill(where);
		return pixels;
	}

	@Test
	void numbersAreThoseOfAnalyzeMeasure() {
		final FloatProcessor pixels = new FloatProcessor(W, H);
		for (int i = 0; i < W * H; i++) pixels.setf(i, (float) Math.sin(i) * 100);
		final ImagePlus before = image(pixels), after = image(grey(3, new Roi(0, 0, 9, 9)).duplicate());
		after.getCalibration().setFunction(Calibration.STRAIGHT_LINE, new double[] { 5, 2 }, "od");
		final Roi oval = new OvalRoi(3, 2, 9, 7);
		final ResultsTable table = EditMeasurement.ofParts(MaskParts.of(List.of(oval), before), before, after);
		final ResultsTable was = measured(before, oval), is = measured(after, oval);
		for (final String column : List.of("Area", "X", "Y")) assertEquals(was.getValue(column, 0), table.getValue(column, 0));
		for (final String column : List.of("Mean", "IntDen", "RawIntDen")) {
			assertEquals(was.getValue(column, 0), table.getValue(column + " before", 0));
			assertEquals(is.getValue(column, 0), table.getValue(column + " after", 0));
		}
		assertEquals(11, is.getValue("Mean", 0), 5, "a density calibration counts");
	}

	private static ResultsTable measured(final ImagePlus image, final Roi roi) {
		image.setRoi(roi);
		final ResultsTable table = new ResultsTable();
		new Analyzer(image, Measurements.AREA + Measurements.MEAN + Measurements.CENTROID + Measurements.INTEGRATED_DENSITY, table).measure();
		image.deleteRoi();
		return table;
	}

	@Test
	void labelsArePartsAndConnectedPixelsAreWhereThereIsOneValue() {
		final ImagePlus image = image(grey(20, new Roi(0, 0, 2, 2)));
		final ShapeRoi two = new ShapeRoi(new Roi(1, 1, 3, 3)).or(new ShapeRoi(new Roi(4, 4, 2, 2)));       // they touch at a corner
		assertEquals(List.of("1", "2"), names(MaskParts.of(image(mask(two, 255)), image, false)));
		assertEquals(List.of("1"), names(MaskParts.of(image(mask(two, 255)), image, true)));
		assertEquals(List.of("1", "2"), names(MaskParts.connected(two, image, false)));
		final ByteProcessor labels = mask(new Roi(1, 1, 3, 3), 9);
		labels.setValue(4);
		labels.fill(new Roi(8, 8, 2, 2));
		labels.set(15, 11, 9);
		final MaskParts parts = MaskParts.of(image(labels), image, false);
		assertEquals(List.of("4", "9"), names(parts));
		row(EditMeasurement.ofParts(parts, image), 1, "Area", 10 * 0.125);
	}

	private static List<String> names(final MaskParts parts) {
		return parts.parts().stream().map(MaskParts.Part::name).toList();
	}

	@Test
	void moreLabelsThanSixteenBitsHold() {
		final int edge = 600;
		final FloatProcessor many = new FloatProcessor(edge, edge);
		for (int y = 0; y < edge; y += 2) {
			for (int x = 0; x < edge; x += 2) many.setf(x, y, 1);
		}
		final ImagePlus labels = LabelImages.toImagePlus(Masks.of(many), false, new ImagePlus("", many));
		assertEquals(32, labels.getBitDepth());
		final ImagePlus image = new ImagePlus("many", many);
		final List<MaskParts.Part> parts = MaskParts.of(labels, image, false).parts();
		assertEquals(90000, parts.size());
		assertEquals("90000", parts.get(89999).name());
	}

	@Test
	void overlapIsCountedPlaneByPlaneAndInAll() {
		final ImagePlus image = image(grey(1, new Roi(0, 0, 1, 1)), grey(1, new Roi(0, 0, 1, 1)));
		final ImagePlus found = image(mask(new Roi(0, 0, 4, 2), 255), mask(new Roi(0, 0, 2, 2), 255)), truth = image(mask(new Roi(2, 0, 4, 2), 1), new ByteProcessor(W, H));
		final ResultsTable table = EditMeasurement.overlap(MaskParts.of(found, image, false), MaskParts.of(truth, image, false), image);
		assertEquals(3, table.size());
		row(table, 0, "Slice", 1, "Mask area", 1, "Reference area", 1, "Common area", 0.5, "IoU", 4 / 12.0, "Dice", 0.5, "Precision", 0.5, "Recall", 0.5);
		row(table, 1, "Slice", 2, "IoU", 0, "Dice", 0, "Precision", 0);
		assertTrue(Double.isNaN(table.getValue("Recall", 1)), "there is no reference");
		row(table, 2, "IoU", 4 / 16.0, "Dice", 8 / 20.0, "Precision", 4 / 12.0, "Recall", 0.5);
		assertEquals("all 2", table.getStringValue("Planes", 2));
	}

	@Test
	void selectionsAndResultsBelongToTheirPlanes() {
		final ImagePlus image = image(grey(20, new Roi(0, 0, W, H)), grey(30, new Roi(0, 0, W, H)), grey(40, new Roi(0, 0, W, H)));
		image.setSlice(3);
		final Roi second = new Roi(1, 1, 2, 2), shown = new Roi(2, 2, 2, 2);
		second.setPosition(2);
		second.setName("cell");
		final MaskParts parts = MaskParts.of(List.of(second, shown), image);
		final ImagePlus after = image(grey(33, new Roi(0, 0, W, H)), grey(44, new Roi(0, 0, W, H)));
		Provenance.of("edit").with("planes", "z=2-3").describe(after);
		final ResultsTable table = EditMeasurement.ofParts(parts, image, after);
		row(table, 0, "Slice", 2, "Mean before", 30, "Mean after", 33);
		row(table, 1, "Slice", 3, "Mean before", 40, "Mean after", 44);
		assertEquals("cell", table.getStringValue("Part", 0));
		final ImagePlus single = image(grey(25, new Roi(0, 0, W, H)));
		Provenance.of("edit").with("slice", 2).with("frame", 1).describe(single);
		final ResultsTable one = EditMeasurement.ofParts(parts, image, single);
		row(one, 0, "Mean difference", -5);
		assertTrue(Double.isNaN(one.getValue("Mean difference", 1)), "the third plane was not edited");
	}

	@Test
	void whatDoesNotFitIsRefusedInASentence() {
		final ImagePlus image = image(grey(20, new Roi(0, 0, 2, 2)));
		final ImagePlus other = IJ.createImage("other", "8-bit", 3, 3, 1), two = image(IntStream.range(0, 2).mapToObj(i -> grey(1, new Roi(0, 0, 1, 1))).toArray(ImageProcessor[]::new));
		assertEquals("\"other\" has 3 x 3 pixels, but \"image\" has 16 x 12; they must be the same.",
			assertThrows(DiffEditException.class, () -> MaskParts.of(other, image, false)).getMessage());
		assertTrue(assertThrows(DiffEditException.class, () -> MaskParts.of(two, image, false)).getMessage().contains("nothing tells which belong together"));
		assertThrows(DiffEditException.class, () -> MaskParts.of(List.of(), image));
		assertThrows(DiffEditException.class, () -> MaskParts.of(List.of(new PointRoi(1, 1)), image));
	}
}
