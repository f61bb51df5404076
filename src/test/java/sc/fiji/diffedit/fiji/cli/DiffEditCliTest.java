package sc.fiji.diffedit.fiji.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.Roi;
import ij.io.RoiDecoder;
import ij.io.RoiEncoder;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.batch.ImageFiles;
import sc.fiji.diffedit.fiji.batch.Verb;
import sc.fiji.diffedit.fiji.form.Labels;

/** Every verb, called as from a shell: results on one stream, sentences on the other, and the exit code. */
class DiffEditCliTest {

	private static final String[] WORDS = { "--source", "blue nuclei", "--target", "magenta nuclei" };

	@TempDir
	private static Path folder;
	private static Context context;
	private static Path image;

	/**
	 * What a call said.
	 *
	 * @param code exit code
	 * @param out standard output
	 * @param err standard error
	 */
	private record Said(int code, String out, String err) {

		JsonObject json() {
			return JsonParser.parseString(out).getAsJsonObject();
		}
	}

	@BeforeAll
	static void open() throws IOException {
		context = new Context();
		image = folder.resolve("cells.png");
		try (InputStream in = Verb.class.getResourceAsStream("/sc/fiji/diffedit/demo/samples/08.png")) {
			Files.copy(in, image);
		}
	}

	@AfterAll
	static void close() {
		context.dispose();
	}

	private static Said said(final String input, final String... arguments) {
		final ByteArrayOutputStream out = new ByteArrayOutputStream(), err = new ByteArrayOutputStream();
		final Terminal terminal = new Terminal(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), new PrintStream(out, true, StandardCharsets.UTF_8),
			new PrintStream(err, true, StandardCharsets.UTF_8), false, () -> context);
		return new Said(DiffEditCli.run(terminal, arguments), out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
	}

	/** A call with these words; {@code WORDS} stands for two prompts. */
	private static Said call(final Object... arguments) {
		return said("", java.util.Arrays.stream(arguments).flatMap(argument -> argument instanceof String[] several ? java.util.Arrays.stream(several)
			: java.util.stream.Stream.of(argument.toString())).toArray(String[]::new));
	}

	private static Said done(final Object... arguments) {
		final Said said = call(arguments);
		assertEquals(ExitCode.DONE, said.code, said.err);
		return said;
	}

	private static void refused(final int code, final String sentence, final Object... arguments) {
		final Said said = call(arguments);
		assertEquals(code, said.code, said.err);
		assertEquals("", said.out);
		assertTrue(said.err.contains(sentence), said.err);
		assertEquals(1, said.err.lines().count(), said.err);
		assertFalse(said.err.contains("Exception") || said.err.contains("\tat "), said.err);
	}

	@Test
	void masksAndEditsAreMeasured() throws IOException {
		final Path saved = folder.resolve("evaluated");
		final JsonObject edits = done("evaluate", "--first", 1, "--edits", "default,truth", "--strength", "0.1,0.2", "--check-edit", "-o", saved, "--json", "--quiet").json().getAsJsonObject("edits");
		assertEquals(Set.of("default, strength 0.1", "default, strength 0.2", "truth, strength 0.1", "truth, strength 0.2"), edits.keySet());
		final JsonObject weak = edits.getAsJsonArray("default, strength 0.1").get(0).getAsJsonObject();
		assertTrue(weak.get("iou").getAsDouble() > 0.95, weak.toString());
		assertTrue(weak.get("lossRatio").getAsDouble() > 0.3, weak.toString());
		assertTrue(weak.get("megabytesNative").getAsDouble() > 10, weak.toString());
		assertEquals(100, edits.getAsJsonArray("truth, strength 0.1").get(0).getAsJsonObject().get("outsidePsnr").getAsDouble(), "nothing changes outside the true mask");
		assertEquals(5, Files.readAllLines(saved.resolve("each.csv")).size(), "a line for each way and sample, and the headings");
		assertEquals(5 * (192 + 10) + 10, ImageFiles.open(saved.resolve("worst.png")).getWidth(), "input, heat map, mask, expected result and edit side by side");
		assertTrue(ImageFiles.open(saved.resolve("plot.png")).getWidth() > 560);
		final String masks = done("evaluate", "--first", 1, "--quiet").out;
		assertTrue(masks.lines().anyMatch(line -> line.matches(" *Difference and likelihood +Guided filter +Top +0[.]9.*")), masks);
	}

