package sc.fiji.diffedit.fiji.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;
import org.scijava.command.CommandService;
import org.scijava.module.Module;

import ij.ImagePlus;
import ij.process.ColorProcessor;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.fiji.batch.BatchFolder;
import sc.fiji.diffedit.fiji.inputs.FormInfo;
import sc.fiji.diffedit.fiji.inputs.PluginCommand;
import sc.fiji.diffedit.fiji.inputs.Warning;
import sc.fiji.diffedit.fiji.repeat.MethodsParagraph;
import sc.fiji.diffedit.fiji.repeat.RepeatFromInfo;
import sc.fiji.diffedit.service.DiffusionModelService;
import sc.fiji.diffedit.service.ExpectedMemory;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.weights.ModelOptions;

/** What a form foresees before a model is loaded. */
class ForesightTest {

	private static final String LONG = "cyan nuclei ".repeat(40) + "red rings";

	private static Context context;

	@BeforeAll
	static void start() {
		context = new Context();
	}

	@AfterAll
	static void end() {
		context.dispose();
	}

	private static Optional<Warning> foresee(final Class<?> command, final Object... values) {
		final Module module = ((FormInfo) context.service(CommandService.class).getCommand(command.getName())).createModule(context);
		if (module.getInfo().getInput("image") != null) module.setInput("image", new ImagePlus("cells", new ColorProcessor(40, 32)));
		for (int i = 0; i < values.length; i += 2) module.setInput((String) values[i], values[i + 1]);
		return ((PluginCommand) module.getDelegateObject()).foresee();
	}

	@Test
	void shortTextsAndSmallImagesAreFine() {
		assertEquals(Optional.empty(), foresee(GenerateMask.class, "source", "green nuclei", "target", "cyan nuclei"));
		assertEquals(Optional.empty(), foresee(TextToImage.class, "prompt", "cyan nuclei"));
	}

	@Test
	void wordsThatFallOutAreNamed() {
		for (final String input : List.of("source", "target", "targetNegative")) assertTooLong(input, foresee(GenerateMask.class, input, LONG));
		assertTooLong("negative", foresee(TextToImage.class, "negative", LONG));
	}

	private static void assertTooLong(final String input, final Optional<Warning> found) {
		assertEquals(input, found.orElseThrow().input());
		final String sentence = found.get().sentence();
		assertTrue(sentence.startsWith("is too long; the model does not read \"") && sentence.endsWith("cyan nuclei red rings\"."), sentence);
		assertTrue(sentence.length() < LONG.length(), "the beginning counts: " + sentence);
	}

	@Test
	void someOptionsReadAllOfALongText() {
		assertEquals(Optional.empty(), foresee(GenerateMask.class, "target", LONG, "options", "longPrompts: yes"));
	}

	@Test
	void sizesAreWholeLatents() {
		assertEquals(new Warning("width", "must be a multiple of 4.", false), foresee(TextToImage.class, "prompt", "nuclei", "width", 130, "height", 3).orElseThrow());
		assertEquals("height", foresee(Inpaint.class, "prompt", "nuclei", "height", 3).orElseThrow().input());
		assertEquals(Optional.empty(), foresee(TextToImage.class, "prompt", "nuclei", "width", 136));
	}

	@Test
	void filesThatAreNotThereAreTold(@TempDir final Path folder) {
		assertEquals(List.of("lora", "word", "model"), Stream.of("lora", "word", "model").map(input -> foresee(GenerateMask.class, input, folder.resolve("gone").toString()).orElseThrow().input()).toList());
		assertTrue(foresee(GenerateMask.class, "model", folder.toString()).orElseThrow().sentence().contains("holds neither model_index.json nor config.json"));
		assertEquals("model", foresee(CaptionImage.class, "model", folder.toString()).orElseThrow().input());
		assertEquals(Optional.empty(), foresee(CaptionImage.class), "nothing is named so far");
		assertEquals("path", foresee(InspectModel.class, "path", folder.resolve("gone").toString()).orElseThrow().input());
		assertEquals("table", foresee(BatchFolder.class, "folder", folder.toString(), "table", folder.resolve("gone.csv").toString()).orElseThrow().input());
		assertEquals("folder", foresee(BatchFolder.class, "folder", folder.resolve("gone").toString()).orElseThrow().input());
	}

	@Test
	void imagesOfOthersAreToldBeforeTheyAreToBeMadeAgain() {
		final ImagePlus other = new ImagePlus("other", new ColorProcessor(4, 4));
		for (final Class<?> command : List.of(RepeatFromInfo.class, MethodsParagraph.class)) {
			assertEquals(Optional.empty(), foresee(command), "nothing is chosen so far");
			final Warning found = foresee(command, "result", other).orElseThrow();
			assertEquals("result", found.input());
			assertTrue(found.isWhole() && found.sentence().startsWith("The info of \"other\" does not tell"), found.sentence());
			assertEquals("file", foresee(command, "result", other, "file", new File("gone.json")).orElseThrow().input());
		}
	}

	@Test
	void aTextThatPlaysNoRoleMayBeLong() {
		final ImagePlus inverted = new ImagePlus("inverted", new ColorProcessor(4, 4));
		assertEquals(Optional.empty(), foresee(EditWithMask.class, "source", LONG, "target", "pears", "inversionFrom", "Inversion image", "inverted", inverted));
	}

	@Test
	void aModelInOneFileHasItsTokenizerInAnotherPlace() {
		final ModelOptions files = ModelOptions.DEFAULTS.withCompanion(GoldenCase.model("sd1"));
		final LoadOptions load = LoadOptions.of(GoldenCase.model("single/sd1.safetensors").toString()).withFiles(files);
		final ExpectedMemory expected = context.service(DiffusionModelService.class).expected(load);
		assertEquals(Optional.of(GoldenCase.model("sd1").resolve("tokenizer").toAbsolutePath()), expected.tokenizer().map(Path::toAbsolutePath));
	}

	@Test
	void aSizeThatDoesNotFitIsSaidOfTheSize() {
		final Warning found = foresee(TextToImage.class, "prompt", "pears", "width", 400_000, "height", 400_000).orElseThrow();
		assertEquals("width", found.input());
		assertTrue(found.sentence().matches("needs about [0-9.]+ .B of memory, and .* are free; a smaller size or memory preset needs less."), found.sentence());
	}
}
