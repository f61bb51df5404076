package sc.fiji.diffedit.fiji.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;

import org.junit.jupiter.api.Test;

import ij.ImagePlus;
import ij.process.ByteProcessor;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.Position;
import sc.fiji.diffedit.tensor.Mask;

/** Where a mask is shown. */
class FoundMaskTest {

	private static ImagePlus shown(final String show) {
		final ImagePlus image = new ImagePlus("cells", new ByteProcessor(8, 6));
		FoundMask.require(show);
		assertNotNull(FoundMask.show(show, List.of(Masks.toRoi(Mask.filled(8, 6, 1))), image, List.of(Position.of(image)), notice -> {}));
		return image;
	}

	@Test
	void inOnePlaceOrInSeveral() {
		assertNotNull(shown("Selection").getRoi());
		assertNull(shown("Selection").getOverlay());
		final ImagePlus both = shown("overlay,Selection");
		assertNotNull(both.getRoi());
		assertEquals(1, both.getOverlay().size());
		assertNull(shown("Nothing").getRoi());
	}

	@Test
	void onlyWhereMasksAreShown() {
		assertEquals("show is \"Hologram\"; choose one of Selection, Overlay, ROI Manager, Nothing.",
			assertThrows(DiffEditException.class, () -> FoundMask.require("Selection, Hologram")).getMessage());
		assertThrows(DiffEditException.class, () -> FoundMask.require("Selection,"));
	}
}
