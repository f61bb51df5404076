package sc.fiji.diffedit.fiji.bridge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import javax.tools.ToolProvider;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;
import org.scijava.command.Command;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;
import org.scijava.event.EventHandler;
import org.scijava.event.EventService;
import org.scijava.event.EventSubscriber;
import org.scijava.module.event.ModuleExecutedEvent;
import org.scijava.script.ScriptService;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.OvalRoi;
import ij.macro.Interpreter;

import sc.fiji.diffedit.fiji.commands.EditWithMask;
import sc.fiji.diffedit.fiji.commands.GenerateMask;
import sc.fiji.diffedit.fiji.inputs.Commands;
import sc.fiji.diffedit.fiji.record.RecordedCall;
import sc.fiji.diffedit.fiji.record.RecordedScript;

/** A recorded session makes the same images, bit by bit, as macro, Groovy script and Java class. */
class RecordedScriptsTest {

	private static final Map<String, Object> MASK = Map.of("source", "green nuclei", "target", "cyan \"nuclei\" for $1", "maps", 1, "steps", 2, "seed", 5L, "labels", true, "thresholdRatio", 1.5);
	private static final Map<String, Object> EDIT = Map.of("source", "green nuclei", "target", "cyan [nuclei", "steps", 2, "seed", 6L, "strength", 0.75);

	private static Context context;
	private static CommandService commands;
	private static final List<RecordedCall> CALLS = new ArrayList<>();

	private static RecordedScript script;
	private static List<int[]> wanted;

	private final List<int[]> made = new ArrayList<>();
	private List<EventSubscriber<?>> listening;

	@BeforeAll
	static void callOnce() {
		HeadlessMenus.install();
		context = SharedContext.get();
		commands = context.service(CommandService.class);
		final ImagePlus image = image();
		wanted = List.of(call(GenerateMask.class, image, MASK), call(EditWithMask.class, image, EDIT));
		script = new RecordedScript(CALLS);
	}

	@Test
	void theCallsDoSomething() {
		final int[] before = (int[]) image().getProcessor().getPixels();
		assertFalse(Arrays.equals(before, wanted.get(1)), "the edit changes the image");
		assertTrue(Arrays.stream(wanted.get(0)).distinct().count() > 1, "the mask is a part of the image");
	}

	@AfterAll
	static void letGo() {
		SharedContext.dispose();
	}

	private static int[] call(final Class<? extends Command> command, final ImagePlus image, final Map<String, Object> values) {
		final Map<String, Object> all = new HashMap<>(values);
		all.put("image", image);
		final CommandInfo info = commands.getCommand(command);
		CALLS.add(RecordedCall.of(info, all));
		return pixels(Commands.run(context, command, all).getOutputs());
	}

	private static ImagePlus image() {
		final ImagePlus image = IJ.createImage("my \"cells\".tif", "RGB black", 64, 48, 1);
		image.getProcessor().setColor(0x00a000);
		image.getProcessor().fill(new OvalRoi(8, 6, 24, 20));
		return image;
	}

	private static int[] pixels(final Map<String, Object> outputs) {
		final ImagePlus result = outputs.values().stream().filter(ImagePlus.class::isInstance).map(ImagePlus.class::cast).findFirst().orElseThrow();
		return (int[]) result.getProcessor().convertToRGB().getPixels();
	}

	@BeforeEach
	void openTheImage() {
		Interpreter.batchMode = true;
		Interpreter.addBatchModeImage(image());
		listening = context.service(EventService.class).subscribe(this);
	}

	@EventHandler
	private void onExecuted(final ModuleExecutedEvent event) {
		if (Calls.isOurs(event.getModule())) made.add(pixels(event.getModule().getOutputs()));
	}

	@AfterEach
	void closeImages() {
		context.service(EventService.class).unsubscribe(listening);
		IJ.runMacro("setBatchMode(true); while (nImages > 0) close(); setBatchMode(false);");
		WindowManager.setTempCurrentImage(null);
	}

	private void assertSameImages() {
		assertEquals(wanted.size(), made.size());
		for (int i = 0; i < wanted.size(); i++) assertArrayEquals(wanted.get(i), made.get(i), "call " + i);
	}

	@Test
	void asMacro() {
		IJ.runMacro(script.macro());
		assertSameImages();
	}

	@Test
	void asGroovyScript() throws Exception {
		context.service(ScriptService.class).run("recorded.groovy", new StringReader(script.groovy()), true).get();
		assertSameImages();
	}

	@Test
	void asJavaClass(@TempDir final Path folder) throws Exception {
		final Path source = Files.writeString(folder.resolve("Recorded.java"), script.java());
		assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "-proc:none", "-cp", System.getProperty("java.class.path"), source.toString()));
		try (URLClassLoader loader = new URLClassLoader(new URL[] { folder.toUri().toURL() })) {
			loader.loadClass("Recorded").getMethod("run", CommandService.class).invoke(null, commands);
		}
		assertSameImages();
	}
}
