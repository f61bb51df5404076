package sc.fiji.diffedit.fiji.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
import ij.measure.ResultsTable;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.fiji.batch.BatchFolder;
import sc.fiji.diffedit.fiji.bridge.HeadlessMenus;
import sc.fiji.diffedit.fiji.bridge.SharedContext;
import sc.fiji.diffedit.fiji.commands.CaptionImage;
import sc.fiji.diffedit.fiji.commands.Demo;
import sc.fiji.diffedit.fiji.commands.EditImageWithText;
import sc.fiji.diffedit.fiji.commands.EditWithMask;
import sc.fiji.diffedit.fiji.commands.GenerateMask;
import sc.fiji.diffedit.fiji.commands.ImageToImage;
import sc.fiji.diffedit.fiji.commands.Inpaint;
import sc.fiji.diffedit.fiji.commands.InspectModel;
import sc.fiji.diffedit.fiji.commands.InvertImage;
import sc.fiji.diffedit.fiji.commands.MeasureEdit;
import sc.fiji.diffedit.fiji.commands.SuggestPrompts;
import sc.fiji.diffedit.fiji.commands.TextToImage;
import sc.fiji.diffedit.fiji.inputs.Commands;
import sc.fiji.diffedit.fiji.repeat.MethodsParagraph;
import sc.fiji.diffedit.fiji.repeat.RepeatFromInfo;

/**
 * The line that the macro recorder writes for a command makes the same results again, to the last bit. Every command of the menu stands
 * either among those that are replayed or, with the reason, among those that are not; so does every new one.
 */
class EveryCommandReplaysTest {

	private static final int W = 40, H = 32;
	private static final Map<String, Object> WORDS = Map.of("source", "green nuclei", "target", "cyan nuclei");

	/** What is asked of each command, beside the image. */
	private static final Map<Class<? extends Command>, Map<String, Object>> REPLAYED = Map.ofEntries(
		Map.entry(GenerateMask.class, with(WORDS, "maps", 1, "steps", 2, "threshold", "Ratio", "thresholdRatio", 1.0, "seed", 5L, "smallest", 3, "grow", 1.5, "heatMap", true)),
		Map.entry(EditImageWithText.class, with(WORDS, "maps", 1, "steps", 2, "threshold", "Ratio", "thresholdRatio", 1.0, "seed", 6L, "strength", 0.7, "labels", true, "inversion", "EasyInv")),
		Map.entry(EditWithMask.class, with(WORDS, "steps", 2, "seed", 7L, "strength", 0.7, "feather", 2.0)),
		Map.entry(InvertImage.class, Map.of("source", "green nuclei", "steps", 2, "seed", 8L)),
		Map.entry(ImageToImage.class, Map.of("prompt", "cyan nuclei", "steps", 3, "seed", 9L, "strength", 0.5)),
		Map.entry(Inpaint.class, Map.of("prompt", "cyan nuclei", "steps", 3, "seed", 10L)),
		Map.entry(TextToImage.class, Map.of("prompt", "cyan nuclei", "steps", 2, "seed", 11L, "width", 32, "height", 32)),
		Map.entry(Demo.class, Map.of("sample", "03", "maps", 1, "steps", 2)),
		Map.entry(MeasureEdit.class, Map.of("corners", true)),
		Map.entry(InspectModel.class, Map.of("path", model("sd1"))),
		Map.entry(CaptionImage.class, Map.of("model", model("blip"), "words", 4, "beams", 2)),
		Map.entry(SuggestPrompts.class, Map.of("model", model("t5"), "concept", "bowl", "count", 3, "words", 5, "seed", 12L)),
		Map.entry(MethodsParagraph.class, Map.of()),
		Map.entry(RepeatFromInfo.class, Map.of()));

