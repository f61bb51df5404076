package sc.fiji.diffedit.fiji.commands;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.command.CommandModule;

import ij.ImagePlus;
import ij.gui.Roi;
import ij.process.ColorProcessor;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.fiji.ImageEdit;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.inputs.Commands;
import sc.fiji.diffedit.service.DiffusionModelService;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.service.ModelLease;

/** The option fast of forms: recipes for models of few steps. */
class FastCommandsTest {

	private static Context context;

	@BeforeAll
	static void open() {
		context = new Context();
	}

	@AfterAll
	static void close() {
		context.dispose();
	}

	@Test
	void theRecipesNumbersAreInTheResultsInfoAndOwnOnesWin() {
		final Provenance made = made(run(TextToImage.class, "width", 16, "height", 16, "prompt", "green nuclei", "options", "fast: lcm"));
		assertEquals("4", made.get("steps").orElseThrow());
		assertEquals("1.0", made.get("guidance").orElseThrow());
		assertEquals("lcm with LCMScheduler", made.get("recipe").orElseThrow());
		assertTrue(made.get("notices").orElseThrow().contains("add the LoRA of lcm"), "the demo model is no LCM");
		final Provenance own = made(run(TextToImage.class, "width", 16, "height", 16, "prompt", "green nuclei", "steps", 2, "guidance", 3.0, "options", "fast: turbo"));
		assertEquals("2", own.get("steps").orElseThrow());
		assertEquals("3.0", own.get("guidance").orElseThrow());
	}

	/** What is told makes the same image again: numbers that were the recipe's count as own ones then. */
	@Test
	void theNumbersOfAnInfoMakeTheSameImageAgain() {
		final Object[] ask = { "width", 16, "height", 16, "prompt", "green nuclei", "seed", 7L, "options", "fast: tcd" };
		final Object[] again = Arrays.copyOf(ask, ask.length + 6);
		final CommandModule first = run(TextToImage.class, ask);
		assertEquals("0.3", made(first).get("eta").orElseThrow());
		System.arraycopy(new Object[] { "steps", 4, "guidance", 1.0, "eta", 0.3 }, 0, again, ask.length, 6);
		assertArrayEquals(pixels(first), pixels(run(TextToImage.class, again)));
		final Object[] other = Arrays.copyOf(ask, ask.length);
		other[other.length - 1] = "fast: tcd; scheduler: DDIMScheduler";
		assertFalse(Arrays.equals(pixels(run(TextToImage.class, ask)), pixels(run(TextToImage.class, other))), "a scheduler that is named wins");
	}

	private static int[] pixels(final CommandModule done) {
		return (int[]) ((ImagePlus) done.getOutput("result")).getProcessor().getPixels();
	}

	/** The mask, which would take long, is not even begun. */
	@Test
	void anEditByADistilledModelIsRefusedAtOnce() {
		final ImagePlus image = new ImagePlus("cells", new ColorProcessor(24, 24));
		final String unet = GoldenCase.model("sd1-lcm").resolve("unet").toString();
		final List<Integer> steps = new ArrayList<>();
		final LoadOptions sd1 = LoadOptions.of(GoldenCase.model("sd1").toString());
		try (ModelLease lease = context.service(DiffusionModelService.class).borrow(sd1.withFiles(sd1.files().withPart("unet", Path.of(unet))))) {
			final ImageEdit<ImagePlus> edit = ImageEdit.of(image).from("green nuclei").to("cyan nuclei");
			assertTrue(assertThrows(DiffEditException.class, () -> edit.run(lease, step -> steps.add(step.index()))).getMessage().contains("distilled to a few steps"));
		}
		assertEquals(List.of(), steps);
	}

	@Test
	void imagesAreChangedFilledAndComparedWithIt() {
		final ImagePlus image = new ImagePlus("cells", new ColorProcessor(24, 24));
		image.setRoi(new Roi(4, 4, 10, 10));
		assertEquals("4", made(run(ImageToImage.class, "image", image, "prompt", "cyan nuclei", "options", "fast: tcd")).get("steps").orElseThrow());
		assertEquals("2", made(run(Inpaint.class, "image", image, "prompt", "cyan nuclei", "strength", 0.5, "options", "fast: turbo")).get("steps").orElseThrow());
		image.deleteRoi();
		assertFalse(run(GenerateMask.class, "image", image, "source", "green nuclei", "target", "cyan nuclei", "maps", 1, "options", "fast: hyper-sd").isCanceled());
	}

	@Test
	void whatCannotBeIsSaidInASentence() {
		final ImagePlus image = new ImagePlus("cells", new ColorProcessor(24, 24));
		refused("Find the mask with Generate Mask and fill it with Inpaint", EditImageWithText.class, "image", image, "source", "green nuclei", "target", "cyan nuclei", "options", "fast: lcm");
		refused("cannot be walked back", InvertImage.class, "image", image, "source", "green nuclei", "options", "fast: lcm");
		refused("there are lcm, tcd, hyper-sd, lightning, turbo", TextToImage.class, "prompt", "green nuclei", "options", "fast: quick");
		refused("leave one of the two out", TextToImage.class, "prompt", "green nuclei", "options", "fast: lcm; refiner: demo");
	}

	private static Provenance made(final CommandModule done) {
		return Provenance.read((ImagePlus) done.getOutput("result")).orElseThrow();
	}

	private static CommandModule run(final Class<? extends StoppableCommand> command, final Object... inputs) {
		final CommandModule done = module(command, inputs);
		assertFalse(done.isCanceled(), () -> done.getCancelReason());
		return done;
	}

	private static void refused(final String part, final Class<? extends StoppableCommand> command, final Object... inputs) {
		final CommandModule done = module(command, inputs);
		assertTrue(done.isCanceled(), part);
		assertTrue(done.getCancelReason().contains(part), done.getCancelReason());
	}

	private static CommandModule module(final Class<? extends StoppableCommand> command, final Object... inputs) {
		final Map<String, Object> all = new HashMap<>(Map.of("model", "demo"));
		for (int i = 0; i < inputs.length; i += 2) all.put((String) inputs[i], inputs[i + 1]);
		return Commands.run(context, command, all);
	}
}
