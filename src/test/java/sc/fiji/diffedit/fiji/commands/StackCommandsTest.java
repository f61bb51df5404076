package sc.fiji.diffedit.fiji.commands;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;
import org.scijava.app.event.StatusEvent;
import org.scijava.command.Command;
import org.scijava.command.CommandModule;
import org.scijava.event.EventHandler;
import org.scijava.event.EventService;
import org.scijava.task.event.TaskEvent;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.OvalRoi;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.io.FileSaver;
import ij.plugin.FileInfoVirtualStack;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.inputs.Commands;

/** Commands on several planes of a stack, with the embedded model. */
class StackCommandsTest {

	private static final int W = 32, H = 32;
	private static final String[] PROMPTS = { "source", "green nuclei", "target", "cyan nuclei" };

	private static Context context;

	@TempDir
	Path folder;

	@BeforeAll
	static void open() {
		context = new Context();
	}

	@AfterAll
	static void close() {
		context.dispose();
	}

	// ---- the same as plane by plane

	@Test
	void anEditOfAllPlanesEqualsThoseOfEach() {
		final ImagePlus image = hyperstack();
		final Map<String, Object> inputs = inputs("maps", 1, "steps", 4, "thresholdRatio", 1.5, "intensity", "Full range");
		final ImagePlus all = output(run(EditImageWithText.class, image, inputs, "planes", "all"), "result");
		assertEquals("2 x 2 x 2", all.getNChannels() + " x " + all.getNSlices() + " x " + all.getNFrames());
		for (int t = 1; t <= 2; t++) {
			for (int z = 1; z <= 2; z++) {
				image.setPosition(1, z, t);
				final ImagePlus single = output(run(EditImageWithText.class, image, inputs), "result");
				for (int c = 1; c <= 2; c++) {
					final int index = all.getStackIndex(c, z, t);
					assertArrayEquals((short[]) single.getStack().getPixels(c), (short[]) all.getStack().getPixels(index), "z=" + z + " t=" + t);
					assertEquals("c" + c + " z" + z + " t" + t, all.getStack().getSliceLabel(index));
				}
				assertEquals(positions(all.getOverlay(), z, t), single.getOverlay().size(), "each mask on its own plane");
			}
		}
		assertDescribed(image, all);
		assertTrue(IntStream.rangeClosed(1, 8).anyMatch(i -> !Arrays.equals((short[]) image.getStack().getPixels(i), (short[]) all.getStack().getPixels(i))), "something has changed");
	}

	private static long positions(final Overlay overlay, final int z, final int t) {
		return Stream.of(overlay.toArray()).filter(roi -> roi.getZPosition() == z && roi.getTPosition() == t && roi.getCPosition() == 0).count();
	}

	private static void assertDescribed(final ImagePlus image, final ImagePlus all) {
		assertEquals(0.5, all.getCalibration().pixelWidth);
		assertEquals(2.5, all.getCalibration().pixelDepth);
		assertEquals(7, all.getCalibration().frameInterval);
		assertTrue(all instanceof CompositeImage);
		for (int c = 0; c < 2; c++) {
			assertEquals(image.getLuts()[c].toString(), all.getLuts()[c].toString());
			assertEquals(image.getLuts()[c].max, all.getLuts()[c].max);
		}
		final Provenance made = Provenance.read(all).orElseThrow();
		assertEquals("all", made.get("planes").orElseThrow());
		assertTrue(made.get("slice").isEmpty(), "of several planes none is the one");
	}

