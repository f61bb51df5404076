package sc.fiji.diffedit.fiji.commands;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.scijava.Context;
import org.scijava.command.CommandModule;
import org.scijava.event.EventHandler;
import org.scijava.event.EventService;
import org.scijava.task.event.TaskEvent;

import ij.IJ;
import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.OvalRoi;
import ij.gui.Overlay;
import ij.gui.Roi;

import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.inputs.Commands;
import sc.fiji.diffedit.service.DiffusionModelService;

/** What users do to an image while a command works with it: the result is of the image as it was, and they are told. */
class MeanwhileTest {

	private static final int W = 26, H = 22;

	private static Context context;

	@BeforeAll
	static void open() {
		context = new Context();
	}

	@AfterAll
	static void close() {
		context.dispose();
	}

	/** A command, and the output that is looked at. */
	private record Work(Class<? extends ModelCommand> command, String output, Object... inputs) {

		@Override
		public String toString() {
			return command.getSimpleName();
		}
	}

	/** What happens at the first step, and a part of what is said of it. */
	private record Deed(String name, Consumer<ImagePlus> change, String notice) {}

	private static final List<Work> ALL = List.of(
		new Work(GenerateMask.class, "differences", "maps", 1, "steps", 2, "heatMap", true, "source", "green nuclei", "target", "cyan nuclei"),
		new Work(InvertImage.class, "inversion", "steps", 2, "source", "green nuclei"),
		new Work(EditWithMask.class, "result", "steps", 2, "source", "green nuclei", "target", "cyan nuclei"),
		new Work(EditImageWithText.class, "result", "maps", 1, "steps", 2, "thresholdRatio", 0.5, "source", "green nuclei", "target", "cyan nuclei"),
		new Work(ImageToImage.class, "result", "steps", 2, "prompt", "green nuclei"),
		new Work(Inpaint.class, "result", "steps", 2, "prompt", "green nuclei"));

	private static final List<Deed> DEEDS = List.of(
		new Deed("another slice", image -> image.setSlice(3), null),
		new Deed("another selection", image -> image.setRoi(0, 0, 3, 3), null),
		new Deed("other pixels", image -> image.getStack().getProcessor(2).invert(), "was changed during the run"),
		new Deed("fewer slices", image -> image.getStack().deleteSlice(1), "was changed during the run"),
		new Deed("another size", image -> image.setStack(null, smaller(image.getStack())), "has 13 x 11 now"),
		new Deed("closed", ImagePlus::flush, "was closed during the run"));

	static Stream<Work> all() {
		return ALL.stream();
	}

	@ParameterizedTest
	@MethodSource("all")
	void theResultIsOfTheImageAsItWas(final Work work) {
		final ImagePlus undisturbed = output(run(work, stack(), image -> {}), work.output());
		for (final Deed deed : DEEDS) {
			final CommandModule done = run(work, stack(), deed.change());
			final ImagePlus result = output(done, work.output());
			assertSamePixels(undisturbed, result, deed.name());
			assertEquals(undisturbed.getTitle(), result.getTitle());
			final Provenance made = Provenance.read(result).orElseThrow();
			assertEquals("2", made.get("slice").orElseThrow());
			final List<?> notices = (List<?>) done.getOutput("notices");
			if (deed.notice() == null) continue;
			assertTrue(notices.get(0).toString().contains(deed.notice()), notices.toString());
			assertTrue(made.get("notices").orElseThrow().contains(deed.notice()), "and the info says so too");
		}
	}

	@Test
	void aMaskIsNotLostWithItsImage() {
		final Work mask = new Work(GenerateMask.class, "imageAsItWas", "maps", 1, "steps", 2, "labels", false, "thresholdRatio", 0.5, "source", "green nuclei",
			"target", "cyan nuclei");
		final CommandModule undisturbed = run(mask, stack(), image -> {});
		assertNull(undisturbed.getOutput("imageAsItWas"));
		final Roi roi = (Roi) undisturbed.getOutput("roi");
		for (final String show : List.of("Selection", "Overlay")) {
			final CommandModule done = run(new Work(GenerateMask.class, "", with(mask.inputs(), "show", show)), stack(), ImagePlus::flush);
			final ImagePlus kept = output(done, "imageAsItWas");
			assertArrayEquals((short[]) stack().getStack().getPixels(2), (short[]) kept.getProcessor().getPixels());
			final Roi shown = show.equals("Selection") ? kept.getRoi() : kept.getOverlay().get(0);
			assertArrayEquals(Masks.of(roi, W, H).values(), Masks.of(shown, W, H).values());
		}
	}

