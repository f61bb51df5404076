package sc.fiji.diffedit.pipelines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Mask;

/** Whole objects are inside or outside, by their mean heat. */
class ObjectThresholdTest {

	/** Objects 7, 3 and 200 of a label image, of 3, 4 and 1 pixels. */
	private static final float[] LABELS = {
		7, 7, 0, 3,
		7, 0, 3, 3,
		0, 0, 3, 200 };
	private static final ObjectLabels OBJECTS = ObjectLabels.of(4, 3, LABELS);
	private static final DifferenceMap HEAT = new DifferenceMap(4, 3, new float[] {
		9, 1, 9, 0,
		2, 9, 1, 0,
		9, 9, 3, 5 });

	@Test
	void theMeanHeatOfAnObjectDecides() {
		assertEquals(3, OBJECTS.count());
		final Mask mask = new ObjectThreshold(new Threshold.Fixed(3.5), OBJECTS).mask(HEAT);
		assertArrayEquals(new float[] { 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1 }, mask.values(), "means are 4, 1 and 5");
		assertTrue(new ObjectThreshold(new Threshold.Fixed(5), OBJECTS).mask(HEAT).isEmpty(), "it must be exceeded");
	}

	@Test
	void theThresholdIsThatOfTheWholeMap() {
		final ObjectThreshold top = new ObjectThreshold(new Threshold.Top(0.5), OBJECTS);
		assertEquals(new Threshold.Top(0.5).cut(HEAT), top.cut(HEAT), "objects smaller than the part that makes the top have one too");
		assertEquals(0.5, top.number());
		assertEquals(new ObjectThreshold(new Threshold.Top(4 / 9.0), OBJECTS), top.through(4, HEAT));
	}

	@Test
	void valuesOfACoarseMapAreSquares() {
		final ObjectLabels wide = ObjectLabels.of(5, 2, new float[] { 1, 1, 2, 2, 2, 0, 1, 2, 2, 0 });
		final Mask mask = new ObjectThreshold(new Threshold.Fixed(2), wide).mask(new DifferenceMap(3, 1, new float[] { 1, 3, 4 }));
		assertArrayEquals(new float[] { 0, 0, 1, 1, 1, 0, 0, 1, 1, 0 }, mask.values());
	}

	/** Three squares of 8 pixels hold 17 as three of 6 would. */
	@Test
	void squaresOfSmallImagesMayReachBeyondThem() {
		final float[] labels = new float[17 * 9];
		labels[6] = labels[7] = 1;
		final Mask mask = new ObjectThreshold(new Threshold.Fixed(3), ObjectLabels.of(17, 9, labels)).mask(new DifferenceMap(3, 2, new float[] { 5, 1, 1, 1, 1, 1 }));
		assertArrayEquals(labels, mask.values());
	}

	@Test
	void aMaskOfTheWholePipelineIsMadeOfObjects() {
		final MaskRequest request = MaskRequest.between("a", "b").withMaskRefinement(MaskRefinement.NONE).withThreshold(new ObjectThreshold(new Threshold.Fixed(3.5), OBJECTS));
		final MaskResult found = MaskResult.of(java.util.List.of(HEAT), java.util.List.of(), request);
		assertArrayEquals(new float[] { 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1 }, found.mask().values());
	}

	@Test
	void whatDoesNotFitIsRefused() {
		final ObjectThreshold top = new ObjectThreshold(Threshold.Top.USUAL, OBJECTS);
		assertTrue(assertThrows(DiffEditException.class, () -> top.mask(new DifferenceMap(4, 4, new float[16]))).getMessage().contains("do not fit the heat map of 4 x 4"));
		assertThrows(DiffEditException.class, () -> top.mask(new DifferenceMap(5, 3, new float[15])));
		assertTrue(assertThrows(DiffEditException.class, () -> ObjectLabels.of(4, 4, LABELS)).getMessage().contains("12 labels for 4 x 4 pixels"));
		assertTrue(assertThrows(DiffEditException.class, () -> new ObjectLabels(2, 1, new int[] { 0, 3 }, 2)).getMessage().contains("A label is 3, but there are 2 objects"));
	}

	@Test
	void zeroAndWhatIsNoNumberAreInNoObject() {
		assertArrayEquals(new int[] { 0, 1, 0, 2, 1 }, ObjectLabels.of(5, 1, new float[] { 0, 5, Float.NaN, 2.5f, 5 }).labels());
	}
}
