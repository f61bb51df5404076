package sc.fiji.diffedit.fiji.repeat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scijava.Context;
import org.scijava.command.Command;
import org.scijava.command.CommandModule;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.OvalRoi;
import ij.gui.Overlay;
import ij.gui.Roi;

import sc.fiji.diffedit.fiji.MaskText;
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.ProvenanceFile;
import sc.fiji.diffedit.fiji.commands.EditImageWithText;
import sc.fiji.diffedit.fiji.commands.EditWithMask;
import sc.fiji.diffedit.fiji.commands.GenerateMask;
import sc.fiji.diffedit.fiji.commands.ImageToImage;
import sc.fiji.diffedit.fiji.commands.Inpaint;
import sc.fiji.diffedit.fiji.commands.InvertImage;
import sc.fiji.diffedit.fiji.commands.TextToImage;
import sc.fiji.diffedit.fiji.inputs.Commands;
import sc.fiji.diffedit.service.DiffusionModelService;
import sc.fiji.diffedit.tensor.Mask;

/** Results are made again from their infos, to the last bit; what differs is told, and what cannot be repeated is refused. */
class RepeatFromInfoTest {

	private static final int EDGE = 24;
	private static final String EQUAL = " to the last bit.", SAME = "Model, image, versions, processor and threads are the same as then.";

	private static Context context;
	private static ImagePlus made;

	@TempDir
	private Path folder;

	@BeforeAll
	static void open() {
		context = new Context();
		context.service(DiffusionModelService.class).results().setLimit(0);          // remembered results would be equal in any case
	}

	@AfterAll
	static void close() {
		context.dispose();
	}

	private static ImagePlus cells() {
		final ImagePlus image = IJ.createImage("cells", "RGB ramp", EDGE, EDGE, 1);
		image.setRoi(new OvalRoi(3, 5, 14, 12));
		return image;
	}

	private static Map<String, Object> answers(final ImagePlus image) {
		return new HashMap<>(Map.of("image", image, "steps", 3, "maps", 2, "width", 16, "height", 16, "source", "green nuclei", "target", "cyan nuclei",
			"prompt", "a cell", "negative", "red = blue; \u03bc", "seed", 5L));
	}

	private static CommandModule run(final Class<? extends Command> command, final Map<String, Object> answers) {
		final CommandModule form = Commands.form(context, command);
		answers.keySet().removeIf(name -> form.getInfo().getInput(name) == null);
		final CommandModule done = Commands.run(context, command, answers);
		assertFalse(done.isCanceled(), done.getCancelReason());
		return done;
	}

	private static ImagePlus result(final CommandModule done) {
		for (final String output : List.of("result", "labelImage", "inversion")) {
			if (done.getInfo().getOutput(output) != null && done.getOutput(output) instanceof ImagePlus image) return image;
		}
		throw new AssertionError("no image");
	}

	private static CommandModule repeat(final Object... inputs) {
		return Commands.run(context, RepeatFromInfo.class, inputs);
	}

	private static String report(final CommandModule done) {
		assertFalse(done.isCanceled(), done.getCancelReason());
		return (String) done.getOutput("report");
	}

	private static String reason(final CommandModule done) {
		assertTrue(done.isCanceled(), "it must be refused");
		return done.getCancelReason();
	}

	/** With a threshold that all heat exceeds, all objects that lie within the selection are the mask; their labels are not in the info. */
	@Test
	void objectsOfALabelImageAreAskedForAgain() {
		final ImagePlus labels = IJ.createImage("objects", "32-bit black", EDGE, EDGE, 1);
		labels.getProcessor().putPixelValue(8, 9, 3);
		labels.getProcessor().putPixelValue(9, 9, 7.5);
		labels.getProcessor().putPixelValue(0, 0, 2);
		final Map<String, Object> answers = answers(cells());
		answers.putAll(Map.of("workOn", "Selection", "objects", "Label image", "segmentation", labels, "maskRefinement", "None", "threshold", "Fixed", "thresholdLevel", 0.0, "labels", true));
		final ImagePlus mask = result(run(GenerateMask.class, answers));
		int inside = 0;
		for (int i = 0; i < EDGE * EDGE; i++) if (mask.getProcessor().get(i) != 0) inside++;
		assertEquals(List.of(2, 1, 1), List.of(inside, mask.getProcessor().get(8, 9), mask.getProcessor().get(9, 9)));
		final Provenance info = Provenance.read(mask).orElseThrow();
		assertEquals(List.of("Label image", "objects"), List.of(info.get("objects").orElseThrow(), info.get("segmentation").orElseThrow()));
		final String refused = reason(repeat("result", mask, "image", cells()));
		assertTrue(refused.contains("was made with the objects of the label image \"objects\", which is not open; open it first, or give another one"), refused);
		answers.put("image", cells());
		answers.put("segmentation", IJ.createImage("small", "8-bit black", 5, 5, 1));
		final String small = reason(Commands.run(context, GenerateMask.class, answers));
		assertTrue(small.contains("\"small\" has 5 x 5 pixels, but \"cells\" has 24 x 24"), small);
	}