	/** Masks by degrees, and edits of one picture in one pass. */
	@Test
	void softMasksAndRegionsAreMeasured() throws IOException {
		final Path bundled = Path.of("src/main/resources/sc/fiji/diffedit/demo/samples"), two = Files.createDirectory(folder.resolve("two edits"));
		for (final String name : List.of("01.png", "01_mask.png", "03_mask.png")) Files.copy(bundled.resolve(name), two.resolve(name));
		final String sample = "{\"file\": \"01.png\", \"mask\": \"%s\", \"source_prompt\": \"green nuclei and red rings\", \"target_prompt\": \"%s\"}";
		Files.writeString(two.resolve("samples.json"), "{\"mask_settings\": {\"num_maps_per_mask\": 5}, \"edit_settings\": {\"steps\": 40}, \"samples\": ["
			+ String.format(sample, "01_mask.png", "cyan nuclei and red rings") + ", " + String.format(sample, "03_mask.png", "green nuclei and blue rings") + "]}");
		final JsonObject edits = done("evaluate", two, "--edits", "default,regions", "--strength", "0.1", "--mask-use", "Full,Soft", "--json", "--quiet").json().getAsJsonObject("edits");
		final double[] full = outside(edits, "default, Full, strength 0.1"), soft = outside(edits, "default, Soft, strength 0.1"), together = outside(edits, "regions, Full, strength 0.1");
		assertTrue(soft[1] > full[1], "less changes where the second mask has less heat: " + edits);
		assertTrue(together[0] < full[0], "the second edit changes what the first one leaves: " + edits);
		assertEquals(together[0], together[1], "both are one result");
	}

	/** Of each edit. */
	private static double[] outside(final JsonObject edits, final String way) {
		return IntStream.range(0, 2).mapToDouble(i -> edits.getAsJsonArray(way).get(i).getAsJsonObject().get("outsidePsnr").getAsDouble()).toArray();
	}

	/** One bundled sample as a folder of its own. */
	private static Path oneSample() throws IOException {
		final Path bundled = Path.of("src/main/resources/sc/fiji/diffedit/demo/samples"), one = Files.createDirectory(folder.resolve("one sample"));
		final String json = Files.readString(bundled.resolve("samples.json"));
		Files.writeString(one.resolve("samples.json"), json.substring(0, json.indexOf("{", json.indexOf("\"samples\""))) + json.substring(json.lastIndexOf("{")));
		for (final String name : List.of("08.png", "08_mask.png", "08_group.png", "08_target.png")) Files.copy(bundled.resolve(name), one.resolve(name));
		return one;
	}

	@Test
	void parityReachesWhatDiffusersReached() throws IOException {
		final Path one = oneSample(), json = one.resolve("samples.json");
		assertTrue(done("evaluate", one, "--edits", "parity", "--expected", "--quiet").out.lines().anyMatch(line -> line.matches(" *parity +0[.]814 .*")));
		Files.writeString(json, Files.readString(json).replace("0.814", "0.5"));
		final Said far = call("evaluate", one, "--edits", "parity", "--expected", "--quiet");
		assertEquals(ExitCode.FAILED, far.code, far.err);
		assertEquals("diffedit: Masks of parity are not as expected: 08 (IoU 0.814 in place of 0.500).", far.err.strip());
	}

