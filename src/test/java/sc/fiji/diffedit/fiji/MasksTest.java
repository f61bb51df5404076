package sc.fiji.diffedit.fiji;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.GraphicsEnvironment;
import java.awt.Rectangle;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.EllipseRoi;
import ij.gui.Line;
import ij.gui.OvalRoi;
import ij.gui.PointRoi;
import ij.gui.PolygonRoi;
import ij.gui.Roi;
import ij.gui.ShapeRoi;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.IntegerType;
import net.imglib2.type.numeric.integer.IntType;
import net.imglib2.type.numeric.integer.UnsignedShortType;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Planes;

/** Masks between latents, pixels, selections, labels and heat maps. */
class MasksTest {

	/** A ring of five by five with a hole, a lone pixel at its corner, and a block at the image's edge. */
	private static final Mask SHAPES = mask(
		"..........",
		".#####....",
		".#...#....",
		".#.#.#....",
		".#...#...#",
		".#####...#",
		"......#...");

	@Test
	void selectionsKeepHolesAndEveryPixel() {
		final Roi roi = Masks.toRoi(SHAPES);
		assertTrue(roi instanceof ShapeRoi);
		assertEquals(new Rectangle(1, 1, 9, 6), roi.getBounds());
		assertArrayEquals(SHAPES.values(), Masks.of(roi, 10, 7).values());
		final ImagePlus image = IJ.createImage("", 10, 7, 1, 8);
		image.setRoi(roi);
		assertEquals(SHAPES.area() * 70, image.getStatistics().area, "ImageJ measures the same pixels");
		assertNull(Masks.toRoi(Mask.filled(3, 3, 0.49f)));
		final Roi all = Masks.toRoi(Mask.filled(3, 2, 1));
		assertArrayEquals(Mask.filled(3, 2, 1).values(), Masks.of(all, 3, 2).values());
	}

	@Test
	void anyNoiseSurvivesTheWayThroughASelection() {
		final Random random = new Random(5);
		for (int size = 1; size < 24; size++) {
			final float[] values = new float[size * size];
			for (int i = 0; i < values.length; i++) values[i] = random.nextInt(2);
			values[0] = 1;
			final Mask mask = new Mask(size, size, values);
			assertArrayEquals(values, Masks.of(Masks.toRoi(mask), size, size).values());
		}
	}

	@Test
	void allKindsOfAreasBecomeMasks() {
		assertEquals(6 / 100.0, Masks.of(new Roi(2, 3, 3, 2), 10, 10).area());
		assertEquals(1 / 100.0, Masks.of(new Roi(-4, -4, 5, 5), 10, 10).area(), "only the corner lies on the image");
		final Roi oval = new OvalRoi(1, 1, 7, 5);
		assertEquals(oval.getStatistics().pixelCount / 100.0, Masks.of(oval, 10, 10).area());
		final Roi triangle = new PolygonRoi(new float[] { 0, 10, 0 }, new float[] { 0, 0, 10 }, Roi.POLYGON);
		assertEquals(0.5, Masks.of(triangle, 10, 10).area(), 0.06);
		final Roi outside = new ShapeRoi(new Roi(0, 0, 10, 10)).not(new ShapeRoi(new Roi(3, 3, 4, 4)));
		final Mask inverse = Masks.of(outside, 10, 10);
		assertEquals(0.84, inverse.area(), 1e-9);
		assertFalse(inverse.isInside(4, 4));
	}

	@Test
	void whatIsNoAreaIsToldInASentence() {
		final Roi empty = new ShapeRoi(new Roi(1, 1, 3, 3)).not(new ShapeRoi(new Roi(0, 0, 9, 9)));
		for (final Roi roi : new Roi[] { new Line(0, 0, 5, 5), new PointRoi(3, 3), empty, new Roi(20, 20, 3, 3) }) {
			assertThrows(DiffEditException.class, () -> Masks.of(roi, 10, 10));
			assertThrows(DiffEditException.class, () -> Masks.region(roi, 10, 10));
		}
		assertTrue(assertThrows(DiffEditException.class, () -> Masks.of(new Line(0, 0, 5, 5), 10, 10)).getMessage()
			.startsWith("The selection is a straight line; draw an area"));
		assertEquals(new Rectangle(8, 0, 2, 3), Masks.region(new Roi(8, -2, 5, 5), 10, 10));
		final Roi ellipse = new EllipseRoi(2.2, 5, 7.4, 5, 0.3);
		assertEquals(Masks.toRoi(Masks.of(ellipse, 10, 10)).getBounds(), Masks.region(ellipse, 10, 10), "no further than its pixels, from " + ellipse.getBounds());
	}

