package sc.fiji.diffedit.fiji.commands;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;
import org.scijava.command.Command;
import org.scijava.command.CommandModule;
import org.scijava.module.ModuleInfo;

import ij.IJ;
import ij.ImagePlus;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.inputs.Commands;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.service.Adapters;
import sc.fiji.diffedit.service.DiffusionModelService;
import sc.fiji.diffedit.service.ModelLease;

/** LoRAs in the forms of the commands, and the command that says what a file is. */
class LoraCommandsTest {

	private static final Path MODEL = GoldenCase.model("sd1"), ADAPTERS = GoldenCase.model("adapters");
	private static final Path PEFT = ADAPTERS.resolve("sd1_peft.safetensors"), KOHYA = ADAPTERS.resolve("sd1_kohya.safetensors"),
		WORD = ADAPTERS.resolve("ti_one.safetensors");

	private static Context context;

	@TempDir
	Path folder;

	@BeforeAll
	static void open() {
		context = new Context();
	}

	@AfterAll
	static void close() {
		context.dispose();
	}

	// ---- in the commands

	@Test
	void aLoraChangesTheImageByItsScaleAndStandsInTheInfo() {
		final ImagePlus plain = generated(), adapted = generated("lora", PEFT.toString(), "loraScale", 0.8), none = generated("lora", PEFT.toString(), "loraScale", 0.0);
		assertArrayEquals(generatedInJava(Adapters.NONE.withLora(PEFT, 0.8)), pixels(adapted));
		assertFalse(Arrays.equals(pixels(plain), pixels(adapted)));
		assertFalse(Arrays.equals(pixels(generated("lora", PEFT.toString())), pixels(adapted)), "the scale counts");
		assertArrayEquals(pixels(plain), pixels(none));
		final Provenance info = Provenance.read(adapted).orElseThrow();
		final String line = info.get("adapters").orElseThrow();
		assertTrue(line.matches("LoRA " + java.util.regex.Pattern.quote(PEFT.toAbsolutePath().normalize().toString()) + " hash [0-9a-f]{16} scale 0.8"), line);
		assertTrue(info.get("loraHash").orElseThrow().matches("[0-9a-f]{16}\\*0.8"));
		assertEquals(Optional.empty(), Provenance.read(plain).orElseThrow().get("adapters"));
	}

	@Test
	void aListGivesSeveral() throws IOException {
		final Path list = list(PEFT.toAbsolutePath() + " 0.5", "# with its own strength", "", KOHYA.toAbsolutePath().toString());
		final ImagePlus both = generated("lora", list.toString(), "loraScale", 0.5);
		assertArrayEquals(generatedInJava(Adapters.NONE.withLora(PEFT, 0.25).withLora(KOHYA, 0.5)), pixels(both));
		final String info = Provenance.read(both).orElseThrow().get("adapters").orElseThrow();
		assertTrue(info.matches("LoRA \\S+sd1_peft.safetensors hash \\w+ scale 0.25; LoRA \\S+sd1_kohya.safetensors hash \\w+ scale 0.5"), info);
	}

	@Test
	void everyCommandWithAModelOfTheUsersTakesThem() {
		for (final Class<? extends Command> command : List.of(GenerateMask.class, InvertImage.class, EditWithMask.class, EditImageWithText.class, TextToImage.class,
			ImageToImage.class, Inpaint.class)) {
			final ModuleInfo info = Commands.form(context, command).getInfo();
			assertFalse(info.getInput("lora").isRequired(), command.getName());
			assertEquals(double.class, info.getInput("loraScale").getType());
			final ImagePlus image = IJ.createImage("cells", 16, 16, 1, 24);
			image.setRoi(4, 4, 8, 8); // for commands that work within a mask
			final Map<String, Object> ask = ask("image", image, "source", "a", "target", "b", "prompt", "b", "lora", "nowhere.safetensors");
			ask.keySet().removeIf(key -> info.getInput(key) == null);
			final CommandModule done = module(command, ask);
			assertTrue(done.getCancelReason().startsWith("There is no LoRA file nowhere.safetensors; give the path of a file"), command.getName());
			assertFalse(info.getInput("word").isRequired(), command.getName());
			ask.put("lora", "");
			ask.put("word", "nowhere.pt");
			assertTrue(module(command, ask).getCancelReason().startsWith("There is no textual inversion file nowhere.pt"), command.getName());
		}
	}

