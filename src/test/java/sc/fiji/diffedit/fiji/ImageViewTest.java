package sc.fiji.diffedit.fiji;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Rectangle;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;

import ij.CompositeImage;
import ij.IJ;
import ij.ImagePlus;
import ij.ImageStack;
import ij.VirtualStack;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.LUT;
import ij.process.ShortProcessor;
import net.imglib2.Cursor;
import net.imglib2.FinalInterval;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.img.cell.CellImgFactory;
import net.imglib2.type.numeric.ARGBType;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.complex.ComplexFloatType;
import net.imglib2.type.numeric.integer.UnsignedShortType;
import net.imglib2.type.numeric.real.DoubleType;
import net.imglib2.util.ConstantUtils;
import net.imglib2.view.Views;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;

/** Images go to a network and come back: untouched outside of the mask, mapped back inside of it. */
class ImageViewTest {

	private static final int W = 7, H = 5;

	// ---- what a network sees

	@Test
	void anRgbImageIsSeenAsItIs() {
		final Picture seen = ImageView.of(rgb(), ViewSettings.DEFAULT).picture();
		final int[] pixels = (int[]) rgb().getProcessor().getPixels();
		for (int i = 0; i < pixels.length; i++) assertEquals(pixels[i] & 0xffffff, seen.toRgb()[i]);
	}

	@Test
	void eightBitsAreShownWholeAndSixteenBetweenPercentiles() {
		final Picture eight = ImageView.of(new ImagePlus("", new ByteProcessor(2, 1, new byte[] { 0, (byte) 51 })), ViewSettings.DEFAULT).picture();
		assertArrayEquals(new float[] { 0, 0.2f, 0, 0.2f, 0, 0.2f }, eight.values());
		final short[] ramp = new short[1001];
		for (int i = 0; i < ramp.length; i++) ramp[i] = (short) (1000 + i);
		final Picture sixteen = ImageView.of(new ImagePlus("", new ShortProcessor(1001, 1, ramp, null)), ViewSettings.DEFAULT).picture();
		assertEquals(0, sixteen.get(0, 10, 0));       // the first percentile of 1000 ... 2000 is 1010
		assertEquals(1, sixteen.get(0, 998, 0));      // and 99.8 percent lie below 1998
		assertEquals((1500 - 1010) / 988.0, sixteen.get(0, 500, 0), 1e-6);
	}

	@Test
	void theDisplayRangeAndGivenNumbersSetTheLevels() {
		final ImagePlus image = gray16();
		image.setDisplayRange(100, 300);
		image.getProcessor().set(3, 2, 200);
		assertEquals(0.5, ImageView.of(image, ViewSettings.DEFAULT.withRange(IntensityRange.DISPLAY)).picture().get(1, 3, 2), 1e-6);
		assertEquals(0.25, ImageView.of(image, ViewSettings.DEFAULT.withRange(IntensityRange.fixed(100, 500))).picture().get(1, 3, 2), 1e-6);
		assertEquals(200 / 65535.0, ImageView.of(image, ViewSettings.DEFAULT.withRange(IntensityRange.of("full RANGE"))).picture().get(1, 3, 2), 1e-6);
		assertThrows(DiffEditException.class, () -> IntensityRange.of("bright"));
		assertThrows(DiffEditException.class, () -> IntensityRange.percentile(99, 1));
		assertThrows(DiffEditException.class, () -> IntensityRange.fixed(5, 5));
	}

	@Test
	void anInvertingTableTurnsBlackAndWhite() {
		final ImagePlus image = new ImagePlus("", new ByteProcessor(2, 1, new byte[] { 0, (byte) 255 }));
		image.getProcessor().invertLut();
		final ImageView<ImagePlus> view = ImageView.of(image, ViewSettings.DEFAULT);
		assertArrayEquals(new float[] { 1, 0, 1, 0, 1, 0 }, view.picture().values());
		final ImagePlus result = view.edited(new Picture(2, 1, 3, new float[] { 1, 1, 1, 1, 1, 1 }), Mask.filled(2, 1, 1));
		assertArrayEquals(new byte[] { 0, 0 }, (byte[]) result.getProcessor().getPixels());
	}

