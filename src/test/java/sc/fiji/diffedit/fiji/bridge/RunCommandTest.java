package sc.fiji.diffedit.fiji.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.event.KeyEvent;
import java.io.File;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.scijava.MenuPath;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;

import ij.IJ;
import ij.ImagePlus;
import ij.Menus;
import ij.WindowManager;
import ij.process.ByteProcessor;

import sc.fiji.diffedit.fiji.record.RecordedCall;

/** The commands in plain ImageJ, driven by its macro interpreter. */
class RunCommandTest {

	private static final String BRIDGE = RunCommand.class.getName();
	private static final String OLD_NAMES = "Plugins>DiffEdit>Old Names,";

	@BeforeAll
	static void installTestCommands() {
		HeadlessMenus.install();
		install("Paint...", PaintCommand.class);
		install("Blend...", BlendCommand.class);
	}

	private static void install(final String label, final Class<?> command) {
		Menus.getCommands().put(label, BRIDGE + "(\"" + command.getName() + "\")");
	}

	@AfterAll
	static void letGo() {
		SharedContext.dispose();
	}

	@BeforeEach
	void forget() {
		PaintCommand.asked = null;
		IJ.resetEscape();
	}

	@AfterEach
	void closeImages() {
		IJ.runMacro("setBatchMode(true); while (nImages > 0) close(); setBatchMode(false);");
		WindowManager.setTempCurrentImage(null);
	}

	private static String macro(final String options) {
		return IJ.runMacro("setBatchMode(true); newImage('cells', '8-bit black', 8, 6, 1); run('Paint...', \"" + options
			+ "\"); return getTitle() + ' ' + getPixel(2, 2);");
	}

	@Test
	void aMacroGivesEveryKindOfInput() {
		final String result = macro("steps=5 ratio=2.25 seed=77 outputtype=[ROI Manager] device=cpu samenoise=true"
			+ " folder=/tmp/models source=[a (b:1.2) [big] dog, steps=99] target=pears");
		assertEquals("cells|5|2.25|77|ROI Manager|cpu|true|" + new File("/tmp/models") + "|a (b:1.2) [big] dog, steps=99|pears",
			PaintCommand.asked);
		assertEquals("painted 77 77", result, "the result is the macro's active image");
	}

	@Test
	void whatAMacroLeavesOutHasItsDefault() {
		macro("source=dog");
		assertEquals("cells|3|3.5|1|Labels|automatic|false|null|dog|", PaintCommand.asked);
	}

	@Test
	void aLoneWordIsTrue() {
		macro("samenoise source=dog");
		assertEquals("cells|3|3.5|1|Labels|automatic|true|null|dog|", PaintCommand.asked);
	}

	@Test
	void withoutOptionsAndDisplayTheDefaultsHold() {
		macro("");
		assertEquals("cells|3|3.5|1|Labels|automatic|false|null||", PaintCommand.asked);
	}

	@Test
	void whatCannotBeMeantEndsTheMacroWithASentence() {
		assertRefused("steps=0", "'Steps' is 0; it must be 1 to 1000.");
		assertRefused("steps=ten", "'Steps' is 'ten'; write a whole number.");
		assertRefused("steps=2.5", "'Steps' is '2.5'; write a whole number.");
		assertRefused("seed=99999999999999999999", "write a whole number.");
		assertRefused("ratio=NaN", "it must be 0.0 to 10.0.");
		assertRefused("samenoise=maybe", "write true or false.");
		assertRefused("stepz=5", "'stepz' is not an input of 'Paint...'; the nearest are steps, seed, ");
		assertRefused("source=[a cat] source=[a dog]", "'source' stands twice in the options; keep one of them");
		assertRefused("steps=3 Steps=3", "'Steps' stands twice in the options; keep one of them");
		assertRefused("samenoise samenoise", "'samenoise' stands twice in the options; keep one of them");
		assertRefused("source=a dog", "put texts with blanks in square brackets.");
		assertRefused("source=[a cat ] and dog]", "put texts with blanks in square brackets.");
		assertRefused("source=[a [cat dog", "unbalanced bracket");
		assertRefused("source='a' dog", "put texts with blanks in square brackets.");
		assertRefused("source=nothing", "There is nothing in the image; say what is in it.");
	}