	@Test
	void masksOfARangeGoToTheirPlanes() {
		final ImagePlus image = stack(4);
		image.setSlice(3);
		final Map<String, Object> inputs = inputs("maps", 1, "steps", 2, "thresholdRatio", 1.5, "heatMap", true, "show", "Selection, Overlay");
		final CommandModule done = run(GenerateMask.class, image, inputs, "planes", "2-4");
		final ImagePlus labels = output(done, "labelImage"), heat = output(done, "differences");
		assertEquals(3, labels.getStackSize());
		assertEquals(3, heat.getStackSize());
		assertEquals("z3", labels.getStack().getSliceLabel(2));
		assertEquals(List.of(2, 3, 4), Stream.of(image.getOverlay().toArray()).map(Roi::getPosition).toList());
		assertArrayEquals(((Roi) done.getOutput("roi")).getContainedPoints(), image.getRoi().getContainedPoints());
		final int[] colors = labels.getStack().getColorModel().getRGB(5) == 0xff000000 ? null : new int[1];
		assertNotNull(colors, "labels have colours");
		for (int z = 2; z <= 4; z++) {
			image.setSlice(z);
			final CommandModule single = run(GenerateMask.class, image, inputs);
			assertArrayEquals((short[]) output(single, "labelImage").getProcessor().getPixels(), (short[]) labels.getStack().getPixels(z - 1));
			assertArrayEquals((float[]) output(single, "differences").getProcessor().getPixels(), (float[]) heat.getStack().getPixels(z - 1));
			if (z == 3) assertArrayEquals(((Roi) done.getOutput("roi")).getContainedPoints(), ((Roi) single.getOutput("roi")).getContainedPoints(), "the selection is of the plane that was shown");
		}
	}

	@Test
	void eachPlaneHasItsOwnMaskAndInversion() {
		final ImagePlus image = stack(3);
		final ImagePlus masks = masks(3);
		final ImagePlus inversions = output(run(InvertImage.class, image, inputs("steps", 3), "planes", "all"), "inversion");
		assertEquals("4 x 3 x 3", inversions.getNChannels() + " x " + inversions.getNSlices() + " x " + inversions.getNFrames());
		final Map<String, Object> inputs = inputs("steps", 3, "maskFrom", "Mask image", "drawnMask", masks);
		final ImagePlus now = output(run(EditWithMask.class, image, inputs, "planes", "all"), "result");
		final ImagePlus later = output(run(EditWithMask.class, image, inputs, "planes", "all", "inversionFrom", "Inversion image", "inverted", inversions), "result");
		assertArrayEquals((short[]) image.getStack().getPixels(2), (short[]) now.getStack().getPixels(2), "its mask is empty");
		for (int z = 1; z <= 3; z += 2) {
			image.setSlice(z);
			masks.setSlice(z);
			final short[] single = (short[]) output(run(EditWithMask.class, image, inputs), "result").getProcessor().getPixels();
			assertArrayEquals(single, (short[]) now.getStack().getPixels(z));
			assertArrayEquals(single, (short[]) later.getStack().getPixels(z));
			assertArrayEquals(single, (short[]) output(run(EditWithMask.class, image, inputs, "inversionFrom", "Inversion image", "inverted", inversions), "result").getProcessor().getPixels());
		}
		assertRefused("is the inversion of 1/1, 2/1, 3/1 (slice/frame)", EditWithMask.class, stackAt(5, 4), inputs("steps", 3, "inversionFrom", "Inversion image", "inverted", inversions,
			"maskFrom", "Mask image", "drawnMask", new ImagePlus("one", masks.getStack().getProcessor(1))));
	}

	@Test
	void otherCommandsGiveStacksToo() {
		final ImagePlus image = stack(2);
		image.setRoi(new OvalRoi(8, 8, 16, 16));
		final Map<String, Object> inputs = inputs("steps", 2, "prompt", "cyan nuclei", "strength", 1.0);
		final ImagePlus inpainted = output(run(Inpaint.class, image, inputs, "planes", "all"), "result");
		final ImagePlus changed = output(run(ImageToImage.class, image, inputs, "planes", "all"), "result");
		image.setSlice(2);
		assertArrayEquals((short[]) output(run(Inpaint.class, image, inputs), "result").getProcessor().getPixels(), (short[]) inpainted.getStack().getPixels(2));
		assertArrayEquals((short[]) output(run(ImageToImage.class, image, inputs), "result").getProcessor().getPixels(), (short[]) changed.getStack().getPixels(2));
		assertRefused("count is 2 for 2 planes", ImageToImage.class, image, inputs("prompt", "x", "count", 2, "planes", "all"));
	}