	@Test
	void aCompositeIsSeenInItsColours() {
		final ImagePlus image = composite(8, Color.GREEN, Color.MAGENTA);
		image.getStack().setVoxel(1, 1, 0, 255);
		image.getStack().setVoxel(1, 1, 1, 51);
		final Picture seen = ImageView.of(image, ViewSettings.DEFAULT).picture();
		assertEquals(0.2f, seen.get(0, 1, 1));
		assertEquals(1f, seen.get(1, 1, 1));
		assertEquals(0.2f, seen.get(2, 1, 1));
		final Picture second = ImageView.of(image, ViewSettings.DEFAULT.withChannels(2)).picture();
		for (int c = 0; c < 3; c++) assertEquals(0.2f, second.get(c, 1, 1), "one channel alone is grey");
		((CompositeImage) image).getActiveChannels()[0] = false;
		assertEquals(0.2f, ImageView.of(image, ViewSettings.DEFAULT).picture().get(1, 1, 1), "only the second channel is switched on");
		assertThrows(DiffEditException.class, () -> ImageView.of(image, ViewSettings.DEFAULT.withChannels(3)));
	}

	@Test
	void theCurrentSliceAndFrameAreSeen() {
		final ImagePlus image = IJ.createImage("", "16-bit black", W, H, 1, 3, 4);
		image.setPosition(1, 2, 3);
		image.getStack().setVoxel(4, 4, image.getStackIndex(1, 2, 3) - 1, 65535);
		assertEquals(1, ImageView.of(image, ViewSettings.DEFAULT.withRange(IntensityRange.FULL)).picture().get(0, 4, 4));
	}

	/** Three planes of 32 bits that are made when they are asked for: 10, 20 or 30, with one pixel of 25. */
	private static ImagePlus virtual32() {
		return new ImagePlus("", new VirtualStack(W, H) {

			@Override
			public ImageProcessor getProcessor(final int n) {
				final FloatProcessor plane = new FloatProcessor(W, H);
				plane.setValue(10 * n);
				plane.fill();
				plane.setf(4, 4, 25);
				return plane;
			}

			@Override
			public int size() {
				return 3;
			}

			@Override
			public int getSize() {
				return 3;
			}
		});
	}

	@Test
	void theDisplayRangeShowsAllPlanesAlikeAndPercentilesEachByItself() {
		final ImagePlus image = virtual32();
		image.setDisplayRange(0, 50);
		for (int z = 1; z <= 3; z++) {
			final Snapshot plane = Snapshot.of(image).at(new Position(1, z, 1));
			assertEquals(0.5f, ImageView.of(plane, ViewSettings.DEFAULT.withRange(IntensityRange.DISPLAY)).picture().get(0, 4, 4));
			assertEquals(z < 3 ? 1 : 0, ImageView.of(plane, ViewSettings.DEFAULT.withRange(IntensityRange.FULL)).picture().get(0, 4, 4));
		}
	}

	@Test
	void notANumberIsToldInASentence() {
		final ImagePlus image = gray32();
		image.getProcessor().setf(2, 1, Float.NaN);
		final ImageView<ImagePlus> view = ImageView.of(image, ViewSettings.DEFAULT);
		assertTrue(assertThrows(DiffEditException.class, view::picture).getMessage().startsWith("The pixel at (2, 1) of the region is NaN"));
		assertEquals(2, view.cropped(new Rectangle(3, 0, 2, 2)).picture().width(), "a region without such pixels can be used");
	}

