package sc.fiji.diffedit.fiji.window;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.geom.Area;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

import javax.swing.SwingUtilities;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.command.CommandModule;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.OvalRoi;
import ij.gui.Roi;
import ij.gui.ShapeRoi;
import ij.process.ColorProcessor;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.MaskShape;
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.ProvenanceFile;
import sc.fiji.diffedit.fiji.Snapshot;
import sc.fiji.diffedit.fiji.commands.GenerateMask;
import sc.fiji.diffedit.fiji.inputs.Commands;
import sc.fiji.diffedit.fiji.repeat.RepeatFromInfo;
import sc.fiji.diffedit.tensor.Mask;

/** What a window works on, without a window. */
class SessionTest {

	private static final int W = 44, H = 36, LONGEST_MILLIS = 60_000, PAUSE_MILLIS = 20;
	/** Without refinement, so that what rounds off the squares of the model's resolution has something to do. */
	private static final Map<String, Object> ASKED = Map.of("source", "green nuclei", "target", "cyan nuclei", "maps", 2, "steps", 4, "seed", 5L, "maskRefinement", "None");

	private static Context context;
	private Session session;

	@BeforeAll
	static void open() {
		context = new Context();
	}

	@AfterAll
	static void close() {
		context.dispose();
	}

	@BeforeEach
	void begin() {
		session = onEventThread(() -> new Session(context));
		ASKED.forEach(session.answers()::setInput);
	}

	private static ImagePlus cells() {
		final ColorProcessor pixels = new ColorProcessor(W, H);
		pixels.setColor(0x00a000);
		pixels.fillOval(8, 6, 16, 14);
		pixels.fillOval(26, 20, 12, 12);
		return new ImagePlus("cells.tif", pixels);
	}

	private static <T> T onEventThread(final Callable<T> work) {
		final FutureTask<T> task = new FutureTask<>(work);
		try {
			SwingUtilities.invokeAndWait(task);
			return task.get();
		}
		catch (final java.util.concurrent.ExecutionException e) {
			if (e.getCause() instanceof RuntimeException expected) throw expected;
			throw new IllegalStateException(e);
		}
		catch (final InterruptedException | java.lang.reflect.InvocationTargetException e) {
			throw new IllegalStateException(e);
		}
	}

	private static void onEventThread(final Runnable work) {
		onEventThread(() -> {
			work.run();
			return null;
		});
	}

	private void waitForEnd() {
		waitForEnd(session);
	}

	private static void waitForEnd(final Session session) {
		for (int waited = 0; onEventThread(() -> session.job().isBusy()); waited += PAUSE_MILLIS) {
			assertTrue(waited < LONGEST_MILLIS, "the run does not end");
			IJ.wait(PAUSE_MILLIS);
		}
	}

	private void find(final ImagePlus image) {
		onEventThread(() -> {
			session.follow(image);
			session.findMask();
		});
		waitForEnd();
		assertFalse(session.job().hasFailed(), session.job().sentence());
	}

	private void set(final String name, final Object value) {
		onEventThread(() -> {
			session.answers().setInput(name, value);
			if (name.equals("thresholdRatio")) session.answers().setInput("threshold", "Ratio");
			session.answered();
		});
	}

	private Mask mask() {
		return onEventThread(() -> session.state().orElseThrow().mask());
	}

	private static Mask byCommand(final ImagePlus image, final Map<String, Object> settings) {
		final Map<String, Object> inputs = new HashMap<>(ASKED);
		inputs.putAll(settings);
		inputs.putAll(Map.of("image", image, "show", "Nothing", "labels", false));
		final CommandModule done = Commands.run(context, GenerateMask.class, inputs);
		assertFalse(done.isCanceled(), done.getCancelReason());
		final Roi roi = (Roi) done.getOutput("roi");
		return roi == null ? Mask.filled(W, H, 0) : Masks.of(roi, W, H);
	}

	// ---- the mask

