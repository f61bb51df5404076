package sc.fiji.diffedit.fiji.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.scijava.command.CommandModule;
import org.scijava.command.CommandService;
import org.scijava.module.Module;
import org.scijava.script.ScriptService;

import ij.IJ;
import ij.ImagePlus;
import ij.Menus;
import ij.WindowManager;
import ij.plugin.PlugIn;
import ij.process.ByteProcessor;

import net.imagej.legacy.ImitatedFiji;

/** The commands as macros, scripts and other code call them in Fiji, without a display; {@code MacrosOnAScreen} has one. */
class FijiCallsTest {

	private static final String DEFAULTS = "cells|3|3.5|1|Labels|automatic|false|null|dog|";
	private static ImitatedFiji fiji;

	@BeforeAll
	static void start() {
		HeadlessMenus.install();
		fiji = new ImitatedFiji();
		fiji.install(PaintCommand.class);
		fiji.install(BlendCommand.class);
		Menus.getCommands().put("Outer...", Outer.class.getName());
	}

	@AfterAll
	static void stop() {
		Menus.getCommands().remove("Outer...");
		fiji.close();
	}

	@BeforeEach
	void forget() {
		PaintCommand.asked = null;
		ImitatedFiji.FORMS.clear();
	}

	@AfterEach
	void closeImages() {
		assertEquals(List.of(), ImitatedFiji.FORMS, "no form opens for a macro or script");
		IJ.runMacro("setBatchMode(true); while (nImages > 0) close(); setBatchMode(false);");
		WindowManager.setTempCurrentImage(null);
	}

	private static String macro(final String... lines) {
		return IJ.runMacro(String.join("\n", lines));
	}

	private static final String CELLS = "newImage('cells', '8-bit black', 8, 6, 1);";

	@Test
	void inBatchModeResultsAreActiveAndListed() {
		assertEquals("painted 77 77 2 cells", macro("setBatchMode(true);", CELLS, "run('Paint...', 'seed=77 source=dog');",
			"told = getTitle() + ' ' + getPixel(2, 2) + ' ' + nImages; selectImage('cells'); return told + ' ' + getTitle();"));
	}

	@Test
	void withoutBatchModeToo() {
		assertEquals("painted 77 77 2 cells", macro(CELLS, "run('Paint...', 'seed=77 source=dog');",
			"told = getTitle() + ' ' + getPixel(2, 2) + ' ' + nImages; selectImage('cells'); return told + ' ' + getTitle();"));
	}

	@Test
	void theImageIsTheMacrosOwn() {
		macro("setBatchMode(true);", CELLS, "newImage('spots', '8-bit black', 8, 6, 1); selectImage('cells');", "run('Paint...', 'source=dog');");
		assertEquals(DEFAULTS, PaintCommand.asked);
		IJ.run(new ImagePlus("given", new ByteProcessor(4, 4)), "Paint...", "source=dog");
		assertEquals(DEFAULTS.replace("cells", "given"), PaintCommand.asked);
	}

	@Test
	void nothingOfItStaysOnTheThreadsOfSciJava() {
		macro("setBatchMode(true);", CELLS, "run('Paint...', 'source=dog');");
		closeImages();
		assertTrue(Printed.by(() -> macro("run('Paint...', 'source=dog');")).contains("There is no image open; open one and start 'Paint...' again."));
	}

	@Test
	void whatAMacroLeavesOutHasItsDefault() {
		macro(CELLS, "run('Paint...', 'source=dog');");
		assertEquals(DEFAULTS, PaintCommand.asked);
		macro(CELLS, "run('Paint...');");
		assertEquals(DEFAULTS.replace("dog", ""), PaintCommand.asked);
	}

	@Test
	void aTextIsNoKey() {
		macro(CELLS, "run('Paint...', 'source=[a = b, steps=5 cats] target=[seed=3 x]');");
		assertEquals("cells|3|3.5|1|Labels|automatic|false|null|a = b, steps=5 cats|seed=3 x", PaintCommand.asked);
	}

	@Test
	void capitalsDoNotMatter() {
		macro(CELLS, "run('Paint...', 'outputType=[ROI Manager] source=dog');");
		assertEquals(DEFAULTS.replace("Labels", "ROI Manager"), PaintCommand.asked);
	}