	@Test
	void moreThanAnArrayHoldsIsToldInASentence() {
		final RandomAccessibleInterval<UnsignedShortType> huge =
			ConstantUtils.constantRandomAccessibleInterval(new UnsignedShortType(7), new FinalInterval(40_000, 40_000));
		final ImageView<RandomAccessibleInterval<UnsignedShortType>> view = ImageView.of(huge, Axes.named("XY"), ViewSettings.DEFAULT);
		assertTrue(assertThrows(DiffEditException.class, view::picture).getMessage().startsWith("The image is 40000 x 40000 pixels"));
		assertEquals(5, view.cropped(new Rectangle(30_000, 30_000, 5, 5)).picture().width());
	}

	@Test
	void constantAndTinyImagesAreShownToo() {
		for (final ImagePlus image : new ImagePlus[] { new ImagePlus("", new ByteProcessor(1, 1)),
			new ImagePlus("", new ShortProcessor(1, 1, new short[] { 1000 }, null)), new ImagePlus("", new FloatProcessor(1, 1, new float[] { -3 })),
			new ImagePlus("", new ColorProcessor(1, 1)) })
		{
			final ImageView<ImagePlus> view = ImageView.of(image, ViewSettings.DEFAULT);
			final Picture seen = view.picture();
			assertEquals(1, seen.width() * seen.height());
			final ImagePlus result = view.edited(seen, Mask.filled(1, 1, 1));
			assertEquals(image.getProcessor().getf(0), result.getProcessor().getf(0), 1e-6);
		}
	}

	// ---- and back

	@Test
	void outsideOfTheMaskEveryBitStays() {
		for (final ImagePlus image : new ImagePlus[] { gray8(), gray16(), gray32(), rgb(), composite(16, Color.RED, Color.GREEN, Color.BLUE),
			composite(8, Color.CYAN, Color.MAGENTA, Color.YELLOW, Color.WHITE), palette() })
		{
			final ImagePlus before = image.duplicate();
			final Mask mask = randomMask(1);
			final ImagePlus result = ImageView.of(image, ViewSettings.DEFAULT).edited(noise(2), mask);
			assertSameKind(image, result);
			boolean changed = false;
			for (int s = 1; s <= image.getStackSize(); s++) {
				for (int y = 0; y < H; y++) {
					for (int x = 0; x < W; x++) {
						assertEquals(raw(before, s, x, y), raw(image, s, x, y), "the input is never changed");
						if (mask.values()[y * W + x] == 0) assertEquals(raw(image, s, x, y), raw(result, s, x, y));
						else changed |= raw(image, s, x, y) != raw(result, s, x, y);
					}
				}
			}
			assertTrue(changed, "inside it does change");
		}
	}

	@Test
	void insideTheMaskGreyGoesThereAndBack() {
		for (final ImagePlus image : new ImagePlus[] { gray8(), gray16(), gray32(), rgb(), composite(16, Color.RED, Color.GREEN, Color.BLUE) }) {
			final ImagePlus other = image.duplicate();
			for (int s = 1; s <= other.getStackSize(); s++) other.getStack().getProcessor(s).flipHorizontal();
			final ViewSettings settings = ViewSettings.DEFAULT.withRange(IntensityRange.FULL); // the same for both, and nothing is clipped
			final ImagePlus result = ImageView.of(image, settings).edited(ImageView.of(other, settings).picture(), Mask.filled(W, H, 1));
			for (int s = 1; s <= image.getStackSize(); s++) {
				for (int i = 0; i < W * H; i++) {
					final int x = i % W, y = i / W;
					if (image.getBitDepth() != 32) assertEquals(color(other, s, x, y), color(result, s, x, y), image.getTitle());
					else assertEquals(other.getProcessor().getf(i), result.getProcessor().getf(i), 1e-4);				}
			}
		}
	}

	@Test
	void aPictureThatComesBackUnchangedKeepsValuesBeyondTheLevels() {
		final ImagePlus image = gray16();
		final ImageView<ImagePlus> view = ImageView.of(image, ViewSettings.DEFAULT.withRange(IntensityRange.percentile(30, 60)));
		final ImagePlus result = view.edited(view.picture(), Mask.filled(W, H, 1));
		assertArrayEquals((short[]) image.getProcessor().getPixels(), (short[]) result.getProcessor().getPixels());
	}

