package sc.fiji.diffedit.fiji.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.scijava.Context;
import org.scijava.command.Command;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandModule;
import org.scijava.command.CommandService;
import org.scijava.event.EventHandler;
import org.scijava.event.EventService;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.module.event.ModuleFinishedEvent;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.OvalRoi;
import ij.gui.Roi;

import sc.fiji.diffedit.fiji.bridge.HeadlessMenus;
import sc.fiji.diffedit.fiji.bridge.SharedContext;
import sc.fiji.diffedit.fiji.commands.Demo;
import sc.fiji.diffedit.fiji.commands.EditImageWithText;
import sc.fiji.diffedit.fiji.commands.EditWithMask;
import sc.fiji.diffedit.fiji.commands.GenerateMask;
import sc.fiji.diffedit.fiji.commands.ImageToImage;
import sc.fiji.diffedit.fiji.commands.Inpaint;
import sc.fiji.diffedit.fiji.commands.InvertImage;
import sc.fiji.diffedit.fiji.commands.TextToImage;
import sc.fiji.diffedit.fiji.inputs.Commands;
import sc.fiji.diffedit.fiji.repeat.RepeatFromInfo;

/**
 * The line that the macro recorder writes for a command makes the same results again, to the last bit. Every command of the menu stands
 * either among those that are replayed or, with the reason, among those that are not; so does every new one.
 */
class EveryCommandReplaysTest {

	private static final int W = 40, H = 32;
	private static final Map<String, Object> WORDS = Map.of("source", "green nuclei", "target", "cyan nuclei");

	/** What is asked of each command, beside the image. */
	private static final Map<Class<? extends Command>, Map<String, Object>> REPLAYED = Map.of(
		GenerateMask.class, with(WORDS, "maps", 1, "steps", 2, "threshold", "Ratio", "thresholdRatio", 1.0, "seed", 5L, "smallest", 3, "grow", 1.5, "heatMap", true),
		EditImageWithText.class, with(WORDS, "maps", 1, "steps", 2, "threshold", "Ratio", "thresholdRatio", 1.0, "seed", 6L, "strength", 0.7, "labels", true, "inversion", "EasyInv"),
		EditWithMask.class, with(WORDS, "steps", 2, "seed", 7L, "strength", 0.7, "feather", 2.0),
		InvertImage.class, Map.of("source", "green nuclei", "steps", 2, "seed", 8L),
		ImageToImage.class, Map.of("prompt", "cyan nuclei", "steps", 3, "seed", 9L, "strength", 0.5),
		Inpaint.class, Map.of("prompt", "cyan nuclei", "steps", 3, "seed", 10L),
		TextToImage.class, Map.of("prompt", "cyan nuclei", "steps", 2, "seed", 11L, "width", 32, "height", 32),
		Demo.class, Map.of("sample", "03", "maps", 1, "steps", 2));

	/** The others, by their names, and why no line of theirs makes pixels. */
	private static final Map<String, String> OTHERS = new HashMap<>();
	static {
		Stream.of("OpenDiffEdit", "ModelsInMemory", "ResultCache", "ModelFolders", "CheckInstallation", "RecordScript", "DiffEditOptions").forEach(name -> OTHERS.put(name, "shows or changes settings"));
		Stream.of("InstallEngine", "DownloadModel").forEach(name -> OTHERS.put(name, "fetches files"));
		Stream.of("InspectModel", "MethodsParagraph").forEach(name -> OTHERS.put(name, "writes a text about a file or an image"));
		Stream.of("CaptionImage", "SuggestPrompts").forEach(name -> OTHERS.put(name, "writes a text with a model that is not embedded"));
		OTHERS.put("MeasureEdit", "writes tables about images");
		OTHERS.put("BatchFolder", "works on files, by lines of the commands above");
		OTHERS.put("RepeatFromInfo", "makes a result again by itself");
	}

	private static Context context;
	private static Replayed replayed;
	private ImagePlus image;

	/** The outputs of the last command that came to its end. */
	private static final class Replayed {

		private Module last;

		@EventHandler
		private void ended(final ModuleFinishedEvent event) {
			last = event.getModule();
		}
	}

	@BeforeAll
	static void start() {
		HeadlessMenus.install();
		context = SharedContext.get();
		replayed = new Replayed();
		context.service(EventService.class).subscribe(replayed);
	}

