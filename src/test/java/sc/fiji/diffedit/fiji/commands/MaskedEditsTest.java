package sc.fiji.diffedit.fiji.commands;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.command.CommandModule;

import ij.IJ;
import ij.ImagePlus;
import ij.process.ByteProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.fiji.OutputStyle;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.inputs.Commands;
import sc.fiji.diffedit.pipelines.EditCheck;

/** What edits do within their masks, as Fiji runs them: by degrees, and with a check afterwards. */
class MaskedEditsTest {

	private static final int EDGE = 32;

	private static Context context;

	@BeforeAll
	static void open() {
		context = new Context();
	}

	@AfterAll
	static void close() {
		context.dispose();
	}

	private static CommandModule module(final Class<? extends ModelCommand> command, final Map<String, Object> more) {
		final Map<String, Object> all = new HashMap<>(Map.of("image", cells(), "source", "green nuclei", "target", "cyan nuclei", "steps", 6, "strength", 1.0));
		all.putAll(more);
		return Commands.run(context, command, all);
	}

	private static CommandModule edit(final Map<String, Object> more) {
		final CommandModule done = module(EditWithMask.class, more);
		assertFalse(done.isCanceled(), () -> done.getCancelReason());
		return done;
	}

	private static CommandModule within(final ImagePlus mask, final String use) {
		return edit(Map.of("maskFrom", "Mask image", "drawnMask", mask, "maskUse", use));
	}

	private static int[] pixels(final CommandModule done) {
		return (int[]) ((ImagePlus) done.getOutput("result")).getProcessor().getPixels();
	}

	private static Provenance info(final CommandModule done) {
		return Provenance.read((ImagePlus) done.getOutput("result")).orElseThrow();
	}

	private static ImagePlus cells() {
		return IJ.createImage("cells", "RGB ramp", EDGE, EDGE, 1);
	}

	/** Half of the image is outside, the rest has a value. */
	private static ImagePlus grey(final int value) {
		final ByteProcessor pixels = new ByteProcessor(EDGE, EDGE);
		pixels.setValue(value);
		pixels.setRoi(EDGE / 2, 0, EDGE / 2, EDGE);
		pixels.fill();
		return new ImagePlus("mask", pixels);
	}

	@Test
	void aGreyMaskChangesByDegrees() {
		final int[] full = pixels(within(grey(102), "Full")), soft = pixels(within(grey(102), "soft")), all = pixels(within(grey(255), "Soft")), before = (int[]) cells().getProcessor().getPixels();
		assertArrayEquals(full, all, "255 is all of the change");
		assertTrue(distance(soft, before) > 0);
		assertTrue(distance(soft, before) < distance(full, before), "less noise keeps more of the image");
		for (int y = 0; y < EDGE; y++) assertEquals(before[y * EDGE + 3], soft[y * EDGE + 3]);
		final FloatProcessor floats = new FloatProcessor(EDGE, EDGE);
		for (int i = 0; i < EDGE * EDGE; i++) floats.setf(i, grey(102).getProcessor().get(i) / 255f);
		assertArrayEquals(soft, pixels(within(new ImagePlus("mask", floats), "Soft")), "32 bits from 0 to 1");
		final Provenance made = info(within(grey(102), "Soft"));
		assertEquals(List.of("Soft", false), List.of(made.get("maskUse").orElseThrow(), made.get(Provenance.MASK).isPresent()), "a packed mask knows no degrees");
	}

	private static double distance(final int[] some, final int[] others) {
		double sum = 0;
		for (int i = 0; i < some.length; i++) sum += Math.abs((some[i] >> 8 & 0xff) - (others[i] >> 8 & 0xff));
		return sum;
	}

	/** A selection has no labels, DDIM no rounds; both would be missed without a word. Defaults that are given are as good as nothing. */
	@Test
	void whatIsGivenWithoutARoleIsTold() {
		final ImagePlus selected = cells();
		selected.setRoi(4, 4, 20, 20);
		final String info = info(edit(Map.of("image", selected, "labelTexts", "1: red rings", "inversionRounds", 5, "planes", "all"))).text();
		assertTrue(info.contains("Given, but without a role beside the other settings: labelTexts, inversionRounds."), info);
		assertFalse(info(edit(Map.of("image", selected, "labelTexts", "", "inversionRounds", 3))).text().contains("without a role"));
	}

	@Test
	void otherValuesAreRefused() {
		final ImagePlus mask = grey(255);
		assertRefused("has 16 bits; a soft mask has 8 (0 to 255) or 32 (0 to 1)", new ImagePlus("mask", mask.getProcessor().convertToShort(false)));
		assertRefused("has the value 255.0; those of a soft mask of 32 bits lie between 0", new ImagePlus("mask", mask.getProcessor().convertToFloat()));
		assertRefused("is 0 everywhere", grey(0));
	}

	private static void assertRefused(final String part, final ImagePlus mask) {
		assertReason(part, Map.of("maskFrom", "Mask image", "drawnMask", mask, "maskUse", "Soft"));
	}

