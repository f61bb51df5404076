package sc.fiji.diffedit.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Figures of masks small enough to count by hand. */
class OverlapTest {

	private static final Mask LEFT = new Mask(4, 1, new float[] { 1, 0.5f, 0.49f, 0 }), EMPTY = Mask.filled(4, 1, 0);

	@Test
	void pixelsInsideAreCounted() {
		final Overlap three = Overlap.of(LEFT, new Mask(4, 1, new float[] { 0, 1, 1, 1 }));
		assertEquals(new Overlap(2, 3, 1), three);
		assertEquals(1 / 4.0, three.iou());
		assertEquals(2 / 5.0, three.dice());
		assertEquals(1 / 2.0, three.precision());
		assertEquals(1 / 3.0, three.recall());
		assertEquals(new Overlap(4, 6, 2), three.plus(three));
	}

	@Test
	void emptyMasksAgreeWithEachOtherAlone() {
		assertEquals(1, Overlap.EMPTY.iou());
		assertEquals(1, Overlap.of(EMPTY, EMPTY).dice());
		assertEquals(Double.NaN, Overlap.of(EMPTY, LEFT).precision());
		assertEquals(Double.NaN, Overlap.of(LEFT, EMPTY).recall());
		assertEquals(0, Overlap.of(LEFT, EMPTY).iou());
		assertEquals(0, Overlap.of(EMPTY, LEFT).dice());
	}

	@Test
	void aMaskOfLatentsIsEnlarged() {
		assertEquals(new Overlap(2, 2, 2), Overlap.of(new Mask(2, 1, new float[] { 1, 0 }), LEFT));
	}
}
