package sc.fiji.diffedit.fiji.commands;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.EllipseRoi;
import ij.gui.Roi;
import ij.gui.ShapeRoi;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.MaskText;
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.tensor.Mask;

class RecordedSelectionTest {

	private static final int WIDTH = 40, HEIGHT = 32;

	private final ImagePlus image = IJ.createImage("cells.tif", "8-bit black", WIDTH, HEIGHT, 1);

	private static String text(final Roi selection) {
		return MaskText.of(Masks.of(selection, WIDTH, HEIGHT)).orElseThrow();
	}

	@Test
	void whatIsSaidHasTheSamePixelsAndBounds() {
		final Roi drawn = new ShapeRoi(new EllipseRoi(4.3, 5.1, 20.7, 18.4, 0.6)).or(new ShapeRoi(new Roi(30, 20, 8, 30)));
		final Roi said = RecordedSelection.of(text(drawn), image);
		assertArrayEquals(Masks.of(drawn, WIDTH, HEIGHT).values(), Masks.of(said, WIDTH, HEIGHT).values());
		assertEquals(Masks.region(drawn, WIDTH, HEIGHT), Masks.region(said, WIDTH, HEIGHT));
		assertTrue(text(drawn).length() < 200, text(drawn));
	}

	@Test
	void itTakesThePlaceOfTheImagesOwn() {
		image.setRoi(1, 1, 5, 5);
		assertSame(image.getRoi(), RecordedSelection.of("", image));
		assertEquals(12, RecordedSelection.of(text(new Roi(12, 3, 4, 4)), image).getBounds().x);
		assertNull(RecordedSelection.of(null, IJ.createImage("other", "8-bit black", 4, 4, 1)));
	}

	@Test
	void whatCannotBeUsedIsSaid() {
		final String text = text(new Roi(12, 3, 4, 4));
		assertEquals("The recorded selection is of an image of 40 x 32 pixels, but \"other\" has 4 x 4; leave out 'selection' to use what is selected on it.",
			assertThrows(DiffEditException.class, () -> RecordedSelection.of(text, IJ.createImage("other", "8-bit black", 4, 4, 1))).getMessage());
		assertEquals("The packed mask is damaged; choose the mask as an image, or draw it.",
			assertThrows(DiffEditException.class, () -> RecordedSelection.of("40x32:eJ", image)).getMessage());
		final String empty = MaskText.of(Mask.filled(WIDTH, HEIGHT, 0)).orElseThrow();
		assertEquals("The recorded selection is empty; leave out 'selection' to use what is selected on the image.",
			assertThrows(DiffEditException.class, () -> RecordedSelection.of(empty, image)).getMessage());
	}
}
