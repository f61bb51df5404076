package sc.fiji.diffedit.fiji.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;

import ij.IJ;
import ij.ImagePlus;
import ij.process.ByteProcessor;

import sc.fiji.diffedit.fiji.commands.EditWithMask;
import sc.fiji.diffedit.fiji.commands.GenerateMask;
import sc.fiji.diffedit.fiji.commands.ResultCache;

/** What a recorded call says in each language. */
class RecordedCallTest {

	private static final Map<String, Object> PROMPTS = Map.of("source", "green nuclei", "target", "cyan nuclei");
	/** Texts of which each needs care in some language. */
	private static final List<String> TEXTS = List.of("a \"red\" dog", "it's", "'tis", "a\\b", "c:\\new\\table", "[big] dog", "a [b", "a] b", "'a' [b", "$cost ${x}", "5 µm", "日本 [1",
		"line\nbreak\ttab", "steps=3 seed=9", "", " ", "a\u0001b", "''", "[", "'[ '");

	private static Context context;

	@BeforeAll
	static void start() {
		context = new Context();
	}

	@AfterAll
	static void end() {
		context.dispose();
	}

	private static RecordedCall call(final Class<?> command, final Map<String, Object> values) {
		final CommandInfo info = context.service(CommandService.class).getCommand(command.getName());
		return RecordedCall.of(info, values);
	}

	@Test
	void aMacroSaysWhatDiffersWithModelAndSeed() {
		assertEquals("run(\"Generate Mask...\", \"source=[green nuclei] target=[cyan nuclei] seed=0 model=demo\");", call(GenerateMask.class, PROMPTS).macro());
		final Map<String, Object> more = Map.of("target", "pears", "thresholdLevel", 0.52, "maps", 4, "heatMap", true, "show", "Selection,Overlay", "steps", 50, "seed", 7L);
		assertEquals("run(\"Generate Mask...\", \"target=pears maps=4 seed=7 show=Selection,Overlay heatMap model=demo\");", call(GenerateMask.class, more).macro());
	}

	@Test
	void otherImagesAreNamedByTheirTitles() {
		final Map<String, Object> values = Map.of("image", image("cells.tif"), "maskFrom", "Mask image", "drawnMask", image("my mask"), "target", "pears");
		final RecordedCall call = call(EditWithMask.class, values);
		assertEquals("run(\"Edit With Mask...\", \"target=pears maskFrom=[Mask image] drawnMask=[my mask] seed=0 model=demo\");", call.macro());
		assertEquals("""
			#@ CommandService commands

			import ij.IJ
			import ij.WindowManager
			import sc.fiji.diffedit.fiji.commands.EditWithMask

			commands.run(EditWithMask, true, "image", IJ.getImage(), "target", "pears", "maskFrom", "Mask image", "drawnMask", WindowManager.getImage("my mask"), "seed", 0L, "model", "demo").get()
			""", call.groovy());
	}

	@Test
	void whatPlaysNoRoleIsLeftOut() {
		final Map<String, Object> values = Map.of("maskFrom", "Selection", "drawnMask", image("my mask"), "target", "pears", "loraScale", 0.5);
		assertEquals("run(\"Edit With Mask...\", \"target=pears seed=0 model=demo\");", call(EditWithMask.class, values).macro());
	}

	private static ImagePlus image(final String title) {
		return new ImagePlus(title, new ByteProcessor(4, 4));
	}

	@Test
	void groovyAndJavaHaveTheirOwnLiterals() {
		final RecordedCall call = call(GenerateMask.class, Map.of("target", "5 µm for $1", "thresholdLevel", 2.5));
		final String groovy = "commands.run(GenerateMask, true, \"image\", IJ.getImage(), \"target\", \"5 \\u00b5m for \\$1\", \"thresholdLevel\", 2.5d, \"seed\", 0L, \"model\", \"demo\").get()\n";
		assertEquals(groovy, call.groovy().substring(call.groovy().indexOf("commands.run")));
		assertEquals("""
			import org.scijava.command.CommandService;

			import ij.IJ;
			import sc.fiji.diffedit.fiji.commands.GenerateMask;

			public final class Recorded {

				public static void run(final CommandService commands) throws Exception {
					commands.run(GenerateMask.class, true, "image", IJ.getImage(), "target", "5 \\u00b5m for $1", "thresholdLevel", 2.5, "seed", 0L, "model", "demo").get();
				}
			}
			""", call.java());
	}

	@Test
	void theRecorderHasLinesForItsLanguages() {
		final RecordedCall call = call(GenerateMask.class, Map.of("target", "5 µm"));
		assertEquals("run(\"Generate Mask...\", \"target=[5 µm] seed=0 model=demo\");", call.line("Macro"));
		for (final String language : List.of("JavaScript", "BeanShell", "Java")) assertEquals("IJ.run(\"Generate Mask...\", \"target=[5 \\u00b5m] seed=0 model=demo\");", call.line(language));
		assertEquals("IJ.run(\"Generate Mask...\", u\"target=[5 \\u00b5m] seed=0 model=demo\");", call.line("Python"));
	}

	/** Jython refuses halves of a letter. */
	@Test
	void pythonHasLettersOutsideThePlaneOfMostScripts() {
		assertEquals("IJ.run(\"Generate Mask...\", u\"target=\\U0001f9ea seed=0 model=demo\");", call(GenerateMask.class, Map.of("target", "\ud83e\uddea")).line("Python"));
	}

	/** As a macro or script that gives the ratio finds its mask by it. */
	@Test
	void whatAValueImpliesIsSaid() {
		assertEquals("run(\"Generate Mask...\", \"target=pears threshold=Ratio thresholdRatio=1.5 seed=0 model=demo\");",
			call(GenerateMask.class, Map.of("target", "pears", "thresholdRatio", 1.5)).macro());
	}

	/** A call without options would open the form. */
	@Test
	void aCallWithoutAnswersOfItsOwnSaysOne() {
		assertEquals("run(\"Result Cache...\", \"clear=false\");", call(ResultCache.class, Map.of()).macro());
	}

	@Test
	void wrongNamesAreFaultsOfTheProgram() {
		assertThrows(IllegalArgumentException.class, () -> call(GenerateMask.class, Map.of("prompt", "pears")));
	}

	@Test
	void everyTextComesBackFromAMacro() {
		final List<String> texts = new ArrayList<>(TEXTS);
		final Random random = new Random(1);
		for (int i = 0; i < 2000; i++) texts.add(random.ints(8, 0, 8).mapToObj(at -> "[]' a=\"\\".substring(at, at + 1)).reduce("", String::concat));
		for (final String text : texts) {
			final String macro = call(GenerateMask.class, Map.of("source", text, "target", "pears")).macro();
			final String options = macro.substring(macro.indexOf(", ") + 2, macro.length() - 2);
			assertEquals(text, MacroOptions.parse(IJ.runMacro("return " + options + ";")).getOrDefault("source", ""), macro);
		}
	}
}