	/** A line that goes back to where it began, and the corner of an oval that lies outside of its own shape. */
	@Test
	void smallSelectionsWithoutAPixelAreRefusedAtOnce() {
		final Roi line = new PolygonRoi(new float[] { 2, 8, 2 }, new float[] { 2, 8, 2 }, Roi.FREEROI), corner = new OvalRoi(9, 6, 40, 40);
		for (final Roi roi : new Roi[] { line, corner }) {
			assertTrue(roi.getBounds().intersects(0, 0, 10, 7) && Masks.pixels(roi, 10, 7).count() == 0);
			assertTrue(assertThrows(DiffEditException.class, () -> Masks.requireAreaOnImage(roi, 10, 7)).getMessage().contains("does not cover a single pixel"));
		}
		Masks.requireAreaOnImage(new OvalRoi(8, 5, 4, 4), 10, 7);
	}

	@Test
	void latentsBecomeSquaresOfPixels() {
		final Padding padding = new Padding(7, 5, 4);
		final Mask latents = mask("#.", ".#");
		final Mask pixels = Masks.enlarged(latents, padding, false);
		assertArrayEquals(mask("####...", "####...", "####...", "####...", "....###").values(), pixels.values());
		final Mask smooth = Masks.enlarged(mask("....", ".##.", ".##.", "...."), new Padding(32, 32, 8), true);
		assertFalse(smooth.isInside(8, 8), "corners are rounded");
		assertTrue(smooth.isInside(16, 8), "sides stay where they are");
		assertFalse(smooth.isInside(16, 7));
	}

	@Test
	void regionsArePutBackWhereTheyWere() {
		final Rectangle region = new Rectangle(1, 1, 5, 5);
		final Mask part = Masks.cropped(SHAPES, region);
		assertTrue(part.isInside(0, 0) && part.isInside(2, 2) && !part.isInside(1, 1));
		final Mask placed = Masks.placed(part, region, 10, 7);
		assertArrayEquals(mask("..........", ".#####....", ".#...#....", ".#.#.#....", ".#...#....", ".#####....", "..........").values(),
			placed.values());
		assertArrayEquals(placed.values(), Masks.both(placed, SHAPES).values());
		assertThrows(DiffEditException.class, () -> Masks.both(part, SHAPES));
	}

	@Test
	void aMaskGrowsByADisk() {
		final Mask point = mask(".......", ".......", ".......", "...#...", ".......", ".......", ".......");
		assertArrayEquals(mask(".......", "...#...", "..###..", ".#####.", "..###..", "...#...", ".......").values(), Masks.grown(point, 2).values());
		assertArrayEquals(point.values(), Masks.grown(point, 0.9).values());
		assertArrayEquals(Mask.filled(4, 4, 0).values(), Masks.grown(Mask.filled(4, 4, 0), 9).values(), "nothing grows from nothing");
		assertThrows(DiffEditException.class, () -> Masks.grown(point, -1));
	}

	/** Pixel by pixel what the words say: at most so far from one where the mask is 1; soft values grow nothing and stay. */
	@Test
	void growthIsADiscAroundEveryPixel() {
		final int width = 41, height = 29;
		final java.util.Random random = new java.util.Random(5);
		for (final double radius : new double[] { 0.5, 1, 1.5, 3.7, 10, 28.9, 200, Double.POSITIVE_INFINITY }) {
			final float[] values = new float[width * height];
			for (int i = 0; i < values.length; i++) values[i] = random.nextInt(150) == 0 ? 1 : random.nextInt(40) == 0 ? 0.7f : 0;
			final float[] expected = values.clone();
			for (int i = 0; i < values.length; i++) {
				for (int j = 0; j < values.length; j++) {
					if (values[j] == 1 && Math.hypot(i % width - j % width, i / width - j / width) <= radius) expected[i] = 1;
				}
			}
			assertArrayEquals(expected, Masks.grown(new Mask(width, height, values), radius).values(), "radius " + radius);
		}
	}

	@Test
	void aFeatherLiesWithinTheMask() {
		final float[] values = new float[21 * 21];
		for (int y = 5; y < 16; y++) for (int x = 5; x < 16; x++) values[y * 21 + x] = 1;
		final Mask mask = new Mask(21, 21, values), soft = Masks.feathered(mask, 3);
		for (int i = 0; i < values.length; i++) assertTrue(soft.values()[i] <= values[i] && soft.values()[i] > 0 == values[i] > 0);
		assertEquals(0.25f, soft.values()[10 * 21 + 5]);
		assertEquals(0.5f, soft.values()[10 * 21 + 6]);
		assertEquals(1f, soft.values()[10 * 21 + 8]);
		assertEquals(0.5, soft.values()[6 * 21 + 6], 1e-6);
		assertArrayEquals(values, Masks.feathered(mask, 0).values());
		assertArrayEquals(Mask.filled(4, 4, 1).values(), Masks.feathered(Mask.filled(4, 4, 1), 3).values(), "the image's edge is no edge");
		assertThrows(DiffEditException.class, () -> Masks.feathered(mask, -1));
	}