	@Test
	void aSoftMaskBlends() {
		final ImagePlus image = new ImagePlus("", new ByteProcessor(2, 1, new byte[] { 100, 100 }));
		final Mask half = new Mask(2, 1, new float[] { 0.75f, 0.25f });
		final ImagePlus result = ImageView.of(image, ViewSettings.DEFAULT).edited(new Picture(2, 1, 3, new float[] { 1, 1, 1, 1, 1, 1 }), half);
		assertEquals(216, result.getProcessor().get(0)); // 100 + 155 * 3 / 4
		assertEquals(139, result.getProcessor().get(1)); // 100 + 155 / 4
	}

	@Test
	void channelsAreUnmixedByTheSmallestStep() {
		final ImagePlus two = composite(8, Color.GREEN, Color.MAGENTA);
		final ImagePlus result = ImageView.of(two, ViewSettings.DEFAULT).edited(plain(0.2f, 0.8f, 0.2f), Mask.filled(W, H, 1));
		assertEquals(204, result.getStack().getProcessor(1).get(2, 2));
		assertEquals(51, result.getStack().getProcessor(2).get(2, 2));
		final ImagePlus four = composite(8, Color.RED, Color.GREEN, Color.BLUE, Color.WHITE);
		for (int s = 1; s <= 4; s++) Arrays.fill((byte[]) four.getStack().getPixels(s), (byte) (s == 4 ? 51 : 0));
		final ImagePlus mixed = ImageView.of(four, ViewSettings.DEFAULT).edited(plain(0.6f, 0.2f, 0.2f), Mask.filled(W, H, 1));
		// of all steps (r, g, b, w) with r + w = 0.4, g + w = 0, b + w = 0 the shortest is (0.3, -0.1, -0.1, 0.1)
		assertEquals(Math.rint(0.3 * 255), mixed.getStack().getProcessor(1).get(2, 2), 1);
		assertEquals(0, mixed.getStack().getProcessor(2).get(2, 2), "no channel goes below its darkest value");
		assertEquals(Math.rint(0.3 * 255), mixed.getStack().getProcessor(4).get(2, 2), 1);
	}

	@Test
	void channelsThatAreNotShownKeepTheirBits() {
		final ImagePlus image = composite(16, Color.RED, Color.GREEN, Color.BLUE);
		final ImagePlus result = ImageView.of(image, ViewSettings.DEFAULT.withChannels(2)).edited(noise(4), Mask.filled(W, H, 1));
		assertArrayEquals((short[]) image.getStack().getPixels(1), (short[]) result.getStack().getPixels(1));
		assertArrayEquals((short[]) image.getStack().getPixels(3), (short[]) result.getStack().getPixels(3));
		assertTrue(!Arrays.equals((short[]) image.getStack().getPixels(2), (short[]) result.getStack().getPixels(2)));
	}