	private static void assertRefused(final String options, final String sentence) {
		final String log = logged(() -> assertEquals("[aborted]", macro(options), options));
		assertTrue(log.contains(sentence), log);
	}

	/** What is printed while the work runs. */
	private static String logged(final Runnable work) {
		return Printed.by(work);
	}

	@Test
	void withoutAnImageItSaysSo() {
		assertLogged("There is no image open; open one and start 'Paint...' again.",
			"setBatchMode(true); run('Paint...', 'steps=1');");
		assertNull(PaintCommand.asked);
	}

	@Test
	void ofTwoImagesTheActiveOneComesFirstAndTheOtherByTitle() {
		final String two = "setBatchMode(true); newImage('spots', '8-bit black', 4, 4, 1); newImage('cells', '8-bit black', 4, 4, 1);";
		assertLogged("blended cells with spots", two + "run('Blend...', 'mask=spots');");
		assertLogged("blended spots with nothing", two + "run('Blend...', 'image=spots');");
		assertLogged("'Mask' asks for the image 'stars', which is not open; open it first.", two + "run('Blend...', 'mask=stars');");
	}

	private static void assertLogged(final String sentence, final String macro) {
		final String log = logged(() -> IJ.runMacro(macro));
		assertTrue(log.contains(sentence), log);
	}

	@Test
	void aRecordedCallAsksTheSameAgain() {
		for (final String text : List.of("a \"red\" [big] dog\\cat\nand more: it's", "cells [1.tif", "a cat ] and dog", "[a]cells.tif", "it's [", "5 µm")) {
			final Map<String, Object> values = Map.of("steps", 5, "ratio", 2.25, "seed", -1L, "sameNoise", true, "folder", new File("a b"), "source", text, "target", "'tis");
			final String call = RecordedCall.of(SharedContext.get().service(CommandService.class).getCommand(PaintCommand.class), values).macro();
			IJ.runMacro("setBatchMode(true); newImage('cells', '8-bit black', 8, 6, 1); " + call);
			assertEquals("cells|5|2.25|-1|Labels|automatic|true|a b|" + text + "|'tis", PaintCommand.asked, call);
		}
	}

	@Test
	@Timeout(300)
	void escapeStopsTheCommand() {
		final Thread key = new Thread(() -> {
			while (PaintCommand.asked == null) IJ.wait(20);
			IJ.wait(200);
			IJ.setKeyDown(KeyEvent.VK_ESCAPE);
		});
		key.start();
		final ImagePlus image = new ImagePlus("cells", new ByteProcessor(4, 4));
		IJ.run(image, "Paint...", "steps=1000 source=dog");
		assertEquals("cells|1000|3.5|1|Labels|automatic|false|null|dog|", PaintCommand.asked);
		assertTrue(IJ.escapePressed());
	}

	@Test
	void pluginsConfigListsTheCommandsInTheOrderOfFijisMenu() throws Exception {
		final List<CommandInfo> commands = SharedContext.get().service(CommandService.class).getCommands().stream()
			.filter(info -> info.getClassName().startsWith("sc.fiji.diffedit.") && !info.getMenuPath().isEmpty())
			.filter(info -> !info.getMenuPath().toString().contains("Tests"))
			.sorted(Comparator.comparingDouble(info -> info.getMenuPath().getLeaf().getWeight())).toList();
		assertEquals(commands.stream().map(RunCommandTest::entry).toList(), configured().stream().filter(line -> !line.startsWith(OLD_NAMES)).toList());
		assertEquals(commands.size(), commands.stream().map(info -> info.getMenuPath().getLeaf().getWeight()).distinct().count(), "weights of their own");
	}

	@Test
	void fijiFindsNoMenuOfPlainImageJ() {
		assertNull(RunCommand.class.getResource("/plugins.config"), "Fiji would show each command twice");
	}

	private static String entry(final CommandInfo info) {
		final MenuPath path = info.getMenuPath();
		final String menu = path.subList(0, path.size() - 1).stream().map(Object::toString).collect(Collectors.joining(">"));
		return menu + ", \"" + path.getLeaf().getName() + "\", " + BRIDGE + "(\"" + info.getClassName() + "\")";
	}

	private static List<String> configured() throws Exception {
		try (InputStream in = RunCommand.class.getResourceAsStream("plugins.config")) {
			return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
				.filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
		}
	}
}