	@Test
	void imagesThatWereClosedBeforeAreRefused() {
		final ImagePlus closed = stack();
		closed.flush();
		final Work edit = new Work(EditWithMask.class, "", "source", "green nuclei", "target", "cyan nuclei");
		for (final CommandModule refused : List.of(start(edit, closed),
			start(new Work(EditWithMask.class, "", with(edit.inputs(), "maskFrom", "Mask image", "drawnMask", closed)), stack()),
			start(new Work(EditWithMask.class, "", with(edit.inputs(), "inversionFrom", "Inversion image", "inverted", closed)), stack())))
		{
			assertTrue(refused.isCanceled() && refused.getCancelReason().contains("\"stack\" has no pixels, or was closed"), refused.getCancelReason());
		}
	}

	@Test
	void anotherPlaneIsNotTakenForTheMasks() {
		final ImagePlus image = stack();
		final CommandModule done = run(new Work(GenerateMask.class, "", "maps", 1, "steps", 2, "labels", false, "thresholdRatio", 0.5, "source",
			"green nuclei", "target", "cyan nuclei"), image, changed -> changed.setSlice(3));
		assertTrue(done.getOutput("notices").toString().contains("shows another plane now; the selection is of slice 2"), done.getOutput("notices").toString());
		final CommandModule drawn = run(new Work(GenerateMask.class, "", "maps", 1, "steps", 2, "labels", false, "show", "Overlay", "thresholdRatio", 0.5,
			"source", "green nuclei", "target", "cyan nuclei"), stack(), changed -> changed.setSlice(3));
		assertEquals(List.of(), drawn.getOutput("notices"));
		final ImagePlus original = (ImagePlus) drawn.getInput("image");
		assertEquals(2, original.getOverlay().get(0).getPosition());
	}

	@Test
	void anEmptyMaskLeavesNoOldSelection() {
		final ImagePlus image = stack();
		final CommandModule done = run(new Work(GenerateMask.class, "", "maps", 1, "steps", 2, "source", "nuclei", "target", "nuclei"), image, changed -> {});
		assertNull(image.getRoi(), "which Edit With Mask... would take for the mask");
		final String notices = done.getOutput("notices").toString();
		assertTrue(notices.contains("the mask is empty") && notices.contains("Restore Selection"), notices);
		assertTrue(done.isOutputResolved("notices"), "no window opens for them");
		assertTrue(Provenance.read(output(done, "labelImage")).orElseThrow().get("notices").orElseThrow().contains("the mask is empty"));
		final ImagePlus other = stack();
		run(new Work(GenerateMask.class, "", "maps", 1, "steps", 2, "show", "Overlay", "source", "nuclei", "target", "nuclei"), other, changed -> {});
		assertEquals(new OvalRoi(4, 3, 15, 13), other.getRoi(), "where the mask goes elsewhere the selection is the user's");
	}

	@Test
	void aHiddenOverlayStaysHiddenAndIsSpokenOf() {
		final ImagePlus image = stack();
		image.setOverlay(new Overlay(new Roi(1, 1, 4, 4)));
		image.setHideOverlay(true);
		final CommandModule done = run(new Work(GenerateMask.class, "", "maps", 1, "steps", 2, "show", "Overlay", "thresholdRatio", 0.5, "source",
			"green nuclei", "target", "cyan nuclei"), image, changed -> {});
		assertTrue(image.getHideOverlay());
		assertEquals(2, image.getOverlay().size());
		assertTrue(done.getOutput("notices").toString().contains("is hidden"), done.getOutput("notices").toString());
	}

	@Test
	void pixelsOutsideOfTheSelectionMayBeNoNumbers() {
		for (final Work work : ALL) {
			final ImagePlus image = IJ.createImage("float", "32-bit ramp", W, H, 1);
			image.setRoi(new OvalRoi(4, 3, 15, 13));
			image.getProcessor().setf(4, 3, Float.NaN); // in the rectangle around the selection, but not in it
			final CommandModule done = run(new Work(work.command(), work.output(), with(work.inputs(), hasWorkOn(work) ? new Object[] { "workOn", "Selection" } : new Object[0])),
				image, changed -> {});
			if (work.output().equals("result")) assertTrue(Float.isNaN(output(done, "result").getProcessor().getf(4, 3)));
			image.setRoi(new OvalRoi(4, 3, 15, 13));
			image.getProcessor().setf(11, 9, Float.NaN);
			final CommandModule refused = start(new Work(work.command(), work.output(), with(work.inputs(), hasWorkOn(work) ? new Object[] { "workOn", "Selection" } : new Object[0])), image);
			assertTrue(refused.isCanceled() && refused.getCancelReason().contains("is NaN"), work + ": " + refused.getCancelReason());
		}
	}

	private static boolean hasWorkOn(final Work work) {
		return work.command() != EditWithMask.class && work.command() != Inpaint.class;
	}