	@Test
	void thePlaneComesAloneAndDescribed() {
		final ImagePlus image = IJ.createHyperStack("cells", W, H, 2, 3, 4, 16);
		for (int s = 1; s <= 24; s++) image.getStack().setVoxel(s % W, 0, s - 1, s);
		image.getStack().setSliceLabel("sixth", 6); // the second channel of slice 3 in frame 1
		image.getCalibration().pixelWidth = 0.25;
		image.getCalibration().setUnit("um");
		image.getCalibration().frameInterval = 7;
		image.setProperty("Info", "from the microscope");
		image.setProp("Objective", "60x");
		image.setPosition(2, 3, 1);
		image.setRoi(1, 1, 2, 2);
		image.setOverlay(overlay(new int[] { 0, 3, 1 }, new int[] { 2, 0, 0 }, new int[] { 0, 2, 1 }, new int[] { 0, 3, 2 }));
		image.setHideOverlay(true);
		final ImagePlus result = ImageView.of(image, ViewSettings.DEFAULT.withRange(IntensityRange.FULL)).edited(plain(1, 1, 1), Mask.filled(W, H, 1)); // red and green channels
		assertSameKind(image, result);
		assertEquals("sixth", result.getStack().getSliceLabel(2));
		assertEquals(7, result.getCalibration().frameInterval);
		assertEquals("from the microscope", result.getProperty("Info"));
		assertEquals("60x", result.getProp("Objective"));
		assertEquals(2, result.getCurrentSlice(), "the channel that was shown");
		assertEquals(2, result.getOverlay().size(), "elements of other planes stay away");
		assertEquals(List.of(0, 2), List.of(result.getOverlay().get(0).getCPosition() + result.getOverlay().get(0).getPosition(), result.getOverlay().get(1).getPosition()));
		assertTrue(result.getHideOverlay());
		for (int s = 1; s <= 24; s++) assertEquals(s, (int) image.getStack().getVoxel(s % W, 0, s - 1), "the input is never changed");
		for (int c = 1; c <= 2; c++) assertEquals((short) 65535, ((short[]) result.getStack().getPixels(c))[0]);
	}

	/** Elements at positions (channel, slice, frame). */
	private static Overlay overlay(final int[]... positions) {
		final Overlay overlay = new Overlay();
		for (final int[] position : positions) {
			final Roi roi = new Roi(1, 1, 2, 2);
			roi.setPosition(position[0], position[1], position[2]);
			overlay.add(roi);
		}
		return overlay;
	}

	@Test
	void aStackThatDoesNotFitIntoMemoryIsNeverReadWhole() {
		final CountingStack planes = new CountingStack();
		final ImagePlus image = new ImagePlus("huge", planes);
		image.setDimensions(1, CountingStack.PLANES, 1);
		image.setSlice(40_000);
		planes.read.clear();
		final ImagePlus result = ImageView.of(image, ViewSettings.DEFAULT).edited(noise(2), Mask.filled(W, H, 1));
		assertArrayEquals(new int[] { W, H, 1, 1, 1 }, result.getDimensions());
		assertFalse(result.getStack().isVirtual());
		assertTrue(planes.read.isEmpty() || planes.read.equals(Set.of(40_000)), planes.read.toString());
	}

	/** Planes that come from a file when they are asked for. */
	private static final class CountingStack extends VirtualStack {

		private static final int PLANES = 100_000;
		private final Set<Integer> read = new TreeSet<>();

		@Override
		public ImageProcessor getProcessor(final int n) {
			read.add(n);
			return gray16().getProcessor();
		}

		@Override
		public int getSize() {
			return PLANES;
		}

		@Override
		public int size() {
			return PLANES;
		}

		@Override
		public int getWidth() {
			return W;
		}

		@Override
		public int getHeight() {
			return H;
		}

		@Override
		public int getBitDepth() {
			return 16;
		}

		@Override
		public String getSliceLabel(final int n) {
			return "plane " + n;
		}
	}

	@Test
	void whatWasDrawnOnAVirtualPlaneIsSeen() {
		final ImagePlus image = new ImagePlus("", new CountingStack());
		image.setSlice(3);
		image.getProcessor().set(2, 1, 12345);
		assertEquals(12345, Snapshot.of(image).plane().getProcessor().get(2, 1));
	}

	@Test
	void pixelsThatCannotChangeMayBeNoNumbers() {
		final ImagePlus image = gray32();
		image.getProcessor().setf(2, 1, Float.NaN);
		final ImageView<ImagePlus> view = ImageView.of(image, ViewSettings.DEFAULT);
		final float[] values = new float[W * H];
		Arrays.fill(values, 1);
		values[W + 2] = 0;
		final Mask within = new Mask(W, H, values);
		assertEquals(0, view.picture(within).get(1, 2, 1), "seen as black");
		final ImagePlus result = view.edited(noise(3), within);
		assertTrue(Float.isNaN(result.getProcessor().getf(2, 1)));
		assertNotEquals(image.getProcessor().getf(3, 1), result.getProcessor().getf(3, 1));
	}

