package sc.fiji.diffedit.fiji.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.module.Module;

import ij.ImagePlus;
import ij.gui.Line;
import ij.gui.Roi;
import ij.process.ByteProcessor;

import sc.fiji.diffedit.fiji.commands.EditWithMask;
import sc.fiji.diffedit.fiji.commands.GenerateMask;
import sc.fiji.diffedit.fiji.commands.ImageToImage;
import sc.fiji.diffedit.fiji.commands.Inpaint;

/** What a form lets through, and which of its fields play a role. */
class NeedsTest {

	private static Context context;

	@BeforeAll
	static void start() {
		context = new Context();
	}

	@AfterAll
	static void end() {
		context.dispose();
	}

	private static Module module(final Class<?> command, final Object... answers) {
		final Module module = Modules.of(context, command);
		for (int i = 0; i < answers.length; i += 2) module.setInput((String) answers[i], answers[i + 1]);
		return module;
	}

	private static String missing(final Module module, final String name) {
		return Needs.missing(module, module.getInfo().getInput(name)).map(Trouble::sentence).orElse("");
	}

	@Test
	void descriptionsMustBeSaid() {
		assertTrue(missing(module(GenerateMask.class, "target", "  "), "target").startsWith("Fill in '"));
		assertEquals("", missing(module(GenerateMask.class, "target", "cyan nuclei"), "target"));
		assertTrue(missing(module(GenerateMask.class), "source").startsWith("Fill in '"));
		assertEquals("", missing(module(GenerateMask.class, "options", "captioner: blip"), "source"), "a captioner says it");
		assertEquals("", missing(module(GenerateMask.class), "sourceNegative"), "what may be left empty");
	}

	/** The form knows no command, so that it has these words of its own. */
	@Test
	void theAnswersThatOthersDependOnAreChoicesOfCommands() {
		final Module edit = module(EditWithMask.class);
		assertTrue(ChoiceField.choices(edit.getInfo().getInput("maskFrom")).containsAll(List.of(Needs.SELECTION, Needs.MASK_IMAGE)));
		assertTrue(ChoiceField.choices(edit.getInfo().getInput("inversionFrom")).containsAll(List.of(Needs.MADE_NOW, Needs.INVERSION_IMAGE)));
		assertTrue(ChoiceField.choices(module(GenerateMask.class).getInfo().getInput("workOn")).contains(Needs.SELECTION));
	}

	@Test
	void aSelectionMustBeThere() {
		final Module module = module(GenerateMask.class, "workOn", Needs.SELECTION);
		assertTrue(missing(module, "workOn").startsWith("\"cells\" has no selection of an area;"), missing(module, "workOn"));
		((ImagePlus) module.getInput("image")).setRoi(new Line(1, 1, 9, 9));
		assertTrue(missing(module, "workOn").startsWith("\"cells\" has no selection of an area;"), "a line is none");
		((ImagePlus) module.getInput("image")).setRoi(new Roi(4, 4, 8, 8));
		assertEquals("", missing(module, "workOn"));
		assertTrue(missing(module(EditWithMask.class), "maskFrom").startsWith("\"cells\" has no selection of an area;"));
	}

	@Test
	void aMaskImageMustBeChosenAndFit() {
		final Module module = module(EditWithMask.class, "maskFrom", Needs.MASK_IMAGE);
		assertTrue(Needs.isNeeded(module, "drawnMask"));
		assertTrue(missing(module, "drawnMask").startsWith("Choose the image for '"));
		module.setInput("drawnMask", new ImagePlus("small", new ByteProcessor(10, 12)));
		assertEquals("\"small\" has 10 x 12 pixels, but \"cells\" has 64 x 48: choose a mask of the image's size.", missing(module, "drawnMask"));
		module.setInput("drawnMask", new ImagePlus("mask", new ByteProcessor(64, 48)));
		assertEquals("", missing(module, "drawnMask"));
	}

	@Test
	void fieldsPlayTheirRoleWhenAnotherOneSaysSo() {
		final Module edit = module(EditWithMask.class);
		assertFalse(Needs.isNeeded(edit, "drawnMask") || Needs.isNeeded(edit, "inverted") || Needs.isNeeded(edit, "loraScale"));
		assertTrue(Needs.isNeeded(edit, "source") && Needs.isNeeded(edit, "target"));
		edit.setInput("inversionFrom", Needs.INVERSION_IMAGE);
		edit.setInput("lora", "some.safetensors");
		assertTrue(Needs.isNeeded(edit, "inverted") && Needs.isNeeded(edit, "loraScale"));
		assertFalse(Needs.isNeeded(edit, "source"), "the inversion image was told");
		assertTrue(Needs.isNeeded(module(GenerateMask.class), "source"), "commands without that choice always need it");
		final Module images = module(ImageToImage.class);
		assertFalse(Needs.isNeeded(images, "arrange"));
		images.setInput("count", 2);
		assertTrue(Needs.isNeeded(images, "arrange"));
		assertFalse(Needs.isNeeded(module(Inpaint.class), "margin"));
		assertFalse(Needs.isNeeded(module(GenerateMask.class, "labels", false), "corners"));
	}

	/** The words are those that the commands offer. */
	@Test
	void theChoicesAreThere() {
		assertTrue(ChoiceField.choices(module(GenerateMask.class).getInfo().getInput("workOn")).contains(Needs.SELECTION));
		assertEquals(List.of(Needs.SELECTION, Needs.MASK_IMAGE), ChoiceField.choices(module(EditWithMask.class).getInfo().getInput("maskFrom")));
		assertEquals(List.of(Needs.MADE_NOW, Needs.INVERSION_IMAGE), ChoiceField.choices(module(EditWithMask.class).getInfo().getInput("inversionFrom")));
	}
}
