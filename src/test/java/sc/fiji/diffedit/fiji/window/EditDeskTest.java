package sc.fiji.diffedit.fiji.window;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

import javax.swing.SwingUtilities;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.scijava.Context;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.OvalRoi;

import sc.fiji.diffedit.fiji.layer.Edit;
import sc.fiji.diffedit.fiji.layer.EditOutputs;
import sc.fiji.diffedit.fiji.layer.Edits;

/** A session's edits without its window: what is computed, shown, kept and forgotten. */
class EditDeskTest {

	private static final int W = 40, H = 32;
	private static final Map<String, Object> FAST = Map.of("source", "green nuclei", "target", "cyan nuclei", "steps", 2);

	private static Context context;
	private Session session;
	private ImagePlus image;

	@BeforeAll
	static void start() {
		context = new Context();
	}

	@AfterAll
	static void end() {
		context.dispose();
	}

	@BeforeEach
	void open() {
		image = IJ.createImage("cells.tif", "16-bit ramp", W, H, 3);
		image.setSlice(2);
		session = onEventThread(() -> new Session(context));
		onEventThread(() -> {
			session.follow(image);
			image.setRoi(new OvalRoi(8, 6, 16, 14));
			session.correct(true);
			image.deleteRoi();
			return null;
		});
	}

	@Test
	void whatMoreSettingsSayOfTheModelCountsForEditsToo() {
		final List<Map<String, Object>> settings = onEventThread(() -> {
			session.answers().setInput("tile", 64);
			session.answers().setInput("memory", "Low memory");
			return new EditForm(session).settings();
		});
		assertEquals(64, settings.get(0).get("tile"));
		assertEquals("Low memory", settings.get(0).get("memory"));
		assertFalse(settings.get(0).containsKey("thresholdRatio"), "which edits do not have");
	}

	@Test
	void theInversionOfAnEditIsChosen() {
		final List<Map<String, Object>> settings = onEventThread(() -> {
			final EditForm form = new EditForm(session);
			assertEquals("DDIM", form.settings().get(0).getOrDefault("inversion", "DDIM"));
			form.inversion().show("EDICT");
			return form.settings();
		});
		assertEquals("EDICT", settings.get(0).get("inversion"));
		final Map<String, Object> chosen = new java.util.HashMap<>(FAST);
		chosen.put("inversion", "EDICT");
		onEventThread(() -> {
			session.edits().start(Edits.settings(chosen, "1", "0.6"));
			return null;
		});
		waitForEnd();
		assertEquals("EDICT", shown().get(0).made().entries().get("inversion"));
	}

	private static <T> T onEventThread(final Callable<T> work) {
		final FutureTask<T> task = new FutureTask<>(work);
		try {
			SwingUtilities.invokeAndWait(task);
			return task.get();
		}
		catch (final InterruptedException | InvocationTargetException | ExecutionException e) {
			throw new IllegalStateException(e);
		}
	}

	private void edit(final String seeds, final String strengths) {
		onEventThread(() -> {
			session.edits().start(Edits.settings(FAST, seeds, strengths));
			return null;
		});
		waitForEnd();
	}

	private void waitForEnd() {
		while (onEventThread(() -> session.job().isBusy())) IJ.wait(5);
		onEventThread(() -> null);
	}

	private List<Edit> shown() {
		return onEventThread(() -> session.edits().shown().orElseThrow().edits());
	}

	@Test
	void editsAppearOneAfterAnotherAndTheFirstIsShown() {
		final List<String> seen = new ArrayList<>();
		onEventThread(() -> {
			session.edits().addListener(new EditDesk.Listener() {

				@Override
				public void changed() {
					seen.add(session.edits().shown().map(edits -> edits.edits().size()).orElse(0) + (session.edits().isComing() ? " and one more" : ""));
				}

				@Override
				public void previewed(final BufferedImage picture) {
					seen.add("preview");
				}

				@Override
				public void returned(final Edit edit) {}
			});
			return null;
		});
		final Object pixels = image.getStack().getProcessor(2).getPixelsCopy();
		edit("1 to 2", "0.6");
		assertTrue(seen.indexOf("0 and one more") < seen.indexOf("preview") && seen.indexOf("preview") < seen.indexOf("1 and one more"), seen.toString());
		assertEquals("2", seen.get(seen.size() - 1));
		assertEquals(List.of("seed 1", "seed 2"), Edits.captions(shown()));
		assertSame(shown().get(0), onEventThread(() -> session.edits().shown().orElseThrow().chosen().orElseThrow()));
		while (onEventThread(() -> image.getOverlay() == null)) IJ.wait(2);
		assertEquals(1, image.getOverlay().size());
		assertEquals(2, image.getOverlay().get(0).getPosition(), "on its slice");
		assertArrayEquals((short[]) pixels, (short[]) image.getStack().getProcessor(2).getPixels(), "the image is as it was");
		onEventThread(() -> {
			session.edits().close();
			return null;
		});
		assertNull(image.getOverlay());
	}