	@Test
	void anInversionWithALoraIsAnotherAndServesNoOtherModel() {
		final ImagePlus image = IJ.createImage("cells", "RGB ramp", 16, 16, 1);
		final Map<String, Object> ask = ask("image", image, "source", "cells");
		final ImagePlus plain = (ImagePlus) done(InvertImage.class, ask).getOutput("inversion");
		ask.put("lora", PEFT.toString());
		final ImagePlus adapted = (ImagePlus) done(InvertImage.class, ask).getOutput("inversion");
		assertFalse(Arrays.deepEquals(plain.getStack().getImageArray(), adapted.getStack().getImageArray()));
		image.setRoi(4, 4, 8, 8);
		final Map<String, Object> edit = ask("image", image, "inversionFrom", "Inversion image", "inverted", adapted, "target", "bowls", "lora", PEFT.toString());
		done(EditWithMask.class, edit);
		edit.put("word", WORD.toString());
		done(EditWithMask.class, edit);
		edit.remove("word");
		edit.put("loraScale", 0.5);
		assertSays("was made with other LoRAs", EditWithMask.class, edit);
		edit.put("loraScale", 1.0);
		edit.put("lora", KOHYA.toString());
		assertSays("scale 1.0); choose the same ones with the same scales, or invert the image again.", EditWithMask.class, edit);
		edit.put("lora", "");
		assertSays("sd1_peft.safetensors", EditWithMask.class, edit);
		edit.put("inverted", plain);
		done(EditWithMask.class, edit);
		edit.put("lora", PEFT.toString());
		assertSays("other LoRAs (none)", EditWithMask.class, edit);
		edit.put("lora", "");
		edit.put("model", "demo");
		assertSays("another model than demo", EditWithMask.class, edit);
	}

	private static void assertSays(final String part, final Class<? extends Command> command, final Map<String, Object> ask) {
		final CommandModule done = module(command, ask);
		assertTrue(done.isCanceled(), part);
		assertTrue(done.getCancelReason().contains(part) && done.getCancelReason().endsWith("."), done.getCancelReason());
	}

	@Test
	void aLearnedWordChangesWhatAPromptMeansAndStandsInTheInfo() throws IOException {
		final ImagePlus plain = generated("prompt", "a <thing>"), taught = generated("prompt", "a <thing>", "word", WORD.toString());
		assertFalse(Arrays.equals(pixels(plain), pixels(taught)));
		assertArrayEquals(pixels(generated()), pixels(generated("word", WORD.toString())), "other prompts mean what they meant");
		final String info = Provenance.read(taught).orElseThrow().get("adapters").orElseThrow();
		assertTrue(info.matches("textual inversion \\S+ti_one.safetensors hash [0-9a-f]{16}"), info);
		final Path list = list(WORD.toAbsolutePath() + " <other>", "# and one under its own name", ADAPTERS.resolve("ti_many.safetensors").toAbsolutePath().toString());
		final ImagePlus renamed = generated("prompt", "a <other>", "word", list.toString());
		assertArrayEquals(pixels(taught), pixels(renamed));
		assertTrue(Provenance.read(renamed).orElseThrow().get("adapters").orElseThrow().contains(" as <other>; textual inversion "));
	}

	@Test
	void wordsThatClashOrAreNotThereAreTold() throws IOException {
		assertSays("knows the word '<same>' already", TextToImage.class, textToImage("word",
			list(WORD.toAbsolutePath() + " <same>", ADAPTERS.resolve("ti_a1111.safetensors").toAbsolutePath() + " <same>").toString()));
		assertSays("names " + WORD.toAbsolutePath() + " twice", TextToImage.class,
			textToImage("word", list(WORD.toAbsolutePath().toString(), WORD.toAbsolutePath() + " <x>").toString()));
		assertSays("lists no textual inversion", TextToImage.class, textToImage("word", list("# nothing").toString()));
		assertSays("There is no textual inversion file nowhere", TextToImage.class, textToImage("word", list("nowhere <x>").toString()));
	}

	@Test
	void aLoraOfAnotherFamilyEndsTheCommandWithASentence() {
		final Map<String, Object> ask = textToImage("lora", ADAPTERS.resolve("sdxl_peft.safetensors").toString());
		final CommandModule done = module(TextToImage.class, ask);
		assertTrue(done.isCanceled());
		assertTrue(done.getCancelReason().contains("sdxl_peft.safetensors"), done.getCancelReason());
	}

	// ---- as text