	@Test
	void whatCannotBeMeantEndsTheMacroAndSaysWhy() {
		assertEnds("steps=0", "Paint...: 'Steps' is 0; it must be 1 to 1000.");
		assertEnds("steps=many", "Paint...: 'Steps' is 'many'; write a whole number.");
		assertEnds("foo=3", "Paint...: 'foo' is no input of 'Paint...'; the nearest is '");
		assertEnds("samenoize=true", "the nearest is 'samenoise' of");
		assertEnds("source=nothing", "Paint...: There is nothing in the image; say what is in it.");
		assertEnds("source=error", "Paint...: java.lang.IllegalStateException: a fault of ours");
		assertEnds("image=stars source=dog", "'Image' asks for the image 'stars', which is not open; open it first.");
	}

	/** Also the macro that has called it goes no further. */
	private static void assertEnds(final String options, final String sentence) {
		final String run = "newImage(\\\"cells\\\", \\\"8-bit black\\\", 8, 6, 1); run(\\\"Paint...\\\", \\\"" + options + "\\\"); print(\\\"inner\\\");";
		final String told = Printed.by(() -> assertEquals("[aborted]",
			macro("setBatchMode(true);", CELLS, "run('Paint...', '" + options + "');", "print('went on');")));
		assertTrue(told.contains(sentence), told);
		assertFalse(told.contains("went on"), told);
		final String nested = Printed.by(() -> macro("setBatchMode(true);", "eval(\"" + run + "\");", "print('outer');"));
		assertTrue(nested.contains(sentence) && !nested.contains("inner"), nested);
	}

	@Test
	void aFurtherImageByTitleOrNumber() {
		final String two = "setBatchMode(true); newImage('spots', '8-bit black', 4, 4, 1); id = getImageID();" + CELLS;
		assertEquals("blended cells with spots", blended(two + "run('Blend...', 'mask=spots');"));
		assertEquals("blended cells with spots", blended(two + "run('Blend...', 'mask=' + id);"));
		assertEquals("blended cells with nothing", blended(two + "run('Blend...', '');"));
	}

	private static String blended(final String macro) {
		BlendCommand.last = null;
		macro(macro);
		return BlendCommand.last;
	}

	@Test
	void aScriptGivesSomeInputsAndTheRestHasDefaults() throws Exception {
		final ImagePlus image = new ImagePlus("cells", new ByteProcessor(4, 4));
		final CommandModule done = commands().run(PaintCommand.class, true, "image", image, "source", "dog").get();
		assertEquals(DEFAULTS, PaintCommand.asked);
		assertEquals("painted 1", ((ImagePlus) done.getOutput("painted")).getTitle());
		assertNull(WindowManager.getCurrentImage(), "without a display nobody would ever close it");
	}

	@Test
	void aScriptThatGivesNoneToo() throws Exception {
		WindowManager.setTempCurrentImage(new ImagePlus("cells", new ByteProcessor(4, 4)));
		final Module done = fiji.context().service(ScriptService.class).run("script.groovy", new StringReader("#@ CommandService commands\n#@output Object done\n"
			+ "done = commands.run('" + PaintCommand.class.getName() + "', true, 'image', new ij.ImagePlus('cells', new ij.process.ByteProcessor(4, 4))).get()"), true).get();
		assertEquals(DEFAULTS.replace("dog", ""), PaintCommand.asked);
		assertFalse(((CommandModule) done.getOutput("done")).isCanceled());
	}

	@Test
	void aScriptIsToldWhyAndGoesOn() throws Exception {
		final ImagePlus image = new ImagePlus("cells", new ByteProcessor(4, 4));
		final CommandModule[] done = new CommandModule[1];
		final String told = Printed.by(() -> done[0] = wait("image", image, "source", "nothing"));
		assertTrue(done[0].isCanceled());
		assertTrue(told.contains("Paint...: There is nothing in the image"), told);
	}

	private static CommandModule wait(final Object... inputs) {
		try {
			return commands().run(PaintCommand.class, true, inputs).get();
		}
		catch (final Exception e) {
			throw new IllegalStateException(e);
		}
	}

	/** A plugin that a macro has called with options calls a command: they are not the command's. */
	@Test
	void optionsOfAnotherCommandAreNotTaken() {
		macro("run('Outer...', 'steps=99 colour=red');");
		assertEquals(DEFAULTS, PaintCommand.asked);
	}

	/** Runs a command from Java. */
	public static final class Outer implements PlugIn {

		@Override
		public void run(final String argument) {
			FijiCallsTest.wait("image", new ImagePlus("cells", new ByteProcessor(4, 4)), "source", "dog");
		}
	}

	private static CommandService commands() {
		return fiji.context().service(CommandService.class);
	}
}