	@Test
	void labelsHaveWordsOfTheirOwn() {
		final ImagePlus labels = grey(7);
		for (int i = 0; i < EDGE * EDGE; i++) if (i % EDGE < EDGE / 4) labels.getProcessor().set(i, 2);
		final Map<String, Object> within = Map.of("maskFrom", "Mask image", "drawnMask", labels, "steps", 2);
		final int[] before = (int[]) cells().getProcessor().getPixels(), plain = pixels(edit(within));
		assertArrayEquals(plain, pixels(edit(with(within, Map.of("labelTexts", " ")))));
		final CommandModule done = edit(with(within, Map.of("labelTexts", "7: red rings; 3: nothing")));
		final int[] own = pixels(done);
		for (int y = 0; y < EDGE; y++) assertEquals(before[y * EDGE + EDGE * 3 / 8], own[y * EDGE + EDGE * 3 / 8], "no label");
		assertTrue(distance(own, plain) > 0);
		assertTrue(done.getOutput(OutputStyle.NOTICES).toString().contains("Label 3 is not in the mask image."));
		assertEquals(List.of("7: red rings; 3: nothing", false), List.of(info(done).get("labelTexts").orElseThrow(), info(done).get(Provenance.MASK).isPresent()), "a packed mask knows no labels");
		assertReason("\"rings\" is not a label with its description", with(within, Map.of("labelTexts", "rings")));
		assertReason("Label 7 is described twice", with(within, Map.of("labelTexts", "7: a; 7: b")));
		assertReason("labels and degrees of change at once", with(within, Map.of("labelTexts", "7: a", "maskUse", "Soft")));
		assertReason("is an RGB image, which has no labels", with(within, Map.of("labelTexts", "7: a", "drawnMask", new ImagePlus("mask", labels.getProcessor().convertToRGB()))));
	}

	/** Numbers between labels belong to none of those that have words of their own. */
	@Test
	void fractionsAreOtherLabels() {
		final FloatProcessor halves = grey(1).getProcessor().convertToFloatProcessor();
		halves.multiply(1.5);
		final Map<String, Object> within = Map.of("maskFrom", "Mask image", "drawnMask", new ImagePlus("mask", halves), "steps", 2);
		final CommandModule done = edit(with(within, Map.of("labelTexts", "1: red rings")));
		assertTrue(done.getOutput(OutputStyle.NOTICES).toString().contains("Label 1 is not in the mask image."));
		assertArrayEquals(pixels(edit(within)), pixels(done));
	}

	private static void assertReason(final String part, final Map<String, Object> inputs) {
		final CommandModule done = module(EditWithMask.class, inputs);
		assertTrue(done.isCanceled() && done.getCancelReason().contains(part), done.getCancelReason());
	}

	@Test
	void theHeatDecidesWhereAMaskIsFound() {
		final Map<String, Object> found = Map.of("maps", 1, "thresholdLevel", 0.1, "maskRefinement", "None");
		final CommandModule full = module(EditImageWithText.class, found), soft = module(EditImageWithText.class, with(found, Map.of("maskUse", "Soft")));
		assertFalse(soft.isCanceled(), soft.getCancelReason());
		assertTrue(distance(pixels(full), pixels(soft)) > 0);
	}

	private static Map<String, Object> with(final Map<String, Object> some, final Map<String, Object> more) {
		final Map<String, Object> all = new HashMap<>(some);
		all.putAll(more);
		return all;
	}

	/** Each edit has the pixels that it has alone, and its label. */
	@Test
	void severalEditsAreCompared() {
		final Map<String, Object> ask = Map.of("maps", 1, "steps", 4, "thresholdRatio", 2.0, "strength", 0.75);
		final String several = "strength: 0.5, 1; target: cyan nuclei | red rings";
		final ImagePlus stack = result(with(ask, Map.of("compare", several, "arrange", "Stack"))), montage = result(with(ask, Map.of("compare", several)));
		assertEquals(List.of("strength 0.5, cyan nuclei", "strength 0.5, red rings", "strength 1.0, cyan nuclei", "strength 1.0, red rings"), IntStream.rangeClosed(1, 4).mapToObj(stack.getStack()::getSliceLabel).toList());
		int edit = 0;
		for (final double strength : new double[] { 0.5, 1 }) {
			for (final String target : List.of("cyan nuclei", "red rings")) {
				final int[] alone = pixels(result(with(ask, Map.of("strength", strength, "target", target))).getProcessor());
				assertArrayEquals(alone, pixels(stack.getStack().getProcessor(edit + 1)), "edit " + edit);
				montage.setRoi(edit % 2 * EDGE, edit / 2 * EDGE, EDGE, EDGE);
				assertArrayEquals(alone, pixels(montage.getProcessor().crop()), "edit " + edit + " of the montage");
				edit++;
			}
		}
		assertEquals(5, montage.getOverlay().size(), "the mask and four labels");
		assertEquals(several, Provenance.read(montage).orElseThrow().get("compare").orElseThrow());
	}