	@Test
	void onlyTheRegionChanges() {
		final ImagePlus image = gray16();
		final ImageView<ImagePlus> part = ImageView.of(image, ViewSettings.DEFAULT).cropped(new Rectangle(2, 1, 100, 3));
		assertEquals(new Rectangle(2, 1, 5, 3), part.region());
		final ImagePlus result = part.edited(new Picture(5, 3, 3, new float[45]), Mask.filled(5, 3, 1));
		for (int y = 0; y < H; y++) {
			for (int x = 0; x < W; x++) {
				final boolean inside = x >= 2 && y >= 1 && y < 4;
				if (!inside) assertEquals(image.getProcessor().get(x, y), result.getProcessor().get(x, y));
			}
		}
		assertNotEquals(image.getProcessor().get(3, 2), result.getProcessor().get(3, 2));
		assertThrows(DiffEditException.class, () -> part.cropped(new Rectangle(0, 0, 0, 3)));
		assertThrows(DiffEditException.class, () -> part.cropped(new Rectangle(50, 50, 3, 3)));
		assertThrows(DiffEditException.class, () -> part.edited(noise(1), Mask.filled(5, 3, 1)));
	}

	// ---- imglib2

	@Test
	void cellImagesViewsAndOtherOriginsGiveTheSame() {
		final short[] pixels = (short[]) gray16().getProcessor().getPixels();
		final RandomAccessibleInterval<UnsignedShortType> array = ArrayImgs.unsignedShorts(pixels, W, H);
		final Img<UnsignedShortType> cells = new CellImgFactory<>(new UnsignedShortType(), 3, 2).create(W, H);
		copy(array, cells);
		final RandomAccessibleInterval<UnsignedShortType> moved = Views.translate(cells, -100, 7);
		final RandomAccessibleInterval<UnsignedShortType> turned = Views.permute(moved, 0, 1);
		final Mask mask = randomMask(3);
		final float[] wanted = ImageView.of(gray16(), ViewSettings.DEFAULT).picture().values();
		final ImagePlus edited = ImageView.of(gray16(), ViewSettings.DEFAULT).edited(noise(4), mask);
		for (final RandomAccessibleInterval<UnsignedShortType> image : java.util.List.of(array, cells, moved, turned)) {
			final ImageView<RandomAccessibleInterval<UnsignedShortType>> view =
				ImageView.of(image, Axes.named(image == turned ? "YX" : "XY"), ViewSettings.DEFAULT);
			assertArrayEquals(wanted, view.picture().values());
			final RandomAccessibleInterval<UnsignedShortType> result = view.edited(noise(4), mask);
			assertArrayEquals(image.minAsLongArray(), result.minAsLongArray());
			assertArrayEquals(image.maxAsLongArray(), result.maxAsLongArray());
			final RandomAccessibleInterval<UnsignedShortType> upright = Views.zeroMin(image == turned ? Views.permute(result, 0, 1) : result);
			for (int y = 0; y < H; y++) {
				for (int x = 0; x < W; x++) assertEquals(edited.getProcessor().get(x, y), upright.getAt(x, y).get());
			}
		}
	}

