package sc.fiji.diffedit.fiji.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Polygon;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import ij.gui.PolygonRoi;
import ij.gui.Roi;

import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.tensor.Mask;

/** Polygons of a mask cover it exactly once, whatever its shape is. */
class MaskPolygonsTest {

	private static Mask mask(final String... rows) {
		final float[] values = new float[rows.length * rows[0].length()];
		for (int i = 0; i < values.length; i++) values[i] = rows[i / rows[0].length()].charAt(i % rows[0].length()) == '#' ? 1 : 0;
		return new Mask(rows[0].length(), rows.length, values);
	}

	/** How often each pixel is covered. */
	private static float[] covered(final Mask mask, final List<Polygon> polygons) {
		final float[] times = new float[mask.values().length];
		for (final Polygon polygon : polygons) {
			final float[] inside = Masks.of(new PolygonRoi(polygon, Roi.POLYGON), mask.width(), mask.height()).values();
			for (int i = 0; i < times.length; i++) times[i] += inside[i];
		}
		return times;
	}

	private static void assertCovers(final Mask mask) {
		assertArrayEquals(mask.values(), covered(mask, MaskPolygons.of(mask)));
	}

	@Test
	void anEmptyMaskHasNone() {
		assertTrue(MaskPolygons.of(mask("....", "....")).isEmpty());
	}

	@Test
	void aPartWithoutHolesIsOnePolygon() {
		final Mask mask = mask("##..", "##..", "..##", "#.##");
		assertCovers(mask);
		assertEquals(1, MaskPolygons.of(mask("##..", "####", "..##")).size());
	}

	@Test
	void holesAreCutThrough() {
		assertCovers(mask("####", "#..#", "####"));
		assertCovers(mask("###", "#.#", "###"));
	}

	@Test
	void anIslandInAHoleInAnIsland() {
		assertCovers(mask("#########", "#.......#", "#.#####.#", "#.#...#.#", "#.#.#.#.#", "#.#...#.#", "#.#####.#", "#.......#", "#########"));
	}

	@Test
	void noiseOfAnyDensity() {
		final Random random = new Random(7);
		for (int density = 1; density < 10; density++) {
			final float[] values = new float[31 * 23];
			for (int i = 0; i < values.length; i++) values[i] = random.nextInt(10) < density ? 1 : 0;
			assertCovers(new Mask(31, 23, values));
		}
	}
}
