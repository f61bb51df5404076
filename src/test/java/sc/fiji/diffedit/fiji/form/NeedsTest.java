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
import sc.fiji.diffedit.fiji.inputs.Conditions;

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

	private static boolean isNeeded(final Module module, final String name) {
		return Conditions.isNeeded(module, module.getInfo().getInput(name));
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

	@Test
	void aSelectionMustBeThere() {
		final Module module = module(GenerateMask.class, "workOn", "Selection");
		assertTrue(missing(module, "workOn").startsWith("\"cells\" has no selection of an area;"), missing(module, "workOn"));
		((ImagePlus) module.getInput("image")).setRoi(new Line(1, 1, 9, 9));
		assertTrue(missing(module, "workOn").startsWith("\"cells\" has no selection of an area;"), "a line is none");
		((ImagePlus) module.getInput("image")).setRoi(new Roi(4, 4, 8, 8));
		assertEquals("", missing(module, "workOn"));
		assertTrue(missing(module(EditWithMask.class), "maskFrom").startsWith("\"cells\" has no selection of an area;"));
	}

	@Test
	void aMaskImageMustBeChosenAndFit() {
		final Module module = module(EditWithMask.class, "maskFrom", "Mask image");
		assertTrue(isNeeded(module, "drawnMask"));
		assertTrue(missing(module, "drawnMask").startsWith("Choose the image for '"));
		module.setInput("drawnMask", new ImagePlus("small", new ByteProcessor(10, 12)));
		assertEquals("\"small\" has 10 x 12 pixels, but \"cells\" has 64 x 48: choose a mask of the image's size.", missing(module, "drawnMask"));
		module.setInput("drawnMask", new ImagePlus("mask", new ByteProcessor(64, 48)));
		assertEquals("", missing(module, "drawnMask"));
	}

	@Test
	void aLabelImageMustFit() {
		final Module module = module(GenerateMask.class, "segmentation", new ImagePlus("small", new ByteProcessor(10, 12)));
		assertEquals("", missing(module, "segmentation"), "it is not used");
		module.setInput("objects", "Label image");
		assertEquals("\"small\" has 10 x 12 pixels, but \"cells\" has 64 x 48: choose a label image of the image's size.", missing(module, "segmentation"));
		module.setInput("segmentation", new ImagePlus("objects", new ByteProcessor(64, 48)));
		assertEquals("", missing(module, "segmentation"));
	}

	@Test
	void channelsOptionsAndTilesMustBeThere() {
		assertEquals("Channel 7 was asked for, but the image has 1; count from 1.", missing(module(GenerateMask.class, "channels", "1,7"), "channels"));
		assertTrue(missing(module(GenerateMask.class, "channels", "red"), "channels").startsWith("\"red\" is not the number of a channel;"));
		assertEquals("", missing(module(GenerateMask.class, "channels", "1"), "channels"));
		for (final String wrong : List.of("sheduler: DDIMScheduler", "clipSkip: two", "dtype: float99", "longPrompts: true", "eta: 1; eta: 2")) {
			assertFalse(missing(module(EditWithMask.class, "options", wrong), "options").isEmpty(), wrong);
		}
		assertEquals("", missing(module(EditWithMask.class, "options", "scheduler: DDIMScheduler; clipSkip: 2; dtype: float32; longPrompts: yes; eta: 0.5"), "options"));
		assertEquals("overlap is 64; tiles of 32 pixels can share from 0 to 31 pixels.", missing(module(GenerateMask.class, "tile", 32), "overlap"));
	}

	@Test
	void anInversionImageMustBeOne() {
		final Module module = module(EditWithMask.class, "inversionFrom", "Inversion image", "inverted", new ImagePlus("other", new ByteProcessor(8, 6)));
		assertEquals("\"other\" is not an inversion; choose an image that Invert Image... made, or a TIFF file of one.", missing(module, "inverted"));
	}

	@Test
	void fieldsPlayTheirRoleWhenAnotherOneSaysSo() {
		final Module edit = module(EditWithMask.class);
		assertFalse(isNeeded(edit, "drawnMask") || isNeeded(edit, "inverted") || isNeeded(edit, "loraScale"));
		assertTrue(isNeeded(edit, "source") && isNeeded(edit, "target"));
		edit.setInput("inversionFrom", "Inversion image");
		edit.setInput("lora", "some.safetensors");
		assertTrue(isNeeded(edit, "inverted") && isNeeded(edit, "loraScale"));
		assertFalse(isNeeded(edit, "source"), "the inversion image was told");
		assertTrue(isNeeded(module(GenerateMask.class), "source"), "commands without that choice always need it");
		final Module images = module(ImageToImage.class);
		assertFalse(isNeeded(images, "arrange"));
		images.setInput("count", 2);
		assertTrue(isNeeded(images, "arrange"));
		assertFalse(isNeeded(module(Inpaint.class), "margin"));
		assertFalse(isNeeded(module(GenerateMask.class, "labels", false), "corners"));
	}
}
