package sc.fiji.diffedit.fiji;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Rectangle;
import java.awt.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.Test;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.pipelines.DifferenceMap;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.MaskResult;
import sc.fiji.diffedit.pipelines.Threshold;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.MaskBits;

/** What becomes of a difference map on its way to a mask of pixels. */
class MaskShapeTest {

	/** A map that is 1 at the marks and 0 elsewhere, cut in the middle. */
	private static MaskResult found(final String... rows) {
		final float[] values = new float[rows.length * rows[0].length()];
		for (int i = 0; i < values.length; i++) values[i] = rows[i / rows[0].length()].charAt(i % rows[0].length()) == '#' ? 1 : 0;
		return found(new DifferenceMap(rows[0].length(), rows.length, values), 1);
	}

	private static MaskResult found(final DifferenceMap map, final double ratio) {
		return MaskResult.of(List.of(map), List.of(), MaskRequest.DEFAULTS.withMaskThresholdingRatio(ratio));
	}

	private static void assertMask(final MaskShape shape, final MaskResult found, final String... rows) {
		final Mask mask = shape.pixels(found, new Padding(rows[0].length(), rows.length, 1));
		final StringBuilder text = new StringBuilder();
		for (int i = 0; i < mask.values().length; i++) text.append(mask.values()[i] == 1 ? '#' : '.').append((i + 1) % mask.width() == 0 ? "\n" : "");
		assertEquals(String.join("\n", rows) + "\n", text.toString());
	}

	@Test
	void holesUpToASizeAreFilled() {
		final String[] map = { "#####....", "#.#.#.###", "###.#.#.#", "#..##.###", "#####.#..", "......#.#" };
		assertMask(MaskShape.PLAIN.withHoles(1), found(map), "#####....", "###.#.###", "###.#.###", "#..##.###", "#####.#..", "......#.#");
		assertMask(MaskShape.PLAIN.withHoles(4), found(map), "#####....", "#####.###", "#####.###", "#####.###", "#####.#..", "......#.#");
	}

	@Test
	void whatTouchesTheOutsideAtACornerIsNoHole() {
		final String[] open = { ".#.", "#.#", ".#.", "..." };
		assertMask(MaskShape.PLAIN.withHoles(9), found(open), open);
	}

	@Test
	void partsBelowASizeAreLeftOut() {
		final String[] map = { "##.#.", "#.#..", "...##", "...#." };
		assertMask(MaskShape.PLAIN.withSmallest(1), found(map), map);
		assertMask(MaskShape.PLAIN.withSmallest(3), found(map), "##...", "#....", "...##", "...#.");
		assertMask(MaskShape.PLAIN.withSmallest(4), found(map), ".....", ".....", ".....", ".....");
	}

	@Test
	void holesAreFilledBeforePartsAreCountedAndPartsBeforeTheyGrow() {
		final MaskResult ring = found(".......", ".###...", ".#.#..#", ".###...", ".......", ".......");
		assertMask(new MaskShape(0, false, 1, 9, 1), ring, ".###...", "#####..", "#####..", "#####..", ".###...", ".......");
	}

	@Test
	void aRunThatForksAndJoinsIsOnePart() {
		final String[] comb = { "#.#.#", "#.#.#", "#####" };
		assertMask(MaskShape.PLAIN.withSmallest(11), found(comb), comb);
		assertEquals(1, LabelImages.count(MaskBits.of(found(comb).mask())));
		assertEquals(3, LabelImages.count(MaskBits.of(found("#.#.#", "#.#.#").mask())));
	}

	@Test
	void nothingOfAMapIsLostBeyondItsBorder() {
		final DifferenceMap map = random(9, 7);
		final DifferenceMap smoothed = found(map, 3).smoothed(6, found(map, 3).request().threshold()).refinedMap();
		assertEquals(map.mean(), smoothed.mean(), 1e-6);
		assertFalse(Arrays.equals(map.values(), smoothed.values()));
	}

	@Test
	void smoothingJoinsWhatLiesClose() {
		final String[] map = { ".........", "..#...#..", "........." };
		assertMask(MaskShape.PLAIN, found(map), map);
		assertEquals(1, LabelImages.count(MaskBits.of(MaskShape.PLAIN.withSmoothMap(2).pixels(found(map), new Padding(9, 3, 1)))));
	}

	@Test
	void valuesOutOfRangeAreRefused() {
		assertThrows(DiffEditException.class, () -> MaskShape.PLAIN.withSmoothMap(-1));
		assertThrows(DiffEditException.class, () -> MaskShape.PLAIN.withSmoothMap(1001));
		assertThrows(DiffEditException.class, () -> MaskShape.PLAIN.withHoles(-1));
		assertThrows(DiffEditException.class, () -> MaskShape.PLAIN.withSmallest(-1));
		assertThrows(DiffEditException.class, () -> MaskShape.PLAIN.withGrow(Double.NaN));
	}

	@Test
	void aLocatedMapIsCutAgainInItsPlace() {
		final DifferenceMap map = random(4, 3);
		final float[] limits = new float[30 * 20];
		Arrays.fill(limits, 0, 300, 1);
		final LocatedMap located = new LocatedMap(found(map, 3), new Rectangle(5, 6, 30, 20), Optional.of(new Mask(30, 20, limits)), 8, 50, 40, new Position(1, 2, 3));
		final MaskShape shape = new MaskShape(3, true, 4, 5, 2);
		final Mask part = Masks.both(shape.pixels(found(map, 1.5), new Padding(30, 20, 8)), new Mask(30, 20, limits));
		assertFalse(part.isEmpty());
		assertArrayEquals(Masks.placed(part, located.region(), 50, 40).values(), located.mask(new Threshold.Ratio(1.5), shape).values());
		assertEquals(600, located.heat(shape).length);
	}

	/** The sides of all pixels at which inside and outside meet, one by one. */
	@Test
	void theOutlineSeparatesInsideFromOutside() {
		final Mask mask = MaskShape.PLAIN.withSmooth(true).pixels(found(random(6, 5), 2), new Padding(43, 37, 8));
		final Shape outline = Outline.of(MaskBits.of(mask));
		int sides = 0;
		for (int y = 0; y <= 37; y++) for (int x = 0; x < 43; x++) if (inside(mask, x, y) != inside(mask, x, y - 1)) sides++;
		for (int y = 0; y < 37; y++) for (int x = 0; x <= 43; x++) if (inside(mask, x, y) != inside(mask, x - 1, y)) sides++;
		assertEquals(sides, length(outline), 1e-6);
		assertTrue(sides > 0);
	}

	private static boolean inside(final Mask mask, final int x, final int y) {
		return x >= 0 && y >= 0 && x < mask.width() && y < mask.height() && mask.isInside(x, y);
	}

	private static double length(final Shape outline) {
		final double[] point = new double[6];
		double length = 0, x = 0, y = 0;
		for (final var path = outline.getPathIterator(null); !path.isDone(); path.next()) {
			final boolean line = path.currentSegment(point) == java.awt.geom.PathIterator.SEG_LINETO;
			if (line) length += Math.abs(point[0] - x) + Math.abs(point[1] - y);
			x = point[0];
			y = point[1];
		}
		return length;
	}

	private static DifferenceMap random(final int width, final int height) {
		final Random random = new Random(4);
		final float[] values = new float[width * height];
		for (int i = 0; i < values.length; i++) values[i] = random.nextFloat();
		return new DifferenceMap(width, height, values);
	}
}