	/** Grey levels and labels are not in the info: the mask image that is given counts as it is, not only where it is 0. */
	@ParameterizedTest
	@CsvSource({ "maskUse, Soft", "labelTexts, 2: a bright background" })
	void maskImagesThatAreGivenKeepTheirValues(final String input, final String value) {
		final ImagePlus image = cells(), mask = IJ.createImage("mask", "8-bit black", EDGE, EDGE, 1);
		image.deleteRoi();
		for (int y = 0; y < EDGE; y++) for (int x = 0; x < EDGE; x++) mask.getProcessor().set(x, y, input.equals("maskUse") ? 10 * x : 1 + x / 12);
		final Map<String, Object> answers = answers(image);
		answers.putAll(Map.of("maskFrom", "Mask image", "drawnMask", mask, "strength", 1.0, input, value));
		final ImagePlus result = result(run(EditWithMask.class, answers));
		assertTrue(reason(repeat("result", result, "image", image)).contains("does not contain the mask that was drawn; choose it as the mask image"));
		final String told = report(repeat("result", result, "image", image, "mask", mask));
		assertTrue(told.contains(SAME) && told.endsWith(EQUAL), told);
	}

	/** In the overlay, in a label image drawn from them, and given in place of the overlay when it is made again: the same bits. */
	@Test
	void outlinesOfObjectsAreTheirLabelImage() {
		final ImagePlus image = cells();
		image.setOverlay(new Overlay(new Roi(1, 1, 9, 8)));
		image.getOverlay().add(new OvalRoi(12, 10, 10, 9));
		final Map<String, Object> answers = answers(image);
		answers.putAll(Map.of("objects", "Overlay", "maskRefinement", "None", "threshold", "Mean", "labels", true));
		final ImagePlus byOverlay = result(run(GenerateMask.class, answers));
		final ImagePlus labels = IJ.createImage("objects", "8-bit black", EDGE, EDGE, 1);
		for (int i = 0; i < 2; i++) {
			labels.getProcessor().setValue(i + 1);
			labels.getProcessor().fill(image.getOverlay().get(i));
		}
		answers.putAll(Map.of("objects", "Label image", "segmentation", labels));
		final ImagePlus byLabels = result(run(GenerateMask.class, answers));
		assertEqualBits(byOverlay, byLabels);
		final String hash = Provenance.read(byOverlay).orElseThrow().get(Provenance.OBJECTS_HASH).orElseThrow();
		assertEquals(hash, Provenance.read(byLabels).orElseThrow().get(Provenance.OBJECTS_HASH).orElseThrow());
		assertTrue(report(repeat("result", byOverlay, "image", image)).contains("equals"), "with the overlay that is there");
		assertTrue(report(repeat("result", byOverlay, "image", cells(), "objects", labels)).contains(SAME), "with the label image");
		labels.getProcessor().set(3, 3, 0);
		assertTrue(report(repeat("result", byOverlay, "image", cells(), "objects", labels)).contains("The objects to choose among: " + hash + " then"));
		assertTrue(reason(repeat("result", byOverlay, "image", cells())).contains("The overlay of \"cells\" has no areas"));
		final ImagePlus without = result(run(GenerateMask.class, answers(cells())));
		assertTrue(reason(repeat("result", without, "image", cells(), "objects", labels)).contains("was made without objects to choose among; leave them out"));
	}