	@Test
	void axesSayWhichPlaneIsMeant() {
		final Img<DoubleType> image = ArrayImgs.doubles(4, 2, 3, 5, 6); // T, C, X, Z, Y
		image.getAt(3, 1, 2, 4, 5).set(1);
		final RandomAccessibleInterval<DoubleType> moved = Views.translate(image, 9, 9, 9, 9, 9);
		final Axes axes = Axes.named("TCXZY").at('T', 3).at('Z', 4);
		final ImageView<RandomAccessibleInterval<DoubleType>> view = ImageView.of(moved, axes, ViewSettings.DEFAULT.withRange(IntensityRange.fixed(0, 1)));
		assertEquals(3, view.width());
		assertEquals(6, view.height());
		assertEquals(1, view.picture().get(1, 2, 5), "the second channel is green");
		assertEquals(0, view.picture().get(0, 2, 5));
		final RandomAccessibleInterval<DoubleType> result = view.edited(new Picture(3, 6, 3, new float[54]), Mask.filled(3, 6, 1));
		assertEquals(0, result.getAt(12, 10, 11, 13, 14).get());
		assertThrows(DiffEditException.class, () -> ImageView.of(moved, axes.at('T', 4), ViewSettings.DEFAULT));
		assertThrows(DiffEditException.class, () -> ImageView.of(moved, Axes.named("XY"), ViewSettings.DEFAULT));
		assertThrows(DiffEditException.class, () -> Axes.named("XX"));
		assertThrows(DiffEditException.class, () -> Axes.named("XYZ").at('T', 1));
		assertThrows(DiffEditException.class, () -> ImageView.of(moved, axes, ViewSettings.DEFAULT.withColors(0xff0000)));
	}

	@Test
	void coloursOfImglibKeepTheirAlpha() {
		final int[] pixels = { 0x80102030, 0x00ffffff };
		final ImageView<RandomAccessibleInterval<ARGBType>> view = ImageView.of(ArrayImgs.argbs(pixels.clone(), 2, 1), Axes.named("XY"), ViewSettings.DEFAULT);
		assertArrayEquals(new int[] { 0x102030, 0xffffff }, view.picture().toRgb());
		final RandomAccessibleInterval<ARGBType> result = view.edited(Picture.ofRgb(2, 1, new int[] { 0x405060, 0 }), new Mask(2, 1, new float[] { 1, 0 }));
		assertEquals(0x80405060, result.getAt(0, 0).get());
		assertEquals(0x00ffffff, result.getAt(1, 0).get());
	}

	@Test
	void whatIsNotARealNumberIsRefused() {
		final Img<ComplexFloatType> complex = ArrayImgs.complexFloats(2, 2);
		assertTrue(assertThrows(DiffEditException.class, () -> ImageView.of(complex, Axes.named("XY"), ViewSettings.DEFAULT)).getMessage()
			.contains("ComplexFloatType"));
		final RandomAccessibleInterval<UnsignedShortType> empty = Views.interval(ArrayImgs.unsignedShorts(3, 3), new long[] { 1, 0 }, new long[] { 0, 2 });
		assertThrows(DiffEditException.class, () -> ImageView.of(empty, Axes.named("XY"), ViewSettings.DEFAULT));
	}

	// ---- images to try with

	private enum Color {
		RED(0xff0000), GREEN(0x00ff00), BLUE(0x0000ff), CYAN(0x00ffff), MAGENTA(0xff00ff), YELLOW(0xffff00), WHITE(0xffffff);

		private final int rgb;

		Color(final int rgb) {
			this.rgb = rgb;
		}
	}

	private static ImagePlus gray8() {
		final byte[] pixels = new byte[W * H];
		new Random(1).nextBytes(pixels);
		return new ImagePlus("8-bit", new ByteProcessor(W, H, pixels));
	}

	private static ImagePlus gray16() {
		final short[] pixels = new short[W * H];
		final Random random = new Random(2);
		for (int i = 0; i < pixels.length; i++) pixels[i] = (short) random.nextInt(65536);
		return new ImagePlus("16-bit", new ShortProcessor(W, H, pixels, null));
	}

	private static ImagePlus gray32() {
		final float[] pixels = new float[W * H];
		final Random random = new Random(3);
		for (int i = 0; i < pixels.length; i++) pixels[i] = (float) (100 * random.nextGaussian());
		return new ImagePlus("32-bit", new FloatProcessor(W, H, pixels));
	}

