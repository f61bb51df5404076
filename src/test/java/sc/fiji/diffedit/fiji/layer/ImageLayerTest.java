package sc.fiji.diffedit.fiji.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.EventQueue;
import java.awt.Graphics;
import java.awt.image.BufferedImage;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import ij.CompositeImage;
import ij.IJ;
import ij.ImagePlus;
import ij.gui.OvalRoi;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.process.ColorProcessor;

import sc.fiji.diffedit.fiji.DisplayState;
import sc.fiji.diffedit.fiji.DisplayedPlane;
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.Snapshot;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.MaskBits;

/** An edit over its image changes what is seen, and nothing else. */
@Timeout(60)
class ImageLayerTest {

	private static final int W = 20, H = 12;
	private static final Roi INSIDE = new Roi(4, 3, 10, 6);

	/** An edit that inverts the pixels of a rectangle. */
	static Edit edit(final ImagePlus image) {
		final Snapshot taken = Snapshot.of(image);
		final ImagePlus result = Snapshot.of(image).plane();
		for (int c = 1; c <= result.getStackSize(); c++) {
			result.getStack().getProcessor(c).setRoi(INSIDE.getBounds());
			for (int y = 3; y < 9; y++) for (int x = 4; x < 14; x++) result.getStack().getProcessor(c).set(x, y, image.getBitDepth() == 24 ? 0x3366cc : 40 + 17 * x);
		}
		final Mask mask = Masks.of(INSIDE, W, H);
		final BufferedImage thumbnail = Thumbnail.of(DisplayedPlane.of(result), W, H);
		return new Edit(new WeakReference<>(image), Map.of("target", "cyan nuclei", "seed", 3L), MaskBits.of(mask), taken.position(), image.getStackSize() > 1, taken.plane(), result, List.of(), thumbnail,
			LocalTime.now());
	}

	private static int[] drawn(final ImagePlus image) {
		final BufferedImage screen = new ColorProcessor(W, H, DisplayedPlane.of(Snapshot.of(image).plane(), DisplayState.of(image))).getBufferedImage();
		final Graphics g = screen.getGraphics();
		for (final Roi element : image.getOverlay()) element.drawOverlay(g);
		return screen.getRGB(0, 0, W, H, null, 0, W);
	}

	/** A layer over an image, once its picture is there. */
	private static ImageLayer layer(final ImagePlus image, final Edit edit) {
		final int others = elements(image);
		final ImageLayer layer = new ImageLayer(image, edit);
		waitFor(() -> elements(image) > others);
		return layer;
	}

	private static int elements(final ImagePlus image) {
		return image.getOverlay() == null ? 0 : image.getOverlay().size();
	}

	/** Asks on the event thread, on which layers work. */
	private static void waitFor(final BooleanSupplier condition) {
		final AtomicBoolean met = new AtomicBoolean();
		while (!met.get()) {
			try {
				EventQueue.invokeAndWait(() -> met.set(condition.getAsBoolean()));
			}
			catch (final InterruptedException | InvocationTargetException e) {
				throw new IllegalStateException(e);
			}
			IJ.wait(2);
		}
	}

	private static ImagePlus composite() {
		final ImagePlus plain = IJ.createImage("channels", "16-bit ramp", W, H, 2, 1, 1);
		final CompositeImage composite = new CompositeImage(plain, CompositeImage.COMPOSITE);
		composite.setDisplayRange(0, 300);
		return composite;
	}

	private static List<ImagePlus> images() {
		return List.of(IJ.createImage("a", "8-bit ramp", W, H, 1), IJ.createImage("b", "16-bit ramp", W, H, 1), IJ.createImage("c", "RGB ramp", W, H, 1), composite());
	}