	/** Sliders compute in Java what the command computes, with the same bits. */
	@Test
	void theSlidersGiveTheMasksOfTheCommand() {
		final ImagePlus image = cells();
		find(image);
		assertArrayEquals(byCommand(image, Map.of()).values(), mask().values());
		Mask before = mask();
		for (final Map<String, Object> settings : new Map[] { Map.of("thresholdRatio", 1.5), Map.of("thresholdRatio", 1.5, "smoothMap", 6.0),
			Map.of("thresholdRatio", 1.2, "smooth", true), Map.of("thresholdRatio", 1.8, "holes", 400), Map.of("thresholdRatio", 1.6, "smallest", 200),
			Map.of("thresholdRatio", 2.0, "grow", 3.0), Map.of("thresholdLevel", 0.7), Map.of("threshold", "Quantile", "thresholdLevel", 0.8), Map.of("threshold", "Otsu"),
			Map.of("threshold", "Fixed", "thresholdLevel", 1.7), Map.of("thresholdRatio", 1.4, "smoothMap", 3.0, "smooth", true, "holes", 30, "smallest", 70, "grow", 1.5) })
		{
			for (final Map.Entry<String, Object> plain : new MaskSettings("Top", 0.52, 3, MaskShape.PLAIN).values().entrySet()) set(plain.getKey(), plain.getValue());
			set("threshold", "Top");                                    // the number of another kind chooses that kind
			settings.forEach(this::set);
			assertArrayEquals(byCommand(image, settings).values(), mask().values(), settings.toString());
			assertFalse(java.util.Arrays.equals(before.values(), mask().values()), settings + " change nothing");
			before = mask();
		}
	}

	/** They share the model, which computes for one at a time. */
	@Test
	void twoWindowsAtWorkAtOnceFindTheirOwnMasks() {
		final ImagePlus image = cells(), another = cells();
		another.getProcessor().invert();
		final Session other = onEventThread(() -> new Session(context));
		ASKED.forEach(other.answers()::setInput);
		onEventThread(() -> {
			session.follow(image);
			other.follow(another);
			session.findMask();
			other.findMask();
			assertTrue(session.job().isBusy() && other.job().isBusy());
		});
		waitForEnd(session);
		waitForEnd(other);
		assertArrayEquals(byCommand(image, Map.of()).values(), mask().values());
		assertArrayEquals(byCommand(another, Map.of()).values(), onEventThread(() -> other.state().orElseThrow().mask()).values());
	}

	@Test
	void aMaskThatFollowsOutlinesIsCutAgainToo() {
		final ImagePlus image = cells();
		session.answers().setInput("maskRefinement", "Guided filter");
		find(image);
		for (final Map<String, Object> settings : List.of(Map.<String, Object> of("thresholdLevel", 0.3), Map.<String, Object> of("thresholdLevel", 0.4, "smoothMap", 5.0))) {
			settings.forEach(this::set);
			final Map<String, Object> all = new HashMap<>(settings);
			all.put("maskRefinement", "Guided filter");
			assertArrayEquals(byCommand(image, all).values(), mask().values(), settings.toString());
		}
	}

	@Test
	void aSelectionLimitsTheMask() {
		final ImagePlus image = cells();
		image.setRoi(new Roi(4, 4, 22, 18));
		session.answers().setInput("workOn", "Selection");
		set("thresholdRatio", 0.5);
		find(image);
		assertArrayEquals(byCommand(image, Map.of("thresholdRatio", 0.5, "workOn", "Selection")).values(), mask().values());
		set("grow", 50.0);
		assertArrayEquals(Masks.of(image.getRoi(), W, H).values(), mask().values());
	}

