package sc.fiji.diffedit.fiji.window;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import javax.swing.JComboBox;
import javax.swing.SwingUtilities;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;
import org.scijava.command.CommandModule;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.Roi;
import ij.process.ColorProcessor;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.commands.EditWithMask;
import sc.fiji.diffedit.fiji.commands.GenerateMask;
import sc.fiji.diffedit.fiji.form.Field;
import sc.fiji.diffedit.fiji.inputs.Commands;
import sc.fiji.diffedit.service.RequestPresets;
import sc.fiji.diffedit.tensor.Mask;

/** The preset of a window sets what is asked about the mask and about the edit, and means the same in commands. */
class PresetsTest {

	private static final int W = 44, H = 36;

	@TempDir
	private Path folder;
	private Context context;
	private Session session;
	private Asked asked;
	private EditForm edit;

	@BeforeEach
	void open() {
		System.setProperty(RequestPresets.PROPERTY, folder.toString());
		context = new Context();
		onEventThread(this::window);
	}

	/** Fields are used where users use them; the window fills its list of models there, too. */
	private static void onEventThread(final Runnable work) {
		try {
			SwingUtilities.invokeAndWait(work);
		}
		catch (final InterruptedException e) {
			throw new IllegalStateException(e);
		}
		catch (final InvocationTargetException e) {
			if (e.getCause() instanceof AssertionError failure) throw failure;
			throw new IllegalStateException(e.getCause());
		}
	}

	private void window() {
		session = new Session(context);
		asked = new Asked(session, () -> {});
		edit = new EditForm(session);
		edit.follow(asked.preset());
		asked.field("source").show("green nuclei");
		asked.field("target").show("cyan nuclei");
	}

	@AfterEach
	void close() {
		asked.close();
		System.clearProperty(RequestPresets.PROPERTY);
		context.dispose();
	}

	private JComboBox<?> box() {
		return (JComboBox<?>) asked.preset().keyboard();
	}

	private Field ofEdit(final String name) {
		return edit.numbers().stream().filter(field -> field.name().equals(name)).findFirst().orElseThrow();
	}

	private void setAll() {
		asked.field("maps").show(1);
		asked.field("steps").show(4);
		asked.field("threshold").show("Ratio");
		asked.field("thresholdRatio").show(1.5);
		asked.field("grow").show(2.0);
		ofEdit("steps").show(4);
		ofEdit("guidance").show(3.0);
		ofEdit("feather").show(1.5);
		edit.strengths().show("0.6");
	}

	private static ImagePlus cells() {
		final ColorProcessor pixels = new ColorProcessor(W, H);
		pixels.setColor(0x00a000);
		pixels.fillOval(8, 6, 16, 14);
		return new ImagePlus("cells.tif", pixels);
	}

	private CommandModule run(final Class<? extends org.scijava.command.Command> command, final Map<String, Object> inputs) {
		final CommandModule done = Commands.run(context, command, inputs);
		assertFalse(done.isCanceled(), done.getCancelReason());
		return done;
	}

	@Test
	void aSavedPresetGivesTheSameBitsInWindowAndCommands() {
		onEventThread(() -> {
			setAll();
			assertEquals("own values", box().getSelectedItem());
			asked.preset().save("mine");
			assertEquals("mine", box().getSelectedItem());
			asked.close();
			window();
			assertEquals("standard", box().getSelectedItem());
			box().setSelectedItem("mine");
			assertEquals("mine", box().getSelectedItem(), "it shows what was chosen");
		});
		final ImagePlus image = cells();
		final Mask mask = find(image);
		final Map<String, Object> words = Map.of("image", image, "source", "green nuclei", "target", "cyan nuclei", "seed", 0L, "preset", "mine");
		final CommandModule found = run(GenerateMask.class, words);
		assertArrayEquals(Masks.of((Roi) found.getOutput("roi"), W, H).values(), mask.values());

		image.setRoi(Masks.toRoi(mask));
		final List<Map<String, Object>> settings = edit.settings();
		assertEquals(1, settings.size());
		final Map<String, Object> byWindow = new HashMap<>(settings.get(0));
		byWindow.put("image", image);
		byWindow.put("maskFrom", "Selection");
		final ImagePlus edited = (ImagePlus) run(EditWithMask.class, byWindow).getOutput("result");
		final Map<String, Object> byPreset = new HashMap<>(words);
		byPreset.put("maskFrom", "Selection");
		final ImagePlus same = (ImagePlus) run(EditWithMask.class, byPreset).getOutput("result");
		assertArrayEquals((int[]) same.getProcessor().getPixels(), (int[]) edited.getProcessor().getPixels());
		assertFalse(java.util.Arrays.equals((int[]) image.getProcessor().getPixels(), (int[]) edited.getProcessor().getPixels()), "something was edited");
	}

	private Mask find(final ImagePlus image) {
		onEventThread(() -> {
			session.follow(image);
			session.findMask();
		});
		final boolean[] busy = { true };
		while (busy[0]) {
			IJ.wait(20);
			onEventThread(() -> busy[0] = session.job().isBusy());
		}
		assertFalse(session.job().hasFailed(), session.job().sentence());
		return session.state().orElseThrow().mask();
	}

	@Test
	void standardSetsMaskAndEditBack() {
		onEventThread(() -> {
			setAll();
			box().setSelectedItem("standard");
			assertEquals(50, ofEdit("steps").value());
			assertEquals("0.6", edit.strengths().value().toString());
			assertEquals(10, session.answers().getInput("maps"));
			ofEdit("feather").show(2.0);
			assertEquals("own values", box().getSelectedItem(), "an edit's setting counts too");
			box().setSelectedItem("draft");
			assertEquals(5, ofEdit("steps").value());
			assertEquals(5, session.answers().getInput("steps"));
		});
	}

	@Test
	void whatAPresetCannotSayIsRefused() {
		onEventThread(() -> {
			ofEdit("steps").show(30);
			assertTrue(assertThrows(DiffEditException.class, () -> asked.preset().save("two")).getMessage().contains("is 50 for the mask and 30 for the edit"));
			ofEdit("steps").show(50);
			edit.strengths().show("0.5, 0.7");
			assertTrue(assertThrows(DiffEditException.class, () -> asked.preset().save("two")).getMessage().contains("is '0.5, 0.7', but a preset has one number for it"));
			edit.strengths().show("0.6");
			assertTrue(assertThrows(DiffEditException.class, () -> asked.preset().save("two")).getMessage().contains("have their defaults"));
		});
	}

	/** The guidance of a preset is that of edits; a mask's, which counts with negative prompts only, and an inversion's are others. */
	@Test
	void guidanceIsThatOfTheEdit() {
		onEventThread(() -> {
			ofEdit("guidance").show(3.0);
			asked.preset().save("weak");
			box().setSelectedItem("standard");
			box().setSelectedItem("weak");
			assertEquals(3.0, ofEdit("guidance").value());
			assertEquals(7.5, session.answers().getInput("guidance"));
		});
		final CommandModule found = run(GenerateMask.class, Map.of("image", cells(), "source", "a", "target", "b", "maps", 1, "steps", 2, "preset", "weak"));
		assertEquals(7.5, found.getInput("guidance"));
	}
}
