package sc.fiji.diffedit.fiji;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import ij.CompositeImage;
import ij.IJ;
import ij.ImagePlus;
import ij.process.ColorProcessor;
import ij.process.ImageConverter;
import ij.process.LUT;

/** A plane looks as ImageJ shows it, in every type of image. */
class DisplayedPlaneTest {

	private static ImagePlus ramp(final String type, final double bright) {
		final ImagePlus image = IJ.createImage(type, type + " ramp", 24, 10, 1);
		if (!type.equals("RGB")) image.setDisplayRange(0.1 * bright, 0.7 * bright);
		return image;
	}

	private static ImagePlus composite(final int mode) {
		final ImagePlus plain = IJ.createHyperStack("composite", 12, 8, 3, 1, 1, 16);
		for (int c = 1; c <= 3; c++) for (int i = 0; i < 96; i++) plain.getStack().getProcessor(c).set(i, i * 97 * c % 1000);
		final CompositeImage composite = new CompositeImage(plain, mode);
		for (int c = 1; c <= 3; c++) {
			composite.setC(c);
			composite.setDisplayRange(10 * c, 700 + c);
		}
		composite.setC(2);
		if (mode == CompositeImage.COMPOSITE) composite.getActiveChannels()[2] = false;
		composite.updateAndDraw();
		return composite;
	}

	static Stream<ImagePlus> images() {
		final ImagePlus colored = ramp("8-bit", 255), palette = ramp("RGB", 0);
		colored.setLut(LUT.createLutFromColor(java.awt.Color.MAGENTA));
		colored.setDisplayRange(20, 200);
		new ImageConverter(palette).convertRGBtoIndexedColor(16);
		return Stream.of(ramp("8-bit", 255), colored, palette, ramp("16-bit", 65535), ramp("32-bit", 1), ramp("RGB", 0), composite(CompositeImage.COMPOSITE),
			composite(CompositeImage.COLOR), composite(CompositeImage.GRAYSCALE));
	}

	@ParameterizedTest
	@MethodSource("images")
	void theCopyOfAPlaneLooksLikeItsImage(final ImagePlus image) {
		final int[] shown = (int[]) new ColorProcessor(image.getImage()).getPixels();
		final ImagePlus plane = Snapshot.of(image).plane();
		assertArrayEquals(shown, DisplayedPlane.of(plane, DisplayState.of(image)));
		assertArrayEquals(shown, DisplayedPlane.of(plane));
	}

	@Test
	void itFollowsTheDisplayAndLeavesThePlaneAsItIs() {
		for (final ImagePlus image : List.of(ramp("8-bit", 255), ramp("16-bit", 65535), composite(CompositeImage.COMPOSITE))) {
			final ImagePlus plane = Snapshot.of(image).plane();
			final DisplayState before = DisplayState.of(image);
			final int[] first = DisplayedPlane.of(plane);
			assertEquals(before, DisplayState.of(image));
			image.setDisplayRange(1, 50);
			image.updateAndDraw();
			assertNotEquals(before, DisplayState.of(image));
			assertArrayEquals((int[]) new ColorProcessor(image.getImage()).getPixels(), DisplayedPlane.of(plane, DisplayState.of(image)));
			assertArrayEquals(first, DisplayedPlane.of(plane), "its own display");
		}
	}

	@Test
	void ofAnotherTypeItsOwnDisplayCounts() {
		final ImagePlus plane = ramp("16-bit", 65535);
		assertArrayEquals(DisplayedPlane.of(plane), DisplayedPlane.of(plane, DisplayState.of(ramp("8-bit", 255))));
		assertSame(plane.getProcessor().getPixels(), plane.getStack().getPixels(1));
	}
}
