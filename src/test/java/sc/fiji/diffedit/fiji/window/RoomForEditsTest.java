package sc.fiji.diffedit.fiji.window;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import javax.swing.SwingUtilities;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.command.CommandModule;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.Roi;
import ij.process.ColorProcessor;

import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.bridge.HeadlessMenus;
import sc.fiji.diffedit.fiji.bridge.SharedContext;
import sc.fiji.diffedit.fiji.commands.EditImageWithText;
import sc.fiji.diffedit.fiji.inputs.Commands;
import sc.fiji.diffedit.fiji.layer.Edit;
import sc.fiji.diffedit.tensor.Mask;

/** An edit of the window gives a change of shape the room that the form's edit gives it, and its macro does too. */
class RoomForEditsTest {

	private static final int SIDE = 96;
	/** A mask of the hottest pixels alone has much heat around it, as a change of shape has. */
	private static final Map<String, Object> FIND = Map.of("source", "green nuclei", "target", "cyan nuclei", "maps", 1, "steps", 2, "seed", 5L, "threshold", "Quantile", "thresholdLevel", 0.99);

	private static Context context;
	private Session session;
	private ImagePlus image;

	@BeforeAll
	static void start() {
		HeadlessMenus.install();
		context = SharedContext.get();
	}

	@AfterAll
	static void end() {
		SharedContext.dispose();
	}

	@BeforeEach
	void find() {
		final ColorProcessor pixels = new ColorProcessor(SIDE, SIDE);
		pixels.setColor(0x00a000);
		pixels.fillOval(12, 10, 40, 34);
		pixels.fillOval(50, 52, 28, 30);
		image = new ImagePlus("cells.tif", pixels);
		session = here(() -> new Session(context));
		FIND.forEach(session.answers()::setInput);
		here(() -> {
			session.answered();
			session.follow(image);
			session.findMask();
			return null;
		});
		waitForEnd();
	}

	private static <T> T here(final Supplier<T> work) {
		final AtomicReference<T> result = new AtomicReference<>();
		try {
			SwingUtilities.invokeAndWait(() -> result.set(work.get()));
		}
		catch (final InterruptedException | java.lang.reflect.InvocationTargetException e) {
			throw new IllegalStateException(e);
		}
		return result.get();
	}

	private void waitForEnd() {
		while (here(() -> session.job().isBusy())) IJ.wait(5);
		assertFalse(here(() -> session.job().hasFailed()), session.job().sentence());
	}

	private Edit edit() {
		here(() -> {
			final Map<String, Object> settings = new HashMap<>(new EditForm(session).settings().get(0));
			settings.putAll(Map.of("steps", FIND.get("steps"), "seed", FIND.get("seed")));
			session.edits().start(List.of(settings));
			return null;
		});
		waitForEnd();
		return here(() -> session.edits().shown().orElseThrow().edits().get(0));
	}

	private Mask found() {
		return here(() -> session.state().orElseThrow().mask());
	}

	private static int[] pixels(final ImagePlus of) {
		return (int[]) of.getProcessor().getPixels();
	}

	@Test
	void theWindowEditsWhatTheFormEdits() {
		final Edit edit = edit();
		assertTrue(edit.mask().area() > found().area(), "room around the mask");
		assertTrue(session.job().sentence().contains("room"), session.job().sentence());
		final Map<String, Object> inputs = new HashMap<>(FIND);
		inputs.put("image", image);
		final CommandModule form = Commands.run(context, EditImageWithText.class, inputs);
		assertFalse(form.isCanceled(), form.getCancelReason());
		assertArrayEquals(Masks.of((Roi) form.getOutput("roi"), SIDE, SIDE).values(), edit.mask().values());
		assertArrayEquals(pixels((ImagePlus) form.getOutput("result")), pixels(edit.result()));
	}

	@Test
	void itsMacroHasTheSameRoom() {
		final Edit edit = edit();
		final String macro = here(() -> Replays.of(session.history().entries().get(0)).macro(context));
		WindowManager.setTempCurrentImage(image);
		final String title = IJ.runMacro("setBatchMode(true);\n" + macro + "return getTitle();");
		assertTrue(title.startsWith("cells - edit"), title + " of\n" + macro);
		final ImagePlus again = WindowManager.getTempCurrentImage() == null ? WindowManager.getCurrentImage() : WindowManager.getTempCurrentImage();
		WindowManager.setTempCurrentImage(null);
		assertArrayEquals(pixels(edit.result()), pixels(again));
	}

	/** What was taken out of the mask is not edited, and a mask that grows anyway is taken as it is. */
	@Test
	void correctionsAndGrowthCountMore() {
		final Mask wide = here(() -> session.state().orElseThrow().editMask());
		here(() -> {
			image.setRoi(new Roi(0, 0, SIDE, SIDE / 2));
			session.correct(false);
			return null;
		});
		final Mask corrected = here(() -> session.state().orElseThrow().editMask());
		for (int i = 0; i < SIDE * SIDE; i++) assertEquals(i < SIDE * SIDE / 2 ? 0 : wide.values()[i], corrected.values()[i]);
		here(() -> {
			session.answers().setInput("grow", 1.0);
			session.answered();
			return null;
		});
		assertArrayEquals(found().values(), here(() -> session.state().orElseThrow().editMask()).values());
		assertEquals(List.of(true), here(() -> session.state().orElseThrow().corrections().list()).stream().map(one -> !one.isAdded()).toList());
	}
}
