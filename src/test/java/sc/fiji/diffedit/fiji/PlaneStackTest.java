package sc.fiji.diffedit.fiji;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import ij.CompositeImage;
import ij.IJ;
import ij.ImagePlus;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.process.ByteProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;

import sc.fiji.diffedit.DiffEditException;

/** How results of planes become one image. */
class PlaneStackTest {

	private static final ImagePlus SOURCE = plane(new ByteProcessor(4, 4));

	@TempDir
	Path folder;

	private static ImagePlus plane(final ImageProcessor pixels) {
		return new ImagePlus("plane", pixels);
	}

	private static PlaneStack stack(final int slices, final int frames) {
		final ImagePlus image = IJ.createHyperStack("", 4, 4, 1, slices, frames, 8);
		return new PlaneStack(PlaneRange.of("all", image), new StackRoom(Optional.empty()));
	}

	private static ImagePlus image(final PlaneStack stack) {
		return stack.image("title", image -> {});
	}

	@Test
	void onePlaneIsItself() {
		final PlaneStack stack = stack(1, 1);
		assertNull(image(stack));
		stack.add(SOURCE, SOURCE);
		assertSame(SOURCE, image(stack));
	}

	@Test
	void aPlaneWithMoreLabelsThanSixteenBitsHoldMakesTheStackWide() {
		final PlaneStack stack = stack(3, 1);
		final ShortProcessor most = new ShortProcessor(4, 4);
		most.set(0, 65535);
		stack.add(plane(most), SOURCE);
		final FloatProcessor many = new FloatProcessor(4, 4);
		many.setf(0, 70000);
		stack.add(plane(many), SOURCE);
		stack.add(plane(new ShortProcessor(4, 4)), SOURCE);
		final ImagePlus image = image(stack);
		assertEquals(32, image.getBitDepth());
		assertEquals(65535, image.getStack().getVoxel(0, 0, 0));
		assertEquals(70000, image.getStack().getVoxel(0, 0, 1));
		assertEquals(3, image.getNSlices());
	}

	@Test
	void whatEndsWithinAFrameIsAPlainStack() {
		final PlaneStack stack = stack(2, 3);
		for (int i = 0; i < 3; i++) {
			final ImagePlus plane = plane(new ByteProcessor(4, 4));
			plane.setOverlay(new Overlay(new Roi(i, 0, 1, 1)));
			stack.add(plane, SOURCE);
		}
		final ImagePlus image = image(stack);
		assertEquals("1 x 3 x 1", image.getNChannels() + " x " + image.getNSlices() + " x " + image.getNFrames());
		assertEquals(List.of(1, 2, 3), Stream.of(image.getOverlay().toArray()).map(Roi::getPosition).toList());
		assertEquals(List.of(new Position(1, 1, 1), new Position(1, 2, 1), new Position(1, 3, 1)), stack.places());
	}

	@Test
	void whatDoesNotFitIntoMemoryGoesToTheDisk() {
		final PlaneStack stack = new PlaneStack(new PlaneRange(Collections.nCopies(3, new Position(1, 1, 1)), List.of()), new StackRoom(Optional.empty(), () -> 100));
		for (int i = 0; i < 3; i++) stack.add(plane(new ShortProcessor(4, 4, new short[] { (short) i, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, -1 }, null)), SOURCE);
		final ImagePlus image = image(stack);
		stack.close();
		assertTrue(image.getStack().isVirtual());
		assertEquals(2, image.getStack().getProcessor(3).getf(0, 0));
		assertEquals(65535, image.getStack().getProcessor(2).getf(3, 3));
		final String notice = stack.outside().orElseThrow();
		assertTrue(notice.startsWith("The result of 3 planes does not fit into ImageJ's memory: it lies in "), notice);
		final Path file = Path.of(notice.replaceFirst(".* lies in (.*) and is deleted .*", "$1"));
		assertTrue(Files.exists(file));
		PlaneStack.release(image);
		assertFalse(Files.exists(file));
	}