	/** Masks of those that are not shown are told of too. */
	@Test
	void noticesNameTheEdit() {
		final CommandModule done = module(EditImageWithText.class, Map.of("maps", 1, "steps", 2, "compare", "target: cyan nuclei | green nuclei"));
		assertFalse(done.isCanceled(), done.getCancelReason());
		final String notices = done.getOutput(OutputStyle.NOTICES).toString();
		assertTrue(notices.contains("green nuclei: ") && !notices.contains("cyan nuclei: "), notices);
	}

	private static ImagePlus result(final Map<String, Object> inputs) {
		final CommandModule done = module(EditImageWithText.class, inputs);
		assertFalse(done.isCanceled(), done.getCancelReason());
		return (ImagePlus) done.getOutput("result");
	}

	private static int[] pixels(final ImageProcessor pixels) {
		return (int[]) pixels.getPixels();
	}

	@Test
	void whatCannotBeComparedIsRefused() {
		assertUncompared("\"speed: 2\" cannot be compared", "speed: 2");
		assertUncompared("\"0.4\" cannot be compared", "0.4");
		assertUncompared("seed stands in the comparison twice", "seed: 1; seed: 2");
		assertUncompared("There is no description in the comparison", "target: | ");
		assertUncompared("20 edits were asked for; at most 16", "strength: 0.1, 0.2, 0.3, 0.4, 0.5; seed: 1 to 4");
		assertUncompared("20 edits were asked for; at most 16", "target: red rings | red rings; strength: 0.1, 0.10, 0.2, 0.3, 0.4, 0.5; seed: 1 to 4, 2");
		assertUncompared("\"2\" is not an amount of change", "strength: 2");
		final CommandModule stack = module(EditImageWithText.class, Map.of("image", IJ.createImage("cells", "8-bit ramp", EDGE, EDGE, 3), "planes", "all", "compare", "seed: 1, 2"));
		assertTrue(stack.getCancelReason().contains("Several edits of 3 planes cannot be compared at once"), stack.getCancelReason());
	}

	private static void assertUncompared(final String part, final String compare) {
		final CommandModule done = module(EditImageWithText.class, Map.of("compare", compare));
		assertTrue(done.isCanceled() && done.getCancelReason().contains(part), done.getCancelReason());
	}

	/** The mask is that of the form's model, and the pixels are those of Inpaint with the other one. */
	@Test
	void aModelForInpaintingFillsTheMask() {
		final String filler = GoldenCase.model("sd1-inpaint").toString();
		final Map<String, Object> ask = Map.of("model", GoldenCase.model("sd1").toString(), "maps", 1, "steps", 3, "strength", 0.6, "thresholdRatio", 2.0, "labels", true, "options", "inpaintModel: " + filler, "checkEdit", true);
		final CommandModule done = module(EditImageWithText.class, ask);
		assertFalse(done.isCanceled(), done.getCancelReason());
		final CommandModule alone = Commands.run(context, Inpaint.class, Map.of("image", cells(), "maskFrom", "Mask image", "drawnMask", done.getOutput("labelImage"), "prompt", "cyan nuclei",
			"model", filler, "steps", 3, "strength", 1.0));
		assertFalse(alone.isCanceled(), alone.getCancelReason());
		assertArrayEquals(pixels(alone), pixels(done));
		assertTrue(distance(pixels(done), (int[]) cells().getProcessor().getPixels()) > 0);
		assertEquals(64, info(done).get("inpaintModelHash").orElseThrow().length());
		assertTrue(info(done).get("lossRatio").isPresent());
		final CommandModule soft = module(EditImageWithText.class, with(ask, Map.of("maskUse", "Soft")));
		assertTrue(soft.getCancelReason().contains("leave the soft change out"), soft.getCancelReason());
		final CommandModule refined = module(EditImageWithText.class, with(ask, Map.of("options", "inpaintModel: " + filler + "; refiner: " + filler)));
		assertTrue(refined.getCancelReason().contains("leaves nothing to a refiner"), refined.getCancelReason());
	}

	/** The pixels are those of an edit that nobody checks. */
	@Test
	void aCheckTellsTheRatioAndWhatItMeans() {
		final Map<String, Object> within = Map.of("maskFrom", "Mask image", "drawnMask", grey(255), "checkEdit", true);
		final CommandModule checked = edit(within);
		final double ratio = Double.parseDouble(info(checked).get("lossRatio").orElseThrow());
		assertNotEquals(1, ratio);
		assertEquals(ratio > EditCheck.LIMIT, checked.getOutput(OutputStyle.NOTICES).toString().contains("The edit may have failed"));
		final CommandModule plain = edit(with(within, Map.of("checkEdit", false)));
		assertTrue(info(plain).get("lossRatio").isEmpty());
		assertArrayEquals(pixels(plain), pixels(checked));
		final CommandModule swapped = edit(with(within, Map.of("target", "green nuclei")));
		assertEquals("1.0000", info(swapped).get("lossRatio").orElseThrow(), "equal descriptions");
	}
}