	@Test
	void correctionsStayWhenTheThresholdMoves() {
		final ImagePlus image = cells();
		find(image);
		correct(image, new Roi(0, 0, 10, 10), true);
		correct(image, new Roi(5, 5, 10, 20), false);
		for (final double ratio : new double[] { 1, 2, 6 }) {
			set("thresholdRatio", ratio);
			final Mask mask = mask();
			assertTrue(mask.isInside(2, 2) && mask.isInside(4, 9) && !mask.isInside(5, 5) && !mask.isInside(14, 24));
			assertEquals(byCommand(image, Map.of("thresholdRatio", ratio)).isInside(30, 25), mask.isInside(30, 25), "elsewhere it is the command's");
		}
		assertNull(image.getRoi(), "a selection that was used is no selection any more");
		final Provenance made = onEventThread(() -> session.state().orElseThrow().made());
		assertEquals("6.0", made.get("thresholdRatio").orElseThrow());
		assertTrue(made.get("correctedMask").orElseThrow().startsWith("44x36:"));
		assertEquals(64, made.get(Provenance.MODEL_HASH).orElseThrow().length());
	}

	private void correct(final ImagePlus image, final Roi selection, final boolean isAdded) {
		image.setRoi(selection);
		onEventThread(() -> session.correct(isAdded));
	}

	@Test
	void stepsAreTakenBackAndMadeAgain() {
		final ImagePlus image = cells();
		onEventThread(() -> session.follow(image));
		assertFalse(session.canUndo() || session.canRedo());
		correct(image, new Roi(1, 1, 4, 4), true);
		find(image);
		assertEquals(1, onEventThread(() -> session.state().orElseThrow().corrections().list().size()), "what was drawn stays when a mask is found");
		assertTrue(session.job().sentence().contains("still there"), session.job().sentence());
		final Mask found = mask();
		correct(image, new Roi(30, 2, 4, 4), true);
		final Mask corrected = mask();
		assertFalse(java.util.Arrays.equals(found.values(), corrected.values()));
		onEventThread(session::undo);
		assertArrayEquals(found.values(), mask().values());
		onEventThread(session::undo);
		assertEquals(16.0 / W / H, mask().area(), 1e-9, "the first correction alone");
		onEventThread(session::undo);
		assertTrue(mask().isEmpty() && !session.canUndo());
		onEventThread(session::undo);
		for (int i = 0; i < 3; i++) onEventThread(session::redo);
		assertArrayEquals(corrected.values(), mask().values());
		assertFalse(session.canRedo());
		onEventThread(session::undo);
		set("thresholdRatio", 9.0);
		onEventThread(session::redo);
		assertEquals(9.0, onEventThread(() -> session.state().orElseThrow().settings().ratio()), "sliders are no steps");
		onEventThread(session::undo);
		correct(image, new Roi(2, 30, 4, 4), true);
		assertFalse(session.canRedo(), "another way was taken");
	}

	@Test
	void aNewSearchKeepsCorrectionsUntilTheyAreCleared() {
		final ImagePlus image = cells();
		find(image);
		correct(image, new Roi(0, 0, 6, 6), true);
		session.answers().setInput("target", "blue nuclei");
		find(image);
		assertTrue(mask().isInside(3, 3));
		onEventThread(session::clearCorrections);
		assertFalse(onEventThread(() -> session.state().orElseThrow().isCorrected()));
		assertArrayEquals(byCommand(image, Map.of("target", "blue nuclei")).values(), mask().values());
		onEventThread(session::undo);
		assertTrue(mask().isInside(3, 3), "undo brings them back");
		onEventThread(session::undo);
		assertEquals("cyan nuclei", onEventThread(() -> session.state().orElseThrow().answers().get("target")), "and then the mask of the first words");
	}

	/** The settings of a mask that were saved make it again, from found map to corrected mask. */
	@Test
	void aSavedMaskIsMadeAgain() throws IOException {
		final ImagePlus image = cells();
		find(image);
		set("thresholdRatio", 1.5);
		set("grow", 2.0);
		final Mask found = mask();
		final Path file = Files.createTempFile("mask", ".json");
		try {
			assertArrayEquals(found.values(), madeAgain(image, file, 1).values());
			correct(image, new Roi(0, 0, 6, 6), true);
			assertArrayEquals(mask().values(), madeAgain(image, file, 2).values());
		}
		finally {
			Files.delete(file);
		}
	}

