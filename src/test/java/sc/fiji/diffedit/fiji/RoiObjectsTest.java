package sc.fiji.diffedit.fiji;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.GraphicsEnvironment;
import java.awt.Rectangle;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.Line;
import ij.gui.OvalRoi;
import ij.gui.PolygonRoi;
import ij.gui.Roi;
import ij.gui.TextRoi;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.pipelines.ObjectLabels;

/** Outlines are the objects of the label image into which ImageJ draws them. */
class RoiObjectsTest {

	private static final ImagePlus CELLS = IJ.createHyperStack("cells", 20, 16, 1, 3, 1, 8);
	private static final Rectangle ALL = new Rectangle(20, 16);

	/** The second one overlaps the first. */
	private static List<Roi> outlines() {
		return List.of(new OvalRoi(1, 2, 9, 7), new PolygonRoi(new int[] { 6, 14, 9 }, new int[] { 4, 5, 13 }, 3, Roi.POLYGON), new Roi(15, 0, 3, 4));
	}

	private static ImagePlus drawn() {
		final ImagePlus labels = IJ.createImage("labels", "16-bit black", 20, 16, 1);
		for (int i = 0; i < 3; i++) {
			labels.getProcessor().setValue(10 * (i + 1));
			labels.getProcessor().fill(outlines().get(i));
		}
		return labels;
	}

	private static RoiObjects objects(final List<Roi> rois) {
		return RoiObjects.of(rois, "The list", CELLS);
	}

	/** In a macro in batch mode ImageJ makes a hidden ROI Manager, which fails without a display. */
	@Test
	void theRoiManagerHasNoAreasOrNeedsADisplay() {
		final String expected = GraphicsEnvironment.isHeadless() ? "The ROI Manager needs a display, and there is none" : "The ROI Manager has no areas";
		final String told = IJ.runMacro("setBatchMode(true); return call('" + Manager.class.getName() + ".refused');");
		assertTrue(told.startsWith(expected), told);
	}

	/** What a macro calls. */
	public static final class Manager {

		private Manager() {}

		public static String refused() {
			return assertThrows(DiffEditException.class, () -> RoiObjects.managed(CELLS)).getMessage();
		}
	}

	@Test
	void outlinesAreTheObjectsOfTheLabelImageDrawnFromThem() {
		final Position plane = new Position(1, 2, 1);
		for (final Rectangle part : List.of(ALL, new Rectangle(5, 3, 12, 9))) {
			final ObjectLabels expected = LabelImages.objects(drawn(), CELLS, plane, part), found = objects(outlines()).on(plane, part);
			assertArrayEquals(expected.labels(), found.labels());
			assertEquals(PixelHash.of(expected), PixelHash.of(found));
		}
		assertArrayEquals(LabelImages.objects(drawn(), CELLS, plane, ALL).labels(), LabelImages.objects(objects(outlines()).toLabelImage(), CELLS, plane, ALL).labels());
	}

	@Test
	void anOutlineWithAPositionIsOnItsPlaneAlone() {
		final Roi everywhere = new Roi(0, 0, 2, 2), second = new Roi(5, 5, 3, 3);
		second.setPosition(1, 2, 1);
		final RoiObjects objects = objects(List.of(everywhere, second));
		assertEquals(List.of(1, 2, 1), List.of(1, 2, 3).stream().map(slice -> objects.on(new Position(1, slice, 1), ALL).count()).toList());
		final ImagePlus labels = objects.toLabelImage();
		assertEquals(List.of(3, 2f), List.of(labels.getNSlices(), labels.getStack().getProcessor(2).getf(6, 6)));
		assertEquals(0, labels.getStack().getProcessor(1).getf(6, 6));
	}

	/** What lies beyond the image is cut off, and annotations in an overlay are no objects. */
	@Test
	void onlyAreasOnTheImageCount() {
		final RoiObjects objects = objects(List.of(new Roi(18, 14, 9, 9), new Roi(50, 50, 4, 4), new Line(0, 0, 9, 9), new TextRoi(2, 2, "cell")));
		assertEquals(4, Arrays.stream(objects.on(new Position(1, 1, 1), ALL).labels()).filter(label -> label == 1).count());
		assertEquals(1, objects.on(new Position(1, 1, 1), ALL).count());
		assertEquals("The list has no areas; add the outline of each object to it.", assertThrows(DiffEditException.class, () -> objects(List.of(new Line(0, 0, 9, 9)))).getMessage());
		assertEquals("The overlay of \"cells\" has no areas; add the outline of each object to it.", assertThrows(DiffEditException.class, () -> RoiObjects.overlaid(CELLS)).getMessage());
	}

	@Test
	void otherOutlinesHaveAnotherHash() {
		final Position plane = new Position(1, 1, 1);
		assertNotEquals(PixelHash.of(objects(outlines()).on(plane, ALL)), PixelHash.of(objects(outlines().subList(0, 2)).on(plane, ALL)));
	}
}