	@Test
	void distancesAreExact() {
		final Random random = new Random(3);
		final int width = 17, height = 13;
		final float[] values = new float[width * height];
		for (int i = 0; i < values.length; i++) values[i] = random.nextInt(10) > 0 ? 1 : 0;
		final double[] fast = Planes.squaredDistanceToZero(values, width, height);
		for (int i = 0; i < values.length; i++) {
			double least = Double.POSITIVE_INFINITY;
			for (int k = 0; k < values.length; k++) {
				if (values[k] != 0) continue;
				least = Math.min(least, Math.pow(i % width - k % width, 2) + Math.pow(i / width - k / width, 2));
			}
			assertEquals(least, fast[i]);
		}
	}

	@Test
	void paddingReachesTheNextMultiple() {
		final Padding padding = new Padding(3, 9, 8);
		assertEquals(8, padding.paddedWidth());
		assertEquals(16, padding.paddedHeight());
		assertEquals(1, padding.latentWidth());
		assertEquals(2, padding.latentHeight());
		final Padding none = new Padding(8, 16, 8);
		assertEquals(8, none.paddedWidth());
		assertEquals(16, none.paddedHeight());
	}

	@Test
	void everyPartGetsItsLabel() {
		final ImagePlus like = IJ.createImage("", 10, 7, 1, 16);
		like.getCalibration().pixelWidth = 0.5;
		like.getCalibration().setUnit("mm");
		final ImagePlus four = LabelImages.toImagePlus(SHAPES, false, like), eight = LabelImages.toImagePlus(SHAPES, true, like);
		assertEquals(16, four.getBitDepth());
		assertEquals(4, four.getStatistics().max);
		assertEquals(3, eight.getStatistics().max, "the lone pixel touches the ring's corner");
		assertEquals(1, four.getProcessor().get(1, 1));
		assertEquals(2, four.getProcessor().get(3, 3));
		assertEquals(3, four.getProcessor().get(9, 4));
		assertEquals(4, four.getProcessor().get(6, 6));
		assertEquals(1, eight.getProcessor().get(6, 6));
		assertEquals(0.5, four.getCalibration().pixelWidth);
		assertEquals("mm", four.getCalibration().getUnit());
		final RandomAccessibleInterval<? extends IntegerType<?>> labels = LabelImages.toImg(SHAPES, false);
		assertTrue(labels.getType() instanceof UnsignedShortType);
		for (int y = 0; y < 7; y++) for (int x = 0; x < 10; x++) assertEquals(four.getProcessor().get(x, y), labels.getAt(x, y).getInteger());
		assertEquals(0, LabelImages.colors().getRGB(0) & 0xffffff);
		assertEquals(256, IntStream.range(0, 256).map(LabelImages.colors()::getRGB).distinct().count(), "256 different colours");
	}

	@Test
	void everyLabelIsSeenHoweverManyThereAre() {
		for (final int count : new int[] { 1, 2, 255, 256, 511, 512, 1000, 1021, 30_000, 65_535, 70_000 }) {
			final int width = 2 * count;
			final float[] values = new float[width];
			for (int i = 0; i < width; i += 2) values[i] = 1;
			final ImagePlus image = LabelImages.toImagePlus(new Mask(width, 1, values), false, IJ.createImage("", width, 1, 1, 8));
			final int[] seen = (int[]) image.getProcessor().convertToRGB().getPixels();
			for (int i = 0; i < width; i++) assertEquals(values[i] == 0, (seen[i] & 0xffffff) == 0, "label " + (i / 2 + 1) + " of " + count);
			assertEquals(Math.min(count, 255), IntStream.of(seen).map(rgb -> rgb & 0xffffff).filter(rgb -> rgb != 0).distinct().count(), 2.0);
		}
	}

	@Test
	void moreLabelsThanSixteenBitsHold() {
		final int size = 520;
		final float[] values = new float[size * size];
		for (int y = 0; y < size; y += 2) for (int x = 0; x < size; x += 2) values[y * size + x] = 1;
		final Mask mask = new Mask(size, size, values);
		final ImagePlus image = LabelImages.toImagePlus(mask, true, IJ.createImage("", size, size, 1, 8));
		assertEquals(32, image.getBitDepth());
		assertEquals(260 * 260, image.getProcessor().getf(518, 518));
		assertTrue(LabelImages.toImg(mask, true).getType() instanceof IntType);
	}