	private Mask madeAgain(final ImagePlus image, final Path file, final int images) {
		final MaskEntry entry = onEventThread(() -> MaskEntry.of(image, Snapshot.of(image), session.state().orElseThrow()));
		assertEquals("cells - mask.json", Replays.fileName(entry));
		ProvenanceFile.write(file, Replays.made(entry));
		final CommandModule done = Commands.run(context, RepeatFromInfo.class, Map.of("file", file.toFile(), "image", image));
		assertFalse(done.isCanceled(), done.getCancelReason());
		final java.util.List<?> made = (java.util.List<?>) done.getOutput("images");
		assertEquals(images, made.size());
		return Masks.of((ImagePlus) made.get(0), W, H);
	}

	@Test
	void whatCannotBeCorrectedIsSaid() {
		assertThrows(DiffEditException.class, () -> onEventThread(() -> session.correct(true)), "no image");
		assertThrows(DiffEditException.class, () -> onEventThread(session::findMask), "no image");
		final ImagePlus image = cells();
		onEventThread(() -> session.follow(image));
		assertThrows(DiffEditException.class, () -> onEventThread(() -> session.correct(true)), "no selection");
		image.setRoi(new ij.gui.Line(1, 1, 9, 9));
		assertThrows(DiffEditException.class, () -> onEventThread(() -> session.correct(true)), "no area");
		assertFalse(session.canUndo());
		onEventThread(() -> session.job().attempt(() -> session.correct(true)));
		assertTrue(session.job().hasFailed());
		image.setRoi(1, 1, 9, 9);
		onEventThread(() -> session.job().attempt(() -> session.correct(true)));
		assertEquals("", session.job().sentence(), "what was refused before is said no more");
		assertThrows(DiffEditException.class, () -> set("thresholdRatio", 0.0));
		assertEquals(3.0, session.settings().ratio());
	}

	// ---- runs

	/** A small selection is refused at once; whether a large one covers a pixel is looked at beside the event thread. */
	@Test
	void aLargeSelectionWithoutAPixelIsSaid() {
		final ImagePlus large = new ImagePlus("large", new ColorProcessor(400, 400));
		final Area specks = new Area(new Rectangle2D.Double(0.6, 0.6, 0.2, 0.2));
		specks.add(new Area(new Rectangle2D.Double(399.6, 399.6, 0.2, 0.2)));
		final MaskOverlay overlay = onEventThread(() -> new MaskOverlay(session, look -> {}));
		onEventThread(() -> session.follow(large));
		try {
			correct(large, new OvalRoi(10, 10, 300, 300), true);
			while (large.getOverlay() == null) IJ.wait(PAUSE_MILLIS);
			assertEquals("", onEventThread(() -> session.job().sentence()));
			correct(large, new ShapeRoi(specks), true);
			while (onEventThread(() -> session.job().sentence().isEmpty())) IJ.wait(PAUSE_MILLIS);
			assertTrue(session.job().sentence().startsWith("The selection covers no pixel of the image"), session.job().sentence());
		}
		finally {
			onEventThread(overlay::close);
		}
	}

	@Test
	void aRunIsCancelledOrFailsWithASentence() {
		final ImagePlus image = cells();
		onEventThread(() -> session.follow(image));
		session.answers().setInput("maps", 500);
		onEventThread(session::findMask);
		assertThrows(IllegalStateException.class, () -> onEventThread(session::findMask), "one at a time");
		onEventThread(session.job()::cancel);
		waitForEnd();
		assertEquals("Cancelled.", session.job().sentence());
		assertFalse(session.job().hasFailed());
		assertTrue(onEventThread(() -> session.state().orElseThrow().isBlank()));
		session.answers().setInput("target", " ");
		onEventThread(session::findMask);
		waitForEnd();
		assertTrue(session.job().hasFailed() && session.job().sentence().startsWith("Target is empty"), session.job().sentence());
	}

	@Test
	void aRunTellsHowFarItIs() {
		final java.util.List<Double> parts = new java.util.ArrayList<>();
		session.addListener(new Session.Listener() {

			@Override
			public void jobChanged() {
				if (session.job().isBusy() && session.job().sentence().contains("step ")) parts.add(session.job().part());
			}
		});
		find(cells());
		assertFalse(parts.isEmpty());
		assertEquals(1, parts.get(parts.size() - 1), "the last step is the end");
		assertEquals(-1, session.job().part());
	}

