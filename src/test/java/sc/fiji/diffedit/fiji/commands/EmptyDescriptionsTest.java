package sc.fiji.diffedit.fiji.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scijava.Context;
import org.scijava.command.Command;
import org.scijava.command.CommandModule;

import ij.ImagePlus;
import ij.process.ColorProcessor;

import sc.fiji.diffedit.fiji.inputs.Commands;
import sc.fiji.diffedit.service.DiffusionModelService;

/** Enter on a form in which nothing has been written: a sentence, and no model is loaded for it. */
class EmptyDescriptionsTest {

	private static Context context;

	@BeforeAll
	static void start() {
		context = new Context();
	}

	@AfterAll
	static void end() {
		context.dispose();
	}

	@ParameterizedTest
	@CsvSource({ "GenerateMask, Target, target", "EditImageWithText, Target, target", "EditWithMask, Target, target",
		"TextToImage, Prompt, prompt", "ImageToImage, Prompt, prompt", "Inpaint, Prompt, prompt" })
	void nothingIsRunTowardsNothing(final String name, final String label, final String key) throws Exception {
		final Class<? extends Command> command = Class.forName(getClass().getPackageName() + "." + name).asSubclass(Command.class);
		final ImagePlus image = new ImagePlus("cells", new ColorProcessor(16, 16));
		final Object[] answers = name.equals("TextToImage") ? new Object[] { key, "  " } : new Object[] { "image", image, key, "  " };
		final CommandModule done = Commands.run(context, command, answers);
		assertTrue(done.isCanceled());
		assertEquals(label + " is empty; say in it what should be in the image (" + key + "=[...] in macros).", done.getCancelReason());
		assertEquals(0, context.service(DiffusionModelService.class).inMemory().size());
	}
}
