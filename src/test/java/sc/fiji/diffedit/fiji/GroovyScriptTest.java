package sc.fiji.diffedit.fiji;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.command.CommandService;
import org.scijava.script.ScriptModule;
import org.scijava.script.ScriptService;

import ij.ImagePlus;
import ij.process.ByteProcessor;

/** Scripts with parameters as Fiji's script editor runs them. */
class GroovyScriptTest {

	private Context context;

	@BeforeEach
	void start() {
		context = new Context();
	}

	@AfterEach
	void stop() {
		context.dispose();
	}

	private ScriptModule run(final String script, final Map<String, Object> inputs) throws Exception {
		return context.service(ScriptService.class).run("test.groovy", new StringReader(script), true, inputs).get();
	}

	@Test
	void inputsAndOutputsAreTheScriptsVariables() throws Exception {
		final ScriptModule module = run("#@ Integer steps\n#@ String target\n#@output told\ntold = target * steps\n",
			Map.of("steps", 3, "target", "ab"));
		assertEquals("ababab", module.getOutput("told"));
	}

	@Test
	void servicesComeByTheirNames() throws Exception {
		final ScriptModule module = run("#@ CommandService commands\n#@output found\nfound = commands\n", Map.of());
		assertSame(context.service(CommandService.class), module.getOutput("found"));
	}

	/** What is resolved is not shown; Fiji would write a warning about it into its console, which opens then. */
	@Test
	void valuesForProgramsAreNotShown() throws Exception {
		final ScriptModule module = run("""
			#@output picture
			#@output looks
			#@output told
			picture = new sc.fiji.diffedit.tensor.Picture(1, 1, 1, [0f] as float[])
			looks = [picture, picture]
			told = new Object()
			""", Map.of());
		assertTrue(module.isOutputResolved("picture"));
		assertTrue(module.isOutputResolved("looks"));
		assertFalse(module.isOutputResolved("told"));
	}

	@Test
	void aCommandRunsFromAScript() throws Exception {
		final ImagePlus image = new ImagePlus("cells", new ByteProcessor(4, 3));
		final ScriptModule module = run("""
			#@ CommandService commands
			#@ Object image
			#@output painted
			module = commands.run("sc.fiji.diffedit.fiji.bridge.PaintCommand", true, "image", image, "seed", 9, "source", "dog").get()
			painted = module.getOutput("painted")
			""", Map.of("image", image));
		final ImagePlus painted = assertInstanceOf(ImagePlus.class, module.getOutput("painted"));
		assertEquals(9, painted.getProcessor().get(1, 1));
	}
}