	@Test
	void whatCannotBeEvaluatedIsOneSentence() {
		refused(ExitCode.WRONG_USE, "0 samples cannot be measured; take 1 or more", "evaluate", "--first", 0);
		refused(ExitCode.WRONG_USE, "-1 samples cannot be measured", "evaluate", "--first=-1");
		refused(ExitCode.WRONG_USE, "There is no method 'best'; there are parity, default,", "evaluate", "--edits", "best");
		refused(ExitCode.WRONG_USE, "name their methods", "evaluate", "--preset", "draft");
		refused(ExitCode.WRONG_USE, "add it to --edits", "evaluate", "--edits", "truth", "--expected");
		refused(ExitCode.WRONG_USE, "fancy", "evaluate", "--edits", "parity", "--preset", "fancy");
		refused(ExitCode.FAILED, "There is neither samples.json nor samples.csv in " + folder, "evaluate", folder);
		refused(ExitCode.WRONG_USE, "are for whole edits; name their methods", "evaluate", "--strength", "0.5");
		refused(ExitCode.WRONG_USE, "are for whole edits; name their methods", "evaluate", "--check-edit");
		refused(ExitCode.WRONG_USE, "sets inversion to 'DIM'; choose one of DDIM,", "evaluate", "--edits", "truth", "--inversion", "DIM");
		refused(ExitCode.WRONG_USE, "leave truth or Soft out", "evaluate", "--edits", "truth", "--mask-use", "Soft");
		refused(ExitCode.WRONG_USE, "sets maskUse to 'Hard'; choose one of Full, Soft", "evaluate", "--edits", "default", "--mask-use", "Hard");
		refused(ExitCode.WRONG_USE, "inpaintStrength is 1.5; it must lie between 0.0 and 1.0", "evaluate", "--edits", "truth", "--strength", "1.5");
	}

	@Test
	void anEditOfEachFormat() {
		for (final String format : List.of("tif", "png", "jpg")) {
			final Path output = folder.resolve("edited." + format);
			assertEquals(output + "\n", done("edit", image, WORDS, "--maps=1", "--steps", 2, "--thresholdRatio", 4.5, "-o", output).out);
			final ImagePlus edited = ImageFiles.open(output);
			assertEquals(List.of(128, 128, 24), List.of(edited.getWidth(), edited.getHeight(), edited.getBitDepth()));
			assertEquals(format.equals("tif") ? "4.5" : "", Provenance.read(edited).flatMap(made -> made.get("thresholdRatio")).orElse(""));
			assertEquals(format.equals("tif") ? "0.8" : "", Provenance.read(edited).flatMap(made -> made.get("strength")).orElse(""), "masks by a ratio have the strength of diffusers");
			assertEquals(format.equals("tif"), edited.getOverlay() != null, "pictures are not drawn upon");
		}
	}

	@Test
	void masksInversionsAndEditsWithThem() throws IOException {
		final Path mask = folder.resolve("mask.tif"), inversion = folder.resolve("inversion.tif"), roi = folder.resolve("mask.roi"), edited = folder.resolve("with mask.png");
		final JsonObject json = done("mask", image, WORDS, "--maps", 1, "--steps", 2, "--heat-map", "--json", "-o", mask).json();
		assertEquals("[\"" + mask + "\",\"" + folder.resolve("mask-differences.tif") + "\"]", json.get("files").toString());
		assertEquals(128, json.getAsJsonObject("labelImage").get("width").getAsInt());
		done("mask", image, WORDS, "--maps", 1, "--steps", 2, "-o", roi);
		assertNotEquals(null, RoiDecoder.openFromByteArray(Files.readAllBytes(roi)));
		done("invert", image, "--source", "blue nuclei", "--steps", 2, "--strength", 0.5, "-o", inversion);
		done("edit", image, "--target", "magenta nuclei", "--drawnMask", mask, "--inverted", inversion, "--strength", 0.5, "-o", edited);
		assertTrue(Files.exists(edited));
		refused(ExitCode.FAILED, "written as " + inversion, "invert", image, "--source", "x", "--steps", 2, "--strength", 0.5, "-o", folder.resolve("inversion.png"));
	}

	@Test
	void newImages() {
		final Path made = folder.resolve("made.tif");
		done("txt2img", "--prompt", "green nuclei", "--width", 64, "--height", 64, "--steps", 1, "--count", 2, "-o", made);
		assertEquals(2, ImageFiles.open(made).getStackSize());
		refused(ExitCode.FAILED, "has 2 planes, which only TIFF keeps, so it was written as " + made, "txt2img", "--prompt", "x", "--width", 64, "--height", 64, "--steps", 1, "--count", 2, "-o", folder.resolve("made.png"));
		done("img2img", image, "--prompt", "magenta nuclei", "--steps", 2, "-o", made);
		final ImagePlus mask = IJ.createImage("mask", "8-bit black", 128, 128, 1);
		mask.setRoi(30, 30, 40, 40);
		mask.getProcessor().setColor(255);
		mask.getProcessor().fill(mask.getRoi());
		ImageFiles.save(mask, folder.resolve("square.png"));
		done("inpaint", image, "--prompt", "magenta nuclei", "--drawn-mask", folder.resolve("square.png"), "--steps", 2, "-o", made);
		assertEquals("inpaint", Provenance.read(ImageFiles.open(made)).orElseThrow().get("what").orElseThrow());
	}