	@Test
	void eachOfSeveralAmountsIsTold() {
		edit("7", "0.6, 0.8");
		assertEquals(List.of("seed 7, change 0.6", "seed 7, change 0.8"), Edits.captions(shown()));
		assertEquals(List.of("seed 7"), Edits.captions(shown().subList(0, 1)), "the usual amount alone");
	}

	@Test
	void whatIsKeptIsANewImage() {
		edit("3", "0.6");
		final Edit edit = shown().get(0);
		final ImagePlus plane = EditOutputs.plane(edit), whole = EditOutputs.wholeImage(edit), both = EditOutputs.sideBySide(edit);
		assertEquals(List.of("cells - edit (generated by DiffEdit)", 1), List.of(plane.getTitle(), plane.getStackSize()));
		assertArrayEquals((short[]) edit.result().getProcessor().getPixels(), (short[]) plane.getProcessor().getPixels());
		assertEquals(3, whole.getStackSize());
		assertEquals(2, whole.getCurrentSlice());
		assertArrayEquals((short[]) plane.getProcessor().getPixels(), (short[]) whole.getStack().getPixels(2));
		assertArrayEquals((short[]) image.getStack().getPixels(3), (short[]) whole.getStack().getPixels(3));
		assertEquals(List.of(2 * W + 4, H, ImagePlus.COLOR_RGB), List.of(both.getWidth(), both.getHeight(), both.getType()));
		for (final ImagePlus made : List.of(plane, whole, both)) {
			assertTrue(made.getInfoProperty().contains("seed=3"), made.getTitle());
			assertNull(made.getOverlay(), "the edit that is shown over the image is in no copy of it");
		}
	}

	@Test
	void aCancelledSeriesKeepsWhatIsDone() {
		onEventThread(() -> {
			session.edits().addListener(new Quiet() {

				@Override
				public void changed() {
					if (session.edits().shown().filter(edits -> edits.edits().size() == 1).isPresent()) SwingUtilities.invokeLater(session.job()::cancel);
				}
			});
			return null;
		});
		edit("1 to 3", "0.6");
		assertEquals(1, shown().size());
		assertFalse(onEventThread(() -> session.edits().isComing()));
		assertEquals("Cancelled.", onEventThread(() -> session.job().sentence()));
	}

	@Test
	void theHistoryGoesBackToAMaskAndAnEdit() {
		edit("1", "0.6");
		final MaskState first = onEventThread(() -> session.state().orElseThrow());
		onEventThread(() -> {
			image.setRoi(0, 0, 5, 5);
			session.correct(true);
			image.deleteRoi();
			return null;
		});
		edit("2", "0.8");
		final List<String> texts = onEventThread(() -> session.history().entries().stream().map(entry -> entry.text()).toList());
		assertEquals(List.of("Edit \u201ccyan nuclei\u201d, seed 2, change 0.8", "Mask drawn, 16% of the image, 2 corrections", "Edit \u201ccyan nuclei\u201d, seed 1, change 0.6",
			"Mask drawn, 14% of the image, 1 correction"), texts);
		final EditEntry earlier = (EditEntry) onEventThread(() -> session.history().entries().get(2));
		onEventThread(() -> {
			session.edits().returnTo(earlier.edit(), earlier.state());
			return null;
		});
		assertSame(first, onEventThread(() -> session.state().orElseThrow()));
		assertEquals(List.of(earlier.edit()), shown());
	}

	/** A mask that does not fit, or is empty, is said before anything is computed. */
	@Test
	void whatCannotBeEditedIsSaid() {
		onEventThread(() -> {
			image.setRoi(0, 0, W, H);
			session.correct(false);
			session.edits().start(Edits.settings(FAST, "1", "0.6"));
			assertTrue(session.job().isBusy(), "while the mask is prepared");
			return null;
		});
		waitForEnd();
		final String message = onEventThread(() -> session.job().sentence());
		assertTrue(message.startsWith("The mask is empty"), message);
		assertTrue(onEventThread(() -> session.job().hasFailed()));
	}

	@Test
	void anEditThatIsCancelledWhileItsMaskIsPreparedDoesNotBegin() {
		onEventThread(() -> {
			session.edits().start(Edits.settings(FAST, "1", "0.6"));
			session.job().cancel();
			assertFalse(session.job().isBusy());
			return null;
		});
		IJ.wait(100);
		waitForEnd();
		assertEquals("Cancelled.", onEventThread(() -> session.job().sentence()));
		assertTrue(onEventThread(() -> session.edits().shown().isEmpty()));
	}

	@Test
	void aWrongAnswerEndsTheSeriesWithASentence() {
		onEventThread(() -> {
			session.edits().start(Edits.settings(Map.of("target", "cyan nuclei", "options", "no: such"), "1 to 2", "0.6"));
			return null;
		});
		waitForEnd();
		assertTrue(onEventThread(() -> session.job().hasFailed()) && shown().isEmpty(), "failed");
		assertFalse(onEventThread(() -> session.edits().isComing()));
	}

	/** Hears nothing. */
	private static class Quiet implements EditDesk.Listener {

		@Override
		public void changed() {}

		@Override
		public void previewed(final BufferedImage picture) {}

		@Override
		public void returned(final Edit edit) {}
	}
}