	@Test
	void theEditIsSeenAsItsResultWouldBe() {
		for (final ImagePlus image : images()) {
			final Edit edit = edit(image);
			final Object pixels = image.getStack().getProcessor(1).getPixelsCopy();
			try (ImageLayer layer = layer(image, edit)) {
				assertArrayEquals(DisplayedPlane.of(edit.result()), drawn(image), image.getTitle());
				layer.setDivider(1);
				assertArrayEquals(DisplayedPlane.of(edit.before()), drawn(image), "before, of " + image.getTitle());
				layer.setDivider(0);
				layer.setOpacity(0);
				assertArrayEquals(DisplayedPlane.of(edit.before()), drawn(image), "transparent, of " + image.getTitle());
			}
			assertTrue(java.util.Objects.deepEquals(pixels, image.getStack().getProcessor(1).getPixels()), "pixels of " + image.getTitle());
			assertNull(image.getOverlay());
		}
	}

	@Test
	void leftOfTheDividerIsBefore() {
		final ImagePlus image = IJ.createImage("a", "8-bit ramp", W, H, 1);
		final Edit edit = edit(image);
		try (ImageLayer layer = layer(image, edit)) {
			layer.setDivider(0.5);
			final int[] seen = drawn(image), before = DisplayedPlane.of(edit.before()), after = DisplayedPlane.of(edit.result());
			for (int x = 4; x < 14; x++) if (Math.abs(x - 10) > 1) assertEquals((x < 10 ? before : after)[5 * W + x], seen[5 * W + x], "column " + x);
		}
	}

	@Test
	void itFollowsTheDisplayRange() {
		final ImagePlus image = IJ.createImage("b", "16-bit ramp", W, H, 1);
		final Edit edit = edit(image);
		try (ImageLayer layer = layer(image, edit)) {
			image.setDisplayRange(0, 500);
			layer.follow(image);                                               // as when ImageJ has told of it, which it does of images in windows
			waitFor(() -> Arrays.equals(DisplayedPlane.of(edit.result(), DisplayState.of(image)), drawn(image)));
			assertEquals(1, elements(image));
		}
	}

	@Test
	void anotherEditTakesItsPlaceOnceItsPictureIsThere() throws Exception {
		final ImagePlus image = IJ.createImage("a", "8-bit ramp", W, H, 1);
		final Edit other = edit(image);
		other.result().getProcessor().add(30);
		try (ImageLayer layer = layer(image, edit(image))) {
			EventQueue.invokeAndWait(() -> {
				layer.show(other);
				assertEquals(1, elements(image), "the one before is seen meanwhile");
			});
			waitFor(() -> drawn(image)[5 * W + 8] == DisplayedPlane.of(other.result())[5 * W + 8]);
			assertEquals(1, elements(image));
		}
	}

	@Test
	void aPictureThatIsMadeAfterTheEndIsNotShown() throws Exception {
		final ImagePlus image = IJ.createImage("a", "8-bit ramp", W, H, 1);
		final Edit edit = edit(image);
		EventQueue.invokeAndWait(() -> {
			final ImageLayer layer = new ImageLayer(image, edit);
			IJ.wait(50);                                                       // the picture is made, and waits for this thread
			layer.close();
		});
		EventQueue.invokeAndWait(() -> assertNull(image.getOverlay()));
	}

	@Test
	void otherElementsStayAndNoCopyHasTheEdit() {
		final ImagePlus image = IJ.createImage("a", "8-bit ramp", W, H, 1);
		final Roi own = new OvalRoi(0, 0, W, H);
		image.setOverlay(new Overlay(own));
		image.setHideOverlay(true);
		try (ImageLayer layer = layer(image, edit(image))) {
			assertEquals(2, image.getOverlay().size());
			assertTrue(image.getHideOverlay() && layer.hidden().orElseThrow().contains("Show Overlay"), "what is hidden stays so, and it is said");
			assertEquals(1, Snapshot.of(image).plane().getOverlay().size());
		}
		assertSame(own, image.getOverlay().get(0));
		assertEquals(1, image.getOverlay().size());
	}

	@Test
	void itBelongsToItsPlane() {
		final ImagePlus image = IJ.createImage("stack", "8-bit ramp", W, H, 4);
		image.setSlice(3);
		try (ImageLayer layer = layer(image, edit(image))) {
			assertEquals(3, image.getOverlay().get(0).getPosition());
		}
	}
}