	@Test
	void anEditIsMeasuredAndMadeAgain() throws IOException {
		final Path edited = folder.resolve("first.tif"), again = folder.resolve("again.tif"), table = folder.resolve("parts.csv");
		done("edit", image, WORDS, "--maps", 1, "--steps", 2, "-o", edited);
		final JsonObject json = done("repeat", edited, "--json", "-o", again).json();
		assertTrue(json.get("report").toString().contains("equals"), json.toString());
		assertArrayEquals((int[]) ImageFiles.open(edited).getProcessor().getPixels(), (int[]) ImageFiles.open(again).getProcessor().getPixels());
		ImageFiles.save(squares(), folder.resolve("squares.png"));
		final String parts = done("measure", image, "--after", edited, "--drawn-mask", folder.resolve("squares.png")).out;
		assertEquals(3, parts.lines().count(), parts);
		assertTrue(parts.contains("Part,Area,X,Y,Mean before,") && parts.contains("1,100,"), parts);
		final Path roi = folder.resolve("square.zip");
		try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(roi))) {
			zip.putNextEntry(new ZipEntry("left.roi"));
			zip.write(RoiEncoder.saveAsByteArray(new Roi(10, 10, 10, 10)));
		}
		refused(ExitCode.FAILED, "was made without objects to choose among; leave them out", "repeat", edited, "--objects", roi, "-o", again);
		final Path chosen = folder.resolve("chosen.tif");
		done("mask", image, WORDS, "--maps", 1, "--steps", 2, "--objects", "Label image", "--segmentation", roi, "--threshold", "Fixed", "--threshold-level", 0, "--labels", "-o", chosen);
		assertEquals(100, ImageFiles.open(chosen).getProcessor().getHistogram()[1], "the object is the mask");
		final String same = done("repeat", chosen, "--objects", roi, "--json", "-o", again).json().get("report").toString();
		assertTrue(same.contains("equals") && !same.contains("objects to choose"), same);
		final Path within = folder.resolve("within.tif");
		done("edit", image, WORDS, "--drawn-mask", roi, "--steps", 2, "-o", within);
		done("repeat", within, "--drawn-mask", roi, "-o", again);
		assertArrayEquals((int[]) ImageFiles.open(within).getProcessor().getPixels(), (int[]) ImageFiles.open(again).getProcessor().getPixels());
		final JsonObject numbers = done("measure", image, "--drawn-mask", folder.resolve("squares.png"), "--reference", roi, "--json").json();
		assertEquals(0.5, numbers.getAsJsonArray("overlap").get(0).getAsJsonObject().get("Precision").getAsDouble());
		assertEquals("left", done("measure", image, "--drawn-mask", roi, "--json").json().getAsJsonArray("parts").get(0).getAsJsonObject().get("Part").getAsString());
		assertEquals(table + "\n" + folder.resolve("parts-overlap.csv") + "\n", done("measure", image, "--drawn-mask", roi, "--reference", roi, "-o", table).out);
	}

	/** Two of 100 pixels each. */
	private static ImagePlus squares() {
		final ImagePlus mask = IJ.createImage("mask", "8-bit black", 128, 128, 1);
		mask.getProcessor().setColor(255);
		mask.getProcessor().fill(new Roi(10, 10, 10, 10));
		mask.getProcessor().fill(new Roi(40, 10, 10, 10));
		return mask;
	}

	@Test
	void whatCannotBeMeasuredOrMadeAgainIsOneSentence() throws IOException {
		refused(ExitCode.WRONG_USE, "has no selection of its own; give the mask by --drawn-mask", "measure", image);
		refused(ExitCode.FAILED, "There is no file", "measure", folder.resolve("absent.tif"));
		refused(ExitCode.FAILED, "cannot be read as selections", "measure", image, "--drawn-mask", folder.resolve("absent.zip"));
		Files.writeString(folder.resolve("text.roi"), "text");
		refused(ExitCode.FAILED, "cannot be read as selections", "measure", image, "--drawn-mask", folder.resolve("text.roi"));
		refused(ExitCode.FAILED, "does not tell that DiffEdit has made it", "repeat", image, "-o", folder.resolve("x.tif"));
		refused(ExitCode.WRONG_USE, "images are written as", "repeat", image, "-o", folder.resolve("x.gif"));
		final Path alone = Files.createDirectory(folder.resolve("alone")).resolve("edited.tif");
		final ImagePlus made = IJ.createImage("edited", 8, 8, 1, 8);
		Provenance.of("edit").with(Provenance.COMMAND, "Edit Image With Text").with("image", "gone.tif").describe(made);
		ImageFiles.save(made, alone);
		refused(ExitCode.WRONG_USE, "\"gone.tif\", which is neither beside it nor in the current folder; give it by --image FILE", "repeat", alone, "-o", folder.resolve("x.tif"));
	}

	@Test
	void texts() throws IOException {
		final String caption = done("caption", image, "--model", GoldenCase.model("blip"), "--words", 3).out;
		assertFalse(caption.isBlank());
		assertEquals(folder.resolve("c.txt") + "\n", done("caption", image, "--model", GoldenCase.model("blip"), "--words", 3, "-o", folder.resolve("c.txt")).out);
		assertEquals(caption, Files.readString(folder.resolve("c.txt")));
		assertEquals(2, done("prompts", "--concept", "bowl", "--model", GoldenCase.model("t5"), "--count", 2, "--words", 4).out.lines().count());
	}

	@Test
	void aBatchOfATableFromTheStandardInput() throws IOException {
		final Path out = folder.resolve("out");
		final String table = "image,target,seed\ncells.png,magenta nuclei,1\nabsent.png,x,\n";
		final String[] arguments = { "batch", folder.toString(), "--table", "-", "--source=blue nuclei", "--maps", "1", "--steps", "2", "-o", out.toString() };
		final Said first = said(table, concat(arguments, "--summary", "-"));
		assertEquals(ExitCode.FAILED, first.code, first.err);
		assertEquals(Files.readString(out.resolve("summary.csv")), first.out);
		assertTrue(first.err.contains("absent-edit.tif: There is no") && first.err.contains("1 done, 1 failed"), first.err);
		final JsonArray again = JsonParser.parseString(said(table, concat(arguments, "--json", "--quiet")).out).getAsJsonArray();
		assertEquals("kept", again.get(0).getAsJsonObject().get("status").getAsString());
		assertEquals("failed", again.get(1).getAsJsonObject().get("status").getAsString());
		final Said planned = said(table, concat(arguments, "--dry-run"));
		assertEquals("1\tedit\t" + folder.resolve("cells.png") + "\tcells-edit.tif", planned.out.lines().toList().get(0));
		final Said wrong = said("image,sede\ncells.png,1\n", arguments);
		assertEquals(ExitCode.WRONG_USE, wrong.code);
		assertTrue(wrong.err.contains("'sede' is not a setting of edit; the nearest are seed, "), wrong.err);
	}

	private static String[] concat(final String[] words, final String... more) {
		return java.util.stream.Stream.of(words, more).flatMap(java.util.Arrays::stream).toArray(String[]::new);
	}

	@Test
	void toolsAboutModels() {
		assertTrue(done("inspect", GoldenCase.model("sd1")).out.contains("family: Stable Diffusion 1.x"));
		final JsonObject inspected = JsonParser.parseString(done("inspect", GoldenCase.model("sd1"), "--json").out).getAsJsonArray().get(0).getAsJsonObject();
		assertTrue(inspected.getAsJsonArray("parts").toString().contains("\"unet\""), inspected.toString());
		done("convert", GoldenCase.model("sd1-bin"), folder.resolve("converted"), "--dtype", "fp32", "--max-shard-size", "1MB");
		assertFalse(Files.exists(folder.resolve("converted.partial")));
		assertTrue(done("check", "--json").json().get("lines").toString().contains("PyTorch"));
		assertTrue(done("models").out.contains("cache\t"));
		assertTrue(done("engine", "--list").out.startsWith("Engines in "));
		refused(ExitCode.FAILED, "absent", "inspect", folder.resolve("absent"));
		refused(ExitCode.WRONG_USE, "There is no type int8", "convert", GoldenCase.model("sd1"), folder.resolve("x"), "--dtype", "int8");
		refused(ExitCode.WRONG_USE, "many is not a size", "convert", GoldenCase.model("sd1"), folder.resolve("x"), "--max-shard-size", "many");
		refused(ExitCode.WRONG_USE, "mutually exclusive", "engine", "--list", "--remove");
		refused(ExitCode.WRONG_USE, "There is no build cu999", "engine", "cu999");
		refused(ExitCode.WRONG_USE, "There is no file or folder", "engine", "--from", folder.resolve("absent"));
	}

	@Test
	void sizesAreDecimalAsInDiffusers() {
		assertEquals(450_000, ConvertTool.bytes("450KB"));
		assertEquals(2L << 30, ConvertTool.bytes("2GiB"));
		assertThrows(DiffEditException.class, () -> ConvertTool.bytes("many"));
	}

	@Test
	void wrongUseIsOneSentence() {
		refused(ExitCode.WRONG_USE, "there is no verb 'edti'; the nearest is edit; see diffedit --help", "edti");
		refused(ExitCode.WRONG_USE, "Missing required option: '--output=FILE'; see diffedit edit --help", "edit", image);
		refused(ExitCode.WRONG_USE, "Unknown option: '--treshold-ratio=3'; the nearest is --threshold-ratio", "edit", image, WORDS, "--tresholdRatio=3", "-o", "x.tif");
		refused(ExitCode.WRONG_USE, "'Steps' is 'many'; write a whole number", "edit", image, WORDS, "--steps", "many", "-o", folder.resolve("x.tif"));
		refused(ExitCode.WRONG_USE, "edit needs 'target'", "edit", image, "--source", "x", "-o", folder.resolve("x.tif"));
		refused(ExitCode.WRONG_USE, "do not go together", "edit", image, WORDS, "--maps", 2, "--drawn-mask", image, "-o", folder.resolve("x.tif"));
		refused(ExitCode.WRONG_USE, "There is no folder for", "edit", image, WORDS, "-o", folder.resolve("absent/x.tif"));
		refused(ExitCode.WRONG_USE, "x.gif: images are written as .tif, .png or .jpg", "edit", image, WORDS, "-o", folder.resolve("x.gif"));
		refused(ExitCode.WRONG_USE, "cannot be a path here", "batch", folder, WORDS, "--summary", "a\0b", "-o", folder.resolve("out"));
		refused(ExitCode.FAILED, "There is no file", "edit", folder.resolve("absent.png"), WORDS, "-o", folder.resolve("x.tif"));
		refused(ExitCode.FAILED, "absent", "edit", image, WORDS, "--model", "absent", "-o", folder.resolve("x.tif"));
		assertEquals(ExitCode.WRONG_USE, call().code);
	}

	/** Where in the program it went wrong is shown on request alone. */
	@Test
	void debugShowsWhere() {
		final Said said = call("inspect", folder.resolve("absent"), "--debug");
		assertTrue(said.err.contains("\tat " + InspectTool.class.getName()), said.err);
	}

	/** Names, labels, help and defaults come from the forms. */
	@Test
	void helpSaysWhatTheFormsSay() {
		for (final Verb verb : Verb.values()) {
			final String help = done(verb.word(), "--help").out.replaceAll("\\s+", " ");
			assertTrue(help.contains(verb.description()), help);
			verb.inputs().stream().filter(input -> !input.getName().equals(Verb.IMAGE)).forEach(input -> {
				assertTrue(help.contains(Labels.of(input) + "."), Labels.of(input));
				assertTrue(help.contains("--" + input.getName().replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(java.util.Locale.ROOT)), input.getName());
			});
		}
		assertTrue(done("mask", "--help").out.replaceAll("\\s+", " ").contains("Range: 0.0 or more. Default: 3.0."));
		for (final String tool : List.of("batch", "measure", "repeat", "inspect", "convert", "check", "models", "engine", "completion")) assertTrue(done(tool, "--help").out.startsWith("Usage: diffedit " + tool), tool);
		assertTrue(done("--help").out.contains("Exit codes: 0 done"));
	}

	@Test
	void shellsCanCompleteIt() {
		final String script = done("completion").out;
		assertTrue(script.contains("--threshold-ratio") && script.contains("Lowest memory") && script.startsWith("#!"), "verbs, options and choices");
	}
}
