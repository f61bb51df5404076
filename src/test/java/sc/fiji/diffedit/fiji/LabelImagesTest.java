package sc.fiji.diffedit.fiji;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Rectangle;

import org.junit.jupiter.api.Test;

import ij.IJ;
import ij.ImagePlus;

import sc.fiji.diffedit.DiffEditException;

class LabelImagesTest {

	/** In each of three planes one object, which is another pixel. */
	private static ImagePlus labels(final int channels, final int slices) {
		final ImagePlus labels = IJ.createHyperStack("labels", 4, 3, channels, slices, 1, 8);
		for (int plane = 1; plane <= 3; plane++) labels.getStack().getProcessor(plane).set(plane - 1, 1, 7);
		return labels;
	}

	private static int[] second(final ImagePlus labels) {
		return LabelImages.objects(labels, IJ.createImage("cells", "8-bit", 4, 3, 3), new Position(1, 2, 1), new Rectangle(0, 1, 4, 1)).labels();
	}

	@Test
	void eachPlaneHasItsObjects() {
		assertArrayEquals(new int[] { 0, 1, 0, 0 }, second(labels(1, 3)));
	}

	/** The objects of the first plane would count in all. */
	@Test
	void channelsAreNoPlanes() {
		final DiffEditException refused = assertThrows(DiffEditException.class, () -> second(labels(3, 1)));
		assertTrue(refused.getMessage().startsWith("The label image \"labels\" has 3 channels; give one of them"), refused.getMessage());
	}
}