	@Test
	void aCaptionIsMadeOfEachPlane() {
		final CommandModule done = module(CaptionImage.class, stack(2), inputs("planes", "all", "model", GoldenCase.model("blip").toString(), "words", 3, "beams", 1));
		assertFalse(done.isCanceled(), done::getCancelReason);
		final String[] lines = done.getOutput("caption").toString().split("\n");
		assertEquals(2, lines.length);
		assertTrue(lines[0].startsWith("z=1: ") && lines[1].startsWith("z=2: "), done.getOutput("caption").toString());
	}

	// ---- memory

	@Test
	void aVirtualStackBecomesAFile() throws IOException {
		final Path file = folder.resolve("cells.tif");
		final ImagePlus inMemory = stack(3);
		new FileSaver(inMemory).saveAsTiffStack(file.toString());
		final ImagePlus virtual = FileInfoVirtualStack.openVirtual(file.toString());
		virtual.setDisplayRange(100, 3000);
		inMemory.setDisplayRange(100, 3000);
		final Map<String, Object> inputs = inputs("maps", 1, "steps", 2, "thresholdRatio", 1.0, "intensity", "Display range");
		final ImagePlus kept = output(run(EditImageWithText.class, inMemory, inputs, "planes", "all"), "result");
		final Path results = folder.resolve("results");
		final ImagePlus written = output(run(EditImageWithText.class, virtual, inputs, "planes", "all", "stackFolder", results.toString()), "result");
		assertTrue(written.getStack().isVirtual());
		for (int z = 1; z <= 3; z++) assertArrayEquals((short[]) kept.getStack().getPixels(z), (short[]) written.getStack().getPixels(z));
		assertEquals(List.of(written.getTitle() + ".tif"), names(results), "nothing else is left");
		assertEquals("z2", written.getStack().getSliceLabel(2));
		assertEquals(0.5, written.getCalibration().pixelWidth, 1e-9);
		assertEquals(kept.getOverlay().size(), written.getOverlay().size());
		assertEquals(3000, written.getDisplayRangeMax());
		assertEquals("all", Provenance.read(written).orElseThrow().get("planes").orElseThrow());
	}

	private static List<String> names(final Path folder) throws IOException {
		try (Stream<Path> files = Files.list(folder)) {
			return files.map(file -> file.getFileName().toString()).toList();
		}
	}

	// ---- cancelling

	@Test
	void whatIsDoneWhenARunIsCancelledIsKept() {
		final Stopper stopper = new Stopper("Plane 3 of 4 (z=1 t=2)");
		final List<?> subscribed = context.service(EventService.class).subscribe(stopper);
		final ImagePlus image = hyperstack();
		final CommandModule done = run(EditImageWithText.class, image, inputs("maps", 1, "steps", 4, "thresholdRatio", 1.5), "planes", "all");
		final ImagePlus result = output(done, "result");
		assertEquals("2 x 2 x 1", result.getNChannels() + " x " + result.getNSlices() + " x " + result.getNFrames());
		final String notice = "Only 2 of 4 planes are done, up to z=2 t=1: the run was cancelled.";
		assertTrue(((List<?>) done.getOutput("notices")).contains(notice), String.valueOf(done.getOutput("notices")));
		assertTrue(Provenance.read(result).orElseThrow().get("notices").orElseThrow().contains(notice));
		assertFalse(subscribed.isEmpty());
	}

	/** Presses the stop button of a task when a message begins so. */
	private static final class Stopper {

		private final String when;
		private boolean now, done;

		Stopper(final String when) {
			this.when = when;
		}

		@EventHandler
		void onStatus(final StatusEvent event) {
			if (String.valueOf(event.getStatusMessage()).startsWith(when) && !done) now = true;
		}

		@EventHandler
		void onTask(final TaskEvent event) {
			if (done || !now) return;
			done = true;
			event.getTask().cancel("enough");
		}
	}

	// ---- what is wrong

	@Test
	void rangesThatAreNoneAreRefused() {
		assertRefused("z is \"2-9\", but \"cells.tif\" has 3 slices", GenerateMask.class, stack(3), inputs("planes", "z=2-9"));
		assertRefused("Channels are named twice", GenerateMask.class, hyperstack(), inputs("planes", "c=1", "channels", "2"));
		final ImagePlus wrong = masks(2);
		assertRefused("The mask \"masks\" has 2 planes, but the work is on 3 planes of \"cells.tif\"", EditWithMask.class, stack(4),
			inputs("planes", "1-3", "maskFrom", "Mask image", "drawnMask", wrong));
	}