	@Test
	void channelsOnTheDiskAreSavedAsThoseInMemory() {
		final List<ImagePlus> saved = new ArrayList<>();
		for (final long memory : new long[] { Long.MAX_VALUE, 0 }) {
			final PlaneStack stack = new PlaneStack(PlaneRange.of("all", IJ.createHyperStack("", 4, 4, 2, 2, 2, 16)), new StackRoom(Optional.empty(), () -> memory));
			for (int i = 0; i < 4; i++) {
				final ImagePlus plane = new CompositeImage(IJ.createHyperStack("plane", 4, 4, 2, 1, 1, 16), CompositeImage.COLOR);
				for (int c = 1; c <= 2; c++) plane.getStack().getProcessor(c).set(0, 0, 10 * i + c);
				plane.getCalibration().pixelWidth = 0.5;
				plane.setOverlay(new Overlay(new Roi(i, 0, 1, 1)));
				stack.add(plane, plane);
			}
			final ImagePlus image = image(stack);
			assertEquals(memory == 0, image.getStack().isVirtual());
			final Path file = folder.resolve(memory + ".tif");
			TiffFiles.save(image, file);
			saved.add(IJ.openImage(file.toString()));
			PlaneStack.release(image);
		}
		final ImagePlus inMemory = saved.get(0), onDisk = saved.get(1);
		assertEquals("2 x 2 x 2", onDisk.getNChannels() + " x " + onDisk.getNSlices() + " x " + onDisk.getNFrames());
		for (int i = 1; i <= 8; i++) assertArrayEquals((short[]) inMemory.getStack().getPixels(i), (short[]) onDisk.getStack().getPixels(i));
		assertEquals(31 + 1, onDisk.getStack().getProcessor(8).get(0, 0));
		assertEquals(CompositeImage.COLOR, ((CompositeImage) onDisk).getMode());
		assertEquals(0.5, onDisk.getCalibration().pixelWidth);
		assertEquals("1 2 1 2", Stream.of(onDisk.getOverlay().toArray()).map(roi -> String.valueOf(roi.getZPosition())).collect(Collectors.joining(" ")));
	}

	@Test
	void tooManyPlanesForTheDiskAreRefusedAtTheFirst() {
		final PlaneStack stack = new PlaneStack(new PlaneRange(Collections.nCopies(1_000_000, new Position(1, 1, 1)), List.of()), new StackRoom(Optional.empty(), () -> 0));
		final ImagePlus large = plane(new ByteProcessor(8192, 8192));
		final String message = assertThrows(DiffEditException.class, () -> stack.add(large, large)).getMessage();
		assertTrue(message.startsWith("The result of 1000000 planes takes 64000000 MB, but ImageJ has 0 MB of memory and there are "), message);
	}

	@Test
	void onTheDiskTooPlanesWithMoreLabelsMakeTheStackWide() throws IOException {
		try (PlaneStack stack = new PlaneStack(new PlaneRange(Collections.nCopies(2, new Position(1, 1, 1)), List.of()), new StackRoom(Optional.of(folder)))) {
			stack.add(plane(new ShortProcessor(4, 4, new short[] { 0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, -1 }, null)), SOURCE);
			final FloatProcessor many = new FloatProcessor(4, 4);
			many.setf(0, 70000);
			stack.add(plane(many), SOURCE);
			final ImagePlus image = image(stack);
			assertEquals(32, image.getBitDepth());
			assertEquals(65535, image.getStack().getProcessor(1).getf(3, 3));
			assertEquals(70000, image.getStack().getProcessor(2).getf(0, 0));
		}
		assertEquals(1, files());
	}

	@Test
	void nothingIsLeftInTheFolderUnlessItIsFinished() throws IOException {
		final ImagePlus image = IJ.createHyperStack("", 4, 4, 1, 3, 1, 8);
		try (PlaneStack stack = new PlaneStack(PlaneRange.of("all", image), new StackRoom(Optional.of(folder)))) {
			stack.add(plane(new ByteProcessor(4, 4)), SOURCE);
			assertEquals(1, files());
		}
		assertEquals(0, files());
	}

	private long files() throws IOException {
		try (Stream<Path> files = Files.list(folder)) {
			return files.count();
		}
	}

	/** As on a disk that was full for a while. */
	@Test
	void whatIsLeftOfAPlaneThatDidNotFitIsOverwritten() throws IOException {
		try (DiskStack stack = DiskStack.in(folder, new ByteProcessor(4, 4))) {
			stack.addSlice("1", filled(1));
			Files.write(stack.file(), new byte[] { 9, 9, 9 }, StandardOpenOption.APPEND);
			stack.addSlice("2", filled(2));
			assertEquals(1, stack.getProcessor(1).get(0));
			assertEquals(2, stack.getProcessor(2).get(0));
			assertEquals(2, stack.getProcessor(2).get(15));
			Files.delete(stack.file());
			final DiffEditException gone = assertThrows(DiffEditException.class, () -> stack.getProcessor(2));
			assertTrue(gone.getMessage().contains("cannot be read from"), gone.getMessage());
		}
	}

	private static ByteProcessor filled(final int value) {
		final ByteProcessor plane = new ByteProcessor(4, 4);
		plane.add(value);
		return plane;
	}
}