	private static void assertEqualBits(final ImagePlus one, final ImagePlus other) {
		assertEquals(one.getStackSize(), other.getStackSize());
		for (int i = 1; i <= one.getStackSize(); i++) {
			assertArrayEquals(new Object[] { one.getStack().getPixels(i) }, new Object[] { other.getStack().getPixels(i) });
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { GenerateMask.class, InvertImage.class, EditWithMask.class, EditImageWithText.class, TextToImage.class, ImageToImage.class, Inpaint.class })
	void everyResultIsMadeAgainToTheLastBit(final Class<? extends Command> command) {
		final ImagePlus image = cells();
		final Map<String, Object> answers = answers(image);
		answers.put("workOn", "Selection");
		answers.put("count", 2);
		answers.put("options", "weightedPrompts: yes");
		final ImagePlus result = result(run(command, answers));
		image.deleteRoi();                                               // it travels in the info
		final CommandModule again = repeat("result", result, "image", image);
		assertTrue(report(again).endsWith(EQUAL), report(again));
		assertTrue(report(again).contains(SAME), report(again));
		final ImagePlus made = (ImagePlus) ((List<?>) again.getOutput("images")).get(0);
		assertEqualBits(result, made);
		assertEquals(Provenance.read(result).orElseThrow().get("seed"), Provenance.read(made).orElseThrow().get("seed"));
	}

	@Test
	void anEditOfASavedInversionMakesTheInversionAgain() throws IOException {
		final ImagePlus image = cells();
		final ImagePlus inversion = result(run(InvertImage.class, answers(image)));
		final Map<String, Object> answers = answers(image);
		answers.put("inversionFrom", "Inversion image");
		answers.put("inverted", inversion);
		final ImagePlus result = result(run(EditWithMask.class, answers));
		final CommandModule again = repeat("result", result, "image", image);
		assertTrue(report(again).endsWith(EQUAL), report(again));
		result.setProperty("Info", asBeforeMethodsWereNamed((String) result.getProperty("Info")));
		final CommandModule ofOlder = repeat("result", result, "image", image);
		assertTrue(report(ofOlder).endsWith(EQUAL), report(ofOlder));
		final Path file = folder.resolve("older.json");
		Files.writeString(file, ProvenanceFile.toJson(Provenance.read(result).orElseThrow()).replace("inversionMade", "inversion"));
		assertEqualBits(result, (ImagePlus) ((List<?>) repeat("file", file.toFile(), "image", image).getOutput("images")).get(0));
	}

	/** The line of the inversion was called {@code inversion}, and that one's own info named no method. */
	private static String asBeforeMethodsWereNamed(final String info) {
		final String nested = "\\n  \"inversion\": \"DDIM\",", line = "\ninversionMade=";
		assertTrue(info.contains(nested) && info.contains(line), info);
		return info.replace(nested, "").replace(line, "\ninversion=");
	}

	@Test
	void aCorrectedMaskOfAnotherSizeIsNotLeftOutSilently() {
		final ImagePlus image = cells();
		final Mask corrected = Masks.of(image.getRoi(), EDGE, EDGE);
		final Path file = folder.resolve("mask.json");
		ProvenanceFile.write(file, Provenance.read(result(run(GenerateMask.class, answers(image)))).orElseThrow().with(Provenance.CORRECTED_MASK, MaskText.of(corrected).orElseThrow()));
		final String leftOut = "The mask that was corrected by hand, of " + EDGE + " x " + EDGE + " pixels, was left out";
		final CommandModule same = repeat("file", file.toFile(), "image", image);
		assertFalse(report(same).contains(leftOut), report(same));
		assertEquals(2, ((List<?>) same.getOutput("images")).size());
		final CommandModule other = repeat("file", file.toFile(), "image", IJ.createImage("other", "RGB ramp", EDGE + 8, EDGE, 1));
		assertTrue(report(other).contains(leftOut), report(other));
		assertEquals(1, ((List<?>) other.getOutput("images")).size());
	}

	@Test
	void aFileDoesAsWellAndAnotherPlaneIsFound() {
		final ImagePlus stack = IJ.createImage("stack", "8-bit ramp", EDGE, EDGE, 3);
		stack.getStack().getProcessor(2).setValue(7);
		stack.getStack().getProcessor(2).fill(new Roi(2, 2, 9, 9));
		stack.setSlice(2);
		final ImagePlus result = result(run(ImageToImage.class, answers(stack)));
		stack.setSlice(1);
		final Path file = folder.resolve("result.json");
		ProvenanceFile.write(file, Provenance.read(result).orElseThrow().with("segmentation", "an input of other commands"));
		final CommandModule again = repeat("file", file.toFile(), "image", stack);
		assertTrue(report(again).contains(SAME), report(again));
		assertEqualBits(result, (ImagePlus) ((List<?>) again.getOutput("images")).get(0));
	}

	@Test
	void aStackIsMadeAgainPlaneByPlane() {
		final ImagePlus stack = IJ.createImage("stack", "8-bit ramp", EDGE, EDGE, 3);
		stack.getStack().getProcessor(2).invert();
		final Map<String, Object> answers = answers(stack);
		answers.put("planes", "2-3");
		final ImagePlus result = result(run(ImageToImage.class, answers));
		assertEquals(2, result.getStackSize());
		final CommandModule again = repeat("result", result, "image", stack);
		assertTrue(report(again).endsWith(EQUAL), report(again));
	}

	@Test
	void onAnotherImageTheSameIsDoneToThatOne() {
		final ImagePlus result = result(run(EditWithMask.class, answers(cells())));
		final ImagePlus other = IJ.createImage("other", "RGB black", EDGE, EDGE, 1);
		final CommandModule again = repeat("result", result, "image", other);
		assertTrue(report(again).contains("The image: "), report(again));
		assertTrue(report(again).contains("The new image differs from "), report(again));
		final ImagePlus made = (ImagePlus) ((List<?>) again.getOutput("images")).get(0);
		assertEquals(0, made.getProcessor().get(0, 0) & 0xffffff, "outside of the mask the other image is unchanged");
	}

	@Test
	void aMaskThatDoesNotFitIsAskedFor() {
		final ImagePlus result = result(run(EditWithMask.class, answers(cells())));
		final ImagePlus large = IJ.createImage("large", "RGB black", 2 * EDGE, EDGE, 1);
		assertTrue(reason(repeat("result", result, "image", large)).contains("draw a selection on it, or choose a mask image of its size"));
		large.setRoi(2, 2, 10, 10);
		final CommandModule again = repeat("result", result, "image", large);
		assertTrue(report(again).contains("another size"), report(again));
	}

	/** All that may change numbers is in the info, and what is another one here is told. */
	@ParameterizedTest
	@CsvSource({ "threads, The number of threads", "processor, The processor", "system, The operating system", "kernels, The kernels", "pytorch, PyTorch's version",
		"modelHash, The model's files", "plugin, DiffEdit's version" })
	void whatDiffersIsTold(final String key, final String words) {
		final String before = (String) made().getProperty("Info");
		assertTrue(before.matches("(?s).*\n" + key + "=[^\n]+\n.*"), before);
		final ImagePlus result = made().duplicate();
		result.setProperty("Info", before.replaceAll("(?m)^" + key + "=.*$", key + "=0123"));
		final String report = report(repeat("result", result));
		assertTrue(report.contains(words + ": 0123 then, "), report);
		assertFalse(report.contains(SAME), report);
	}

	private static ImagePlus made() {
		if (made == null) made = result(run(TextToImage.class, answers(cells())));
		return made;
	}

	@Test
	void whatCannotBeRepeatedIsRefused() {
		final ImagePlus result = result(run(ImageToImage.class, answers(cells())));
		final String info = (String) result.getProperty("Info");
		assertTrue(reason(repeat("result", result)).contains("was made of the image \"cells\", which is not open"));
		assertTrue(reason(repeat("result", cells())).contains("does not tell that DiffEdit has made it"));
		assertTrue(reason(repeat()).contains("neither an image nor a file"));
		result.setProperty("Info", info.replace("command=Image To Image", "command=Download Model"));
		assertTrue(reason(repeat("result", result)).contains("which this version of DiffEdit does not have"));
		result.setProperty("Info", info.replaceAll("(?m)^command=.*\n", ""));
		assertTrue(reason(repeat("result", result)).contains("do not name their command"));
		result.setProperty("Info", info.replaceAll("(?m)^steps=.*$", "steps=many"));
		assertTrue(reason(repeat("result", result, "image", cells())).contains("write a whole number"));
	}

	@Test
	void theMethodsParagraphHasAllThatAReaderNeeds() {
		final ImagePlus result = result(run(EditImageWithText.class, answers(cells())));
		final Provenance made = Provenance.read(result).orElseThrow();
		final String text = (String) Commands.run(context, MethodsParagraph.class, "result", result).getOutput("paragraph");
		for (final String part : List.of(made.get("modelHash").orElseThrow(), "green nuclei", "cyan nuclei", "seed 5", "steps 3", "PyTorch " + made.get("pytorch").orElseThrow(), "Couairon",
			"not measurements")) {
			assertTrue(text.contains(part), () -> part + " is not in: " + text);
		}
	}
}