	// ---- images

	private static ImagePlus stackAt(final int slices, final int shown) {
		final ImagePlus image = stack(slices);
		image.setSlice(shown);
		return image;
	}

	private static ImagePlus stack(final int slices) {
		final ImageStack stack = new ImageStack(W, H);
		for (int z = 1; z <= slices; z++) stack.addSlice("z" + z, cells(z));
		final ImagePlus image = new ImagePlus("cells.tif", stack);
		image.getCalibration().pixelWidth = 0.5;
		return image;
	}

	private static ImagePlus hyperstack() {
		final ImageStack stack = new ImageStack(W, H);
		for (int t = 1; t <= 2; t++) {
			for (int z = 1; z <= 2; z++) {
				for (int c = 1; c <= 2; c++) stack.addSlice("c" + c + " z" + z + " t" + t, cells(100 * t + 10 * z + c));
			}
		}
		final ImagePlus plain = new ImagePlus("cells.tif", stack);
		plain.setDimensions(2, 2, 2);
		final CompositeImage image = new CompositeImage(plain, CompositeImage.COMPOSITE);
		image.getCalibration().pixelWidth = 0.5;
		image.getCalibration().pixelDepth = 2.5;
		image.getCalibration().frameInterval = 7;
		return image;
	}

	private static ImageProcessor cells(final int seed) {
		final Random random = new Random(seed);
		final int x = 8 + random.nextInt(16), y = 8 + random.nextInt(16);
		final short[] pixels = new short[W * H];
		for (int i = 0; i < pixels.length; i++) {
			pixels[i] = (short) (200 + random.nextInt(200) + 3000 * Math.exp(-(Math.pow(i % W - x, 2) + Math.pow(i / W - y, 2)) / 30));
		}
		return new ShortProcessor(W, H, pixels, null);
	}

	/** The second is empty. */
	private static ImagePlus masks(final int slices) {
		final ImageStack stack = new ImageStack(W, H);
		for (int z = 1; z <= slices; z++) {
			final ImageProcessor mask = new ShortProcessor(W, H);
			mask.setValue(z);
			if (z != 2) mask.fill(new OvalRoi(6 + z, 6, 14, 14));
			stack.addSlice(mask);
		}
		return new ImagePlus("masks", stack);
	}

	// ---- running

	private static Map<String, Object> inputs(final Object... pairs) {
		final Map<String, Object> all = new HashMap<>();
		for (int i = 0; i < pairs.length; i += 2) all.put((String) pairs[i], pairs[i + 1]);
		return all;
	}

	private static CommandModule run(final Class<? extends PlanesCommand<?>> command, final ImagePlus image, final Map<String, Object> inputs, final Object... more) {
		final CommandModule done = module(command, image, inputs, more);
		assertFalse(done.isCanceled(), done::getCancelReason);
		return done;
	}

	private static CommandModule module(final Class<? extends Command> command, final ImagePlus image, final Map<String, Object> inputs, final Object... more) {
		final Map<String, Object> all = new HashMap<>(inputs);
		all.putAll(inputs(more));
		all.put("image", image);
		all.putIfAbsent("model", "demo");
		if (command != CaptionImage.class && !all.containsKey("prompt")) all.put("source", PROMPTS[1]);
		if (command != CaptionImage.class && command != InvertImage.class && !all.containsKey("prompt")) all.put("target", PROMPTS[3]);
		return Commands.run(context, command, all);
	}

	private static ImagePlus output(final CommandModule done, final String name) {
		return (ImagePlus) done.getOutput(name);
	}

	private static void assertRefused(final String part, final Class<? extends Command> command, final ImagePlus image, final Map<String, Object> inputs) {
		final CommandModule done = module(command, image, inputs);
		assertTrue(done.isCanceled(), part);
		assertTrue(done.getCancelReason().contains(part), done.getCancelReason());
		assertNull(done.getOutput("result"));
	}
}