	@AfterAll
	static void end() {
		SharedContext.dispose();
	}

	private static Map<String, Object> with(final Map<String, Object> some, final Object... more) {
		final Map<String, Object> all = new LinkedHashMap<>(some);
		for (int i = 0; i < more.length; i += 2) all.put((String) more[i], more[i + 1]);
		return all;
	}

	static Stream<Class<? extends Command>> replayed() {
		return REPLAYED.keySet().stream().sorted((a, b) -> a.getSimpleName().compareTo(b.getSimpleName()));
	}

	/** A disc in colour on an image of its own. */
	private void open() {
		image = IJ.createImage("cells.tif", "RGB black", W, H, 1);
		image.getProcessor().setColor(0x00a000);
		image.getProcessor().fill(new OvalRoi(8, 6, 16, 14));
		image.setRoi(new OvalRoi(6, 4, 20, 18));
		WindowManager.setTempCurrentImage(image);
	}

	@ParameterizedTest
	@MethodSource("replayed")
	void theRecordedLineMakesTheSameBits(final Class<? extends Command> command) {
		open();
		final Map<String, Object> values = new LinkedHashMap<>(REPLAYED.get(command));
		final CommandInfo info = context.service(CommandService.class).getCommand(command);
		if (info.getInput("image") != null) values.put("image", image);
		final CommandModule made = Commands.run(context, command, values);
		assertFalse(made.isCanceled(), made.getCancelReason());
		final String line = RecordedCall.of(made).macro();
		final List<Object> first = outputs(made);
		assertFalse(first.isEmpty(), "it makes something");
		open();
		replayed.last = null;
		IJ.runMacro("setBatchMode(true);\n" + line);
		assertTrue(replayed.last != null && replayed.last.getInfo().getDelegateClassName().equals(command.getName()), "the command has run by " + line);
		assertEquals(first, outputs(replayed.last), line);
		WindowManager.setTempCurrentImage(null);
	}

	/** The pixels of all images and the selections, in their order. */
	private static List<Object> outputs(final Module module) {
		final List<Object> outputs = new ArrayList<>();
		for (final ModuleItem<?> item : module.getInfo().outputs()) {
			final Object value = module.getOutput(item.getName());
			if (value instanceof ImagePlus made) for (int i = 1; i <= made.getStackSize(); i++) outputs.add(item.getName() + " " + pixels(made.getStack().getPixels(i)));
			else if (value instanceof Roi roi) outputs.add(item.getName() + " " + roi.getBounds() + " " + pixels(roi.getMask() == null ? new byte[0] : roi.getMask().getPixels()));
		}
		return outputs;
	}

	private static String pixels(final Object array) {
		if (array instanceof float[] values) return java.util.Arrays.toString(values);
		if (array instanceof int[] values) return java.util.Arrays.toString(values);
		return array instanceof short[] values ? java.util.Arrays.toString(values) : java.util.Arrays.toString((byte[]) array);
	}

	@Test
	void noCommandIsForgotten() {
		final Set<String> known = new TreeSet<>(OTHERS.keySet());
		replayed().map(Class::getSimpleName).forEach(known::add);
		final Set<String> all = context.service(CommandService.class).getCommands().stream().map(CommandInfo::getDelegateClassName).filter(name -> name.startsWith("sc.fiji.diffedit."))
			.filter(EveryCommandReplaysTest::isOfTheMenu).map(name -> name.substring(name.lastIndexOf('.') + 1)).collect(Collectors.toCollection(TreeSet::new));
		assertEquals(all, known, "put a new command among those that are replayed, or say why not");
		assertEquals(Set.of(), new HashSet<>(OTHERS.keySet()).stream().filter(REPLAYED.keySet().stream().map(Class::getSimpleName).toList()::contains).collect(Collectors.toSet()));
	}

	/** Tests have commands of their own. */
	private static boolean isOfTheMenu(final String name) {
		try {
			return Class.forName(name).getProtectionDomain().getCodeSource().equals(RepeatFromInfo.class.getProtectionDomain().getCodeSource());
		}
		catch (final ClassNotFoundException e) {
			throw new IllegalStateException(e);
		}
	}
}