	@Test
	void heatMapsHaveTheImagesSizeAndPlace() {
		final ImagePlus like = IJ.createImage("", 10, 7, 1, 8);
		like.getCalibration().pixelHeight = 3;
		final float[] map = { 0.5f, 1, 2, 4 };
		final ImagePlus image = HeatMaps.toImagePlus(map, 2, new Padding(7, 5, 4), false, new Rectangle(2, 1, 7, 5), like);
		assertEquals(32, image.getBitDepth());
		assertEquals(10, image.getWidth());
		assertEquals(3, image.getCalibration().pixelHeight);
		assertTrue(Float.isNaN(image.getProcessor().getf(1, 3)) && Float.isNaN(image.getProcessor().getf(9, 3)));
		assertEquals(0.5f, image.getProcessor().getf(5, 4));
		assertEquals(1, image.getProcessor().getf(6, 1));
		assertEquals(4, image.getProcessor().getf(8, 5));
		assertEquals(4, image.getDisplayRangeMax());
		final ImagePlus smooth = HeatMaps.toImagePlus(map, 2, new Padding(8, 8, 4), true, new Rectangle(0, 0, 8, 8), IJ.createImage("", 8, 8, 1, 8));
		assertEquals(0.5f, smooth.getProcessor().getf(0, 0));
		assertTrue(smooth.getProcessor().getf(3, 0) > 0.5f && smooth.getProcessor().getf(4, 0) < 1);
		assertThrows(DiffEditException.class, () -> HeatMaps.toImagePlus(map, 2, new Padding(8, 8, 4), true, new Rectangle(0, 0, 7, 7), like));
	}

	@Test
	void selectionsGoWhereUsersLook() {
		final ImagePlus image = IJ.createHyperStack("", 10, 7, 2, 3, 4, 8);
		image.setPosition(2, 3, 4);
		final Roi roi = Masks.toRoi(SHAPES);
		MaskOutputs.select(image, roi);
		assertArrayEquals(SHAPES.values(), Masks.of(image.getRoi(), 10, 7).values());
		MaskOutputs.overlay(image, roi, Position.of(image));
		final Roi drawn = image.getOverlay().get(0);
		assertEquals(0, drawn.getCPosition());
		assertEquals(3, drawn.getZPosition());
		assertEquals(4, drawn.getTPosition());
		MaskOutputs.overlay(image, roi, Position.of(image));
		assertEquals(2, image.getOverlay().size(), "what was there stays");
		assertNotEquals(drawn.getName(), image.getOverlay().get(1).getName());
		assertFalse(image.getHideOverlay());
		image.setHideOverlay(true);
		MaskOutputs.overlay(image, roi, new Position(1, 2, 1));
		assertTrue(image.getHideOverlay(), "what the user hides stays hidden");
		assertEquals(2, image.getOverlay().get(2).getZPosition());
		final ImagePlus stack = IJ.createImage("", 10, 7, 5, 8);
		assertEquals(4, MaskOutputs.positioned(stack, roi, new Position(1, 4, 1)).getPosition());
		assertEquals(0, MaskOutputs.positioned(IJ.createImage("", 10, 7, 1, 8), roi, new Position(1, 1, 1)).getPosition());
	}

	@Test
	void theRoiManagerTakesEachMaskUnderItsOwnNameOrSaysWhyNot() {
		final ImagePlus image = IJ.createImage("cells", 10, 7, 5, 8);
		final Roi roi = Masks.toRoi(SHAPES);
		if (GraphicsEnvironment.isHeadless()) {
			assertTrue(assertThrows(DiffEditException.class, () -> MaskOutputs.manage(image, roi, Position.of(image))).getMessage().startsWith("The ROI Manager needs a display"));
			return;
		}
		final int before = MaskOutputs.manager().getCount();
		MaskOutputs.manage(image, roi, Position.of(image));
		image.setSlice(3);
		MaskOutputs.manage(image, roi, Position.of(image));
		final Roi[] managed = MaskOutputs.manager().getRoisAsArray();
		assertEquals(before + 2, managed.length);
		assertNotEquals(managed[before].getName(), managed[before + 1].getName());
		assertEquals(3, managed[before + 1].getPosition());
		assertArrayEquals(SHAPES.values(), Masks.of(managed[before], 10, 7).values());
	}

	private static Mask mask(final String... rows) {
		final float[] values = new float[rows.length * rows[0].length()];
		final String all = String.join("", rows);
		for (int i = 0; i < values.length; i++) values[i] = all.charAt(i) == '#' ? 1 : 0;
		return new Mask(rows[0].length(), rows.length, values);
	}
}