	// ---- images

	@Test
	void eachImageKeepsItsOwnMaskAndSettings() {
		final ImagePlus one = cells(), other = cells();
		other.getProcessor().invert();
		find(one);
		set("thresholdRatio", 1.5);
		final MaskState first = onEventThread(() -> session.state().orElseThrow());
		session.answers().setInput("target", "blue nuclei");
		find(other);
		set("thresholdRatio", 4.0);
		onEventThread(() -> session.follow(one));
		assertSame(first, onEventThread(() -> session.state().orElseThrow()));
		assertEquals(1.5, session.answers().getInput("thresholdRatio"));
		assertEquals("cyan nuclei", session.answers().getInput("target"), "the words come back with the mask");
		onEventThread(() -> session.follow(other));
		assertEquals(4.0, session.settings().ratio());
		onEventThread(() -> session.follow(null));
		assertTrue(session.state().isEmpty());
	}

	@Test
	void anImageThatBecomesActiveDuringARunDoesNotGetItsMask() {
		final ImagePlus one = cells(), other = cells();
		onEventThread(() -> {
			session.follow(one);
			session.findMask();
			session.follow(other);
		});
		waitForEnd();
		assertTrue(onEventThread(() -> session.state().orElseThrow().isBlank()));
		onEventThread(() -> session.follow(one));
		assertTrue(onEventThread(() -> session.state().orElseThrow().map().isPresent()));
	}

	@Test
	void theMaskOfASliceStaysThere() {
		final ij.ImageStack slices = new ij.ImageStack(W, H);
		for (int i = 0; i < 3; i++) slices.addSlice(cells().getProcessor());
		final ImagePlus stack = new ImagePlus("stack.tif", slices);
		stack.setSlice(2);
		find(stack);
		assertEquals(2, onEventThread(() -> session.state().orElseThrow().position().slice()));
		assertTrue(onEventThread(session::otherPlane).isEmpty());
		stack.setSlice(3);
		assertTrue(onEventThread(session::otherPlane).orElseThrow().startsWith("The mask is of slice 2"));
		final MaskState before = onEventThread(() -> session.state().orElseThrow());
		stack.setRoi(1, 1, 9, 9);
		assertThrows(DiffEditException.class, () -> onEventThread(() -> session.correct(true)));
		assertSame(before, onEventThread(() -> session.state().orElseThrow()));
		find(stack);
		assertTrue(onEventThread(session::otherPlane).isEmpty());
	}

	@Test
	void anImageOfAnotherSizeHasNoMask() {
		final ImagePlus image = cells();
		find(image);
		image.setProcessor(image.getProcessor().resize(20, 20));
		assertTrue(onEventThread(() -> session.state().orElseThrow().isBlank()));
		assertEquals(400, mask().values().length);
	}

	@Test
	void aClosedImageIsFollowedNoMore() {
		final ImagePlus image = cells();
		onEventThread(() -> session.follow(image));
		correct(image, new Roi(1, 1, 4, 4), true);
		onEventThread(() -> session.forget(image));
		assertTrue(session.image().isEmpty());
		onEventThread(() -> session.follow(image));
		assertTrue(onEventThread(() -> session.state().orElseThrow().isBlank()));
	}

	@Test
	void imagesAreHeldWeakly() throws InterruptedException {
		final WeakReference<ImagePlus> image = cellsThatWereFollowed();
		for (int i = 0; i < 100 && image.get() != null; i++) {
			System.gc();
			Thread.sleep(PAUSE_MILLIS);
		}
		assertNull(image.get(), "nobody else holds it");
	}

	/** An image that nobody closed, such as a script's. */
	private WeakReference<ImagePlus> cellsThatWereFollowed() {
		final ImagePlus image = cells();
		find(image);
		onEventThread(() -> session.follow(null));
		return new WeakReference<>(image);
	}
}