	@Test
	void pathsInListsMayHaveBlanksAndBeginAtTheList() throws IOException {
		final Path one = Files.copy(PEFT, folder.resolve("my lora.safetensors")), two = Files.copy(PEFT, folder.resolve("v 2"));
		assertEquals(Map.of(one, 1.0, folder.resolve("b"), -0.5), Loras.of(list("my lora.safetensors", Files.copy(PEFT, folder.resolve("b")).getFileName() + "\t-.5").toString(), 1).loras());
		assertEquals(Map.of(two, 1.4), Loras.of(list("v 2 0.7").toString(), 2).loras());
		assertEquals(Adapters.NONE, Loras.of("  ", 0.3));
	}

	@Test
	void whatCannotBeMeantIsTold() throws IOException {
		assertRefused("loraScale is NaN", PEFT.toString(), Double.NaN);
		assertRefused("There is no LoRA file nowhere", list("nowhere 1").toString(), 1);
		assertRefused("twice", list(PEFT.toAbsolutePath() + " 1", PEFT.toAbsolutePath() + " 2").toString(), 1);
		assertRefused("lists no LoRA", list("# nothing").toString(), 1);
		assertRefused("not the path of a file", "a\0b", 1);
		assertRefused("too many for a list", list("x".repeat(100_001)).toString(), 1);
		assertRefused("is no text in UTF-8", Files.write(folder.resolve("list.txt"), new byte[] { (byte) 0xff, (byte) 0xfe }).toString(), 1);
	}

	private static void assertRefused(final String part, final String lora, final double scale) {
		final String message = assertThrows(DiffEditException.class, () -> Loras.of(lora, scale)).getMessage();
		assertTrue(message.contains(part) && message.endsWith("."), message);
	}

	// ---- what a file is

	@Test
	void modelsAndFilesAreInspected() {
		final String model = inspected(MODEL.toString()), lora = inspected(PEFT.toString());
		assertTrue(model.contains("model folder") && model.contains("\nunet: ") && model.contains("\nserves: DiffEdit"), model);
		assertTrue(lora.contains(": LoRA of rank "), lora);
	}

	@Test
	void whatCannotBeInspectedIsTold() throws IOException {
		final Path text = Files.writeString(folder.resolve("text.safetensors"), "no weights");
		for (final String path : List.of("", "nowhere", text.toString())) {
			final CommandModule done = module(InspectModel.class, Map.of("path", path));
			assertTrue(done.isCanceled(), path);
			assertTrue(done.getCancelReason().endsWith("."), done.getCancelReason());
		}
	}

	private static String inspected(final String path) {
		return (String) done(InspectModel.class, Map.of("path", path)).getOutput("report");
	}

	// ---- helpers

	private Path list(final String... lines) throws IOException {
		return Files.write(folder.resolve("loras.txt"), List.of(lines));
	}

	private static ImagePlus generated(final Object... more) {
		return (ImagePlus) done(TextToImage.class, textToImage(more)).getOutput("result");
	}

	private static Map<String, Object> textToImage(final Object... more) {
		final Map<String, Object> ask = new HashMap<>(Map.of("width", 16, "height", 16, "prompt", "a red bowl"));
		ask.putAll(ask(more));
		return ask;
	}

	private static int[] generatedInJava(final Adapters adapters) {
		try (ModelLease lease = context.service(DiffusionModelService.class).borrow(MODEL.toString())) {
			lease.setAdapters(adapters);
			final TextToImageRequest request = TextToImageRequest.of("a red bowl").withWidth(16).withHeight(16).withNumInferenceSteps(2);
			return Arrays.stream(lease.textToImage(request, StepListener.NONE).image().toRgb()).map(rgb -> rgb | 0xff000000).toArray();
		}
	}

	private static int[] pixels(final ImagePlus image) {
		return (int[]) image.getProcessor().getPixels();
	}

	private static Map<String, Object> ask(final Object... pairs) {
		final Map<String, Object> ask = new HashMap<>(Map.of("model", MODEL.toString(), "steps", 2));
		for (int i = 0; i < pairs.length; i += 2) ask.put((String) pairs[i], pairs[i + 1]);
		return ask;
	}

	private static CommandModule done(final Class<? extends Command> command, final Map<String, Object> ask) {
		final CommandModule done = module(command, ask);
		assertFalse(done.isCanceled(), () -> done.getCancelReason());
		return done;
	}

	private static CommandModule module(final Class<? extends Command> command, final Map<String, Object> ask) {
		return Commands.run(context, command, ask);
	}
}