	/** The others, by their names, and why no line of theirs makes something again. */
	private static final Map<String, String> OTHERS = new HashMap<>();
	static {
		Stream.of("OpenDiffEdit", "ModelsInMemory", "ResultCache", "ModelFolders", "CheckInstallation", "RecordScript", "DiffEditOptions").forEach(name -> OTHERS.put(name, "shows or changes settings"));
		Stream.of("InstallEngine", "DownloadModel").forEach(name -> OTHERS.put(name, "fetches files"));
		OTHERS.put("BatchFolder", "makes files, see below");
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

	private static String model(final String name) {
		return GoldenCase.model(name).toAbsolutePath().toString();
	}

	/** What a command works on: a picture, or a result for those that read the info of one. */
	private void open(final CommandInfo command) {
		open();
		if (command.getInput("result") == null) return;
		image = (ImagePlus) Commands.run(context, TextToImage.class, new LinkedHashMap<>(REPLAYED.get(TextToImage.class))).getOutput("result");
		WindowManager.setTempCurrentImage(image);
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
		final Map<String, Object> values = new LinkedHashMap<>(REPLAYED.get(command));
		final CommandInfo info = context.service(CommandService.class).getCommand(command);
		open(info);
		if (info.getInput("result") != null) values.put("result", image);
		else if (info.getInput("image") != null) values.put("image", image);
		final CommandModule made = Commands.run(context, command, values);
		assertFalse(made.isCanceled(), made.getCancelReason());
		final String line = RecordedCall.of(made).macro();
		final List<Object> first = outputs(made);
		assertFalse(first.isEmpty(), "it makes something");
		open(info);
		replayed.last = null;
		IJ.runMacro("setBatchMode(true);\n" + line);
		assertTrue(replayed.last != null && replayed.last.getInfo().getDelegateClassName().equals(command.getName()), "the command has run by " + line);
		assertEquals(first, outputs(replayed.last), line);
		WindowManager.setTempCurrentImage(null);
	}

	/** The pixels of all images, the selections, the texts and the tables, in their order. */
	private static List<Object> outputs(final Module module) {
		final List<Object> outputs = new ArrayList<>();
		for (final ModuleItem<?> item : module.getInfo().outputs()) add(item.getName() + " ", module.getOutput(item.getName()), outputs);
		return outputs;
	}

	private static void add(final String name, final Object value, final List<Object> outputs) {
		if (value instanceof ImagePlus made) for (int i = 1; i <= made.getStackSize(); i++) outputs.add(name + pixels(made.getStack().getPixels(i)));
		else if (value instanceof Roi roi) outputs.add(name + roi.getBounds() + " " + pixels(roi.getMask() == null ? new byte[0] : roi.getMask().getPixels()));
		else if (value instanceof List<?> several) several.forEach(one -> add(name, one, outputs));
		else if (value instanceof ResultsTable table) outputs.add(name + table.getColumnHeadings() + IntStream.range(0, table.size()).mapToObj(table::getRowAsString).toList());
		else if (value instanceof String text) outputs.add(name + text);
	}

	private static String pixels(final Object array) {
		if (array instanceof float[] values) return java.util.Arrays.toString(values);
		if (array instanceof int[] values) return java.util.Arrays.toString(values);
		return array instanceof short[] values ? java.util.Arrays.toString(values) : java.util.Arrays.toString((byte[]) array);
	}

	@Test
	void theLineOfABatchMakesTheSameFiles(@TempDir final Path folder) throws IOException {
		final Path in = Files.createDirectory(folder.resolve("in")), out = folder.resolve("out");
		open();
		image.deleteRoi();
		IJ.saveAsTiff(image, in.resolve("cells.tif").toString());
		final CommandModule made = Commands.run(context, BatchFolder.class, Map.of("folder", in.toString(), "output", out.toString(), "operation", "Edit Image With Text", "source", "green nuclei",
			"target", "cyan nuclei", "settings", "maps=1 steps=2 threshold=Ratio thresholdRatio=1 seed=4"));
		assertFalse(made.isCanceled(), made.getCancelReason());
		final Map<String, Object> first = images(out);
		assertFalse(first.isEmpty());
		PathUtils.deleteDirectory(out);
		IJ.runMacro("setBatchMode(true);\n" + RecordedCall.of(made).macro());
		assertEquals(first, images(out));
	}

	/** The pixels of the files. */
	private static Map<String, Object> images(final Path folder) throws IOException {
		final Map<String, Object> images = new TreeMap<>();
		try (Stream<Path> files = Files.walk(folder)) {
			files.filter(file -> file.toString().endsWith(".tif")).forEach(file -> images.put(file.getFileName().toString(), pixels(IJ.openImage(file.toString()).getProcessor().getPixels())));
		}
		return images;
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