	@Test
	void wordsThatDoNotFitAreSpokenOfEachTime() {
		final String last = "magenta mitochondria";
		final String prompt = "green nuclei, ".repeat(40) + last;
		for (int time = 0; time < 2; time++) { // the second time the encoded prompt is remembered
			final CommandModule done = start(new Work(GenerateMask.class, "", "maps", 1, "steps", 2, "source", prompt, "target", "cyan nuclei"), stack());
			final String notices = done.getOutput("notices").toString();
			assertTrue(notices.contains("longer than 77 tokens; these words do not count") && notices.contains(last), notices);
			assertTrue(Provenance.read(output(done, "labelImage")).orElseThrow().get("notices").orElseThrow().contains(last));
		}
	}

	@Test
	void aSizeThatTheModelWasNotMadeForIsSpokenOf() {
		final String told = "496 x 272 pixels are many more than the 128 x 128 that this model was made for";
		final Work work = new Work(ImageToImage.class, "", "steps", 2, "strength", 0.5, "prompt", "green nuclei");
		final CommandModule done = start(work, IJ.createImage("large", "8-bit ramp", 496, 272, 1));
		assertTrue(done.getOutput("notices").toString().contains(told), done.getOutput("notices").toString());
		assertTrue(Provenance.read(output(done, "result")).orElseThrow().get("notices").orElseThrow().contains(told));
		assertEquals(List.of(), start(work, IJ.createImage("usual", "8-bit ramp", 64, 48, 1)).getOutput("notices"));
	}

	// ---- helpers

	/** Changes the image once, when the command's first step is reported. */
	public static final class Hand {

		private final Runnable deed;
		private boolean done;

		Hand(final Runnable deed) {
			this.deed = deed;
		}

		@EventHandler
		public synchronized void onTask(final TaskEvent event) {
			if (done || event.getTask().getProgressValue() < 1) return;
			done = true;
			deed.run();
		}
	}

	private static CommandModule run(final Work work, final ImagePlus image, final Consumer<ImagePlus> change) {
		context.service(DiffusionModelService.class).results().clear(); // what is remembered takes no steps
		final Hand hand = new Hand(() -> change.accept(image));
		final EventService events = context.service(EventService.class);
		final List<?> subscribed = events.subscribe(hand);
		final CommandModule done = start(work, image);
		assertFalse(done.isCanceled(), () -> work + ": " + done.getCancelReason());
		assertTrue(hand.done);
		assertFalse(subscribed.isEmpty());
		return done;
	}

	private static CommandModule start(final Work work, final ImagePlus image) {
		final Map<String, Object> inputs = new HashMap<>(Map.of("image", image, "model", "demo"));
		for (int i = 0; i < work.inputs().length; i += 2) inputs.put((String) work.inputs()[i], work.inputs()[i + 1]);
		return Commands.run(context, work.command(), inputs);
	}

	private static Object[] with(final Object[] some, final Object... more) {
		final List<Object> all = new ArrayList<>(List.of(some));
		all.addAll(List.of(more));
		return all.toArray();
	}

	private static ImagePlus output(final CommandModule done, final String name) {
		return (ImagePlus) done.getOutput(name);
	}

	private static void assertSamePixels(final ImagePlus expected, final ImagePlus found, final String when) {
		assertArrayEquals(expected.getDimensions(), found.getDimensions(), when);
		for (int s = 1; s <= expected.getStackSize(); s++) {
			for (int y = 0; y < expected.getHeight(); y++) {
				for (int x = 0; x < expected.getWidth(); x++) {
					assertEquals(expected.getStack().getVoxel(x, y, s - 1), found.getStack().getVoxel(x, y, s - 1), when);
				}
			}
		}
	}

	private static ImageStack smaller(final ImageStack stack) {
		final ImageStack smaller = new ImageStack(W / 2, H / 2);
		for (int i = 1; i <= stack.size(); i++) smaller.addSlice(stack.getProcessor(i).resize(W / 2, H / 2));
		return smaller;
	}

	/** Three planes of 16 bits with a blob at different places; the second is shown, and a part of it is selected. */
	private static ImagePlus stack() {
		final ImagePlus image = IJ.createImage("stack", W, H, 3, 16);
		for (int s = 1; s <= 3; s++) {
			for (int i = 0; i < W * H; i++) {
				image.getStack().getProcessor(s).set(i, (int) (500 * s + 20000 * Math.exp(-(Math.pow(i % W - 5 * s, 2) + Math.pow(i / W - 9, 2)) / 30)) + i % 7);
			}
		}
		image.setSlice(2);
		image.setRoi(new OvalRoi(4, 3, 15, 13));
		return image;
	}
}