	private static ImagePlus rgb() {
		final int[] pixels = new Random(4).ints(W * H).toArray();
		return new ImagePlus("RGB", new ColorProcessor(W, H, pixels));
	}

	private static ImagePlus palette() {
		final ImagePlus image = gray8();
		image.setTitle("palette");
		image.getProcessor().setColorModel(LabelImages.colors());
		image.setTypeToColor256();
		return image;
	}

	private static ImagePlus composite(final int bits, final Color... colors) {
		final ImageStack stack = new ImageStack(W, H);
		final LUT[] luts = new LUT[colors.length];
		for (int c = 0; c < colors.length; c++) {
			stack.addSlice(bits == 8 ? gray8().getProcessor() : gray16().getProcessor());
			luts[c] = LUT.createLutFromColor(new java.awt.Color(colors[c].rgb));
			luts[c].max = bits == 8 ? 255 : 65535;
		}
		final ImagePlus plain = new ImagePlus("composite of " + bits + " bits", stack);
		plain.setDimensions(colors.length, 1, 1);
		final CompositeImage image = new CompositeImage(plain, CompositeImage.COMPOSITE);
		image.setLuts(luts);
		return image;
	}

	private static Picture noise(final int seed) {
		final float[] values = new float[3 * W * H];
		final Random random = new Random(seed);
		for (int i = 0; i < values.length; i++) values[i] = random.nextFloat();
		return new Picture(W, H, 3, values);
	}

	private static Picture plain(final float red, final float green, final float blue) {
		final float[] values = new float[3 * W * H];
		Arrays.fill(values, 0, W * H, red);
		Arrays.fill(values, W * H, 2 * W * H, green);
		Arrays.fill(values, 2 * W * H, 3 * W * H, blue);
		return new Picture(W, H, 3, values);
	}

	private static Mask randomMask(final int seed) {
		final float[] values = new float[W * H];
		final Random random = new Random(seed);
		for (int i = 0; i < values.length; i++) values[i] = Math.max(0, random.nextInt(5) - 2) / 2f;
		return new Mask(W, H, values);
	}

	private static int raw(final ImagePlus image, final int slice, final int x, final int y) {
		final Object pixels = image.getStack().getPixels(slice);
		final int i = y * W + x;
		if (pixels instanceof byte[]) return ((byte[]) pixels)[i];
		if (pixels instanceof short[]) return ((short[]) pixels)[i];
		if (pixels instanceof float[]) return Float.floatToRawIntBits(((float[]) pixels)[i]);
		return ((int[]) pixels)[i];
	}

	/** The pixel without the alpha of RGB images, which no network sees. */
	private static int color(final ImagePlus image, final int slice, final int x, final int y) {
		return image.getBitDepth() == 24 ? raw(image, slice, x, y) & 0xffffff : raw(image, slice, x, y);
	}

	private static void assertSameKind(final ImagePlus image, final ImagePlus result) {
		assertEquals(image.getType(), result.getType());
		assertEquals(image.isComposite(), result.isComposite());
		assertArrayEquals(new int[] { image.getWidth(), image.getHeight(), image.getNChannels(), 1, 1 }, result.getDimensions());
		assertTrue(image.getCalibration().equals(result.getCalibration()), result.getCalibration().toString());
		assertEquals(image.getDisplayRangeMin(), result.getDisplayRangeMin());
		assertEquals(image.getDisplayRangeMax(), result.getDisplayRangeMax());
		assertEquals(image.getLuts().length, result.getLuts().length);
		for (int i = 0; i < image.getLuts().length; i++) assertArrayEquals(image.getLuts()[i].getBytes(), result.getLuts()[i].getBytes());
	}

	private static <T extends RealType<T>> void copy(final RandomAccessibleInterval<T> from, final Img<T> to) {
		final Cursor<T> cursor = to.localizingCursor();
		while (cursor.hasNext()) {
			cursor.fwd();
			cursor.get().set(from.getAt(cursor));
		}
	}
}
