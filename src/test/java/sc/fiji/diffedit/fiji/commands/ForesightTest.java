package sc.fiji.diffedit.fiji.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.command.CommandService;
import org.scijava.module.Module;

import ij.ImagePlus;
import ij.process.ColorProcessor;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.fiji.inputs.FormInfo;
import sc.fiji.diffedit.fiji.inputs.PluginCommand;
import sc.fiji.diffedit.fiji.inputs.Warning;
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
		assertEquals(Optional.empty(), foresee(GenerateMask.class, "target", LONG, "options", "longPrompts: true"));
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
