package sc.fiji.diffedit.fiji.repeat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.command.Command;
import org.scijava.command.CommandModule;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.OvalRoi;

import sc.fiji.diffedit.fiji.PixelHash;
import sc.fiji.diffedit.fiji.commands.EditImageWithText;
import sc.fiji.diffedit.fiji.commands.GenerateMask;
import sc.fiji.diffedit.fiji.commands.ImageToImage;
import sc.fiji.diffedit.fiji.commands.InvertImage;
import sc.fiji.diffedit.fiji.commands.TextToImage;
import sc.fiji.diffedit.fiji.inputs.Commands;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.service.DemoModel;
import sc.fiji.diffedit.service.DiffusionModelService;
import sc.fiji.diffedit.service.ModelLease;

/** What gives the same bits on one machine; a line of the page on trust for each test. */
class SameBitsTest {

	private static final int EDGE = 64;
	private static final List<Class<? extends Command>> ALL = List.of(GenerateMask.class, InvertImage.class, EditImageWithText.class, ImageToImage.class, TextToImage.class);

	/** A context with a service that computes everything anew. */
	private static Context fresh() {
		final Context context = new Context();
		context.service(DiffusionModelService.class).results().setLimit(0);
		return context;
	}

	private static ImagePlus cells() {
		final ImagePlus image = IJ.createImage("cells", "RGB black", EDGE, EDGE, 1);
		image.getProcessor().setColor(0x00a000);
		image.getProcessor().fill(new OvalRoi(10, 14, 30, 24));
		return image;
	}

	/** Hashes of all images that a command makes. */
	private static List<String> hashes(final Context context, final Class<? extends Command> command) {
		final Map<String, Object> answers = new HashMap<>(Map.of("image", cells(), "steps", 3, "maps", 2, "width", EDGE, "height", EDGE, "source", "green nuclei", "target",
			"cyan nuclei", "prompt", "a cell", "seed", 5L, "thresholdRatio", 1.0));
		answers.keySet().removeIf(name -> Commands.form(context, command).getInfo().getInput(name) == null);
		final CommandModule done = Commands.run(context, command, answers);
		assertFalse(done.isCanceled(), done.getCancelReason());
		final List<String> hashes = new ArrayList<>();
		done.getInfo().outputs().forEach(output -> {
			if (done.getOutput(output.getName()) instanceof ImagePlus made) hashes.add(PixelHash.of(made, 1, 1));
		});
		assertFalse(hashes.isEmpty());
		return hashes;
	}

	private static Map<String, List<String>> inOrder(final List<Class<? extends Command>> order) {
		final Map<String, List<String>> hashes = new LinkedHashMap<>();
		try (Context context = fresh()) {
			for (final Class<? extends Command> command : order) hashes.put(command.getSimpleName(), hashes(context, command));
		}
		return hashes;
	}

	@Test
	void theOrderOfCommandsAndWhatRanBeforeChangeNothing() {
		final Map<String, List<String>> hashes = inOrder(ALL);
		final List<Class<? extends Command>> backwards = new ArrayList<>(ALL);
		Collections.reverse(backwards);
		assertEquals(hashes, inOrder(backwards));
		assertNotEquals(hashes.get("TextToImage"), hashes.get("ImageToImage"));
	}

	@Test
	void aCommandMakesWhatTheInterfaceForProgramsMakes() {
		try (Context context = fresh(); ModelLease lease = context.service(DiffusionModelService.class).borrow(DemoModel.NAME)) {
			final CommandModule done = Commands.run(context, TextToImage.class, new HashMap<>(Map.of("prompt", "a cell", "steps", 3, "width", EDGE, "height", EDGE, "seed", 5L)));
			assertFalse(done.isCanceled(), done.getCancelReason());
			final TextToImageRequest ask = TextToImageRequest.of("a cell").withWidth(EDGE).withHeight(EDGE).withNumInferenceSteps(3).withSeed(5);
			final int[] pixels = lease.textToImage(ask, StepListener.NONE).images().get(0).toRgb();
			assertArrayEquals(pixels, Arrays.stream((int[]) ((ImagePlus) done.getOutput("result")).getProcessor().getPixels()).map(pixel -> pixel & 0xffffff).toArray());
		}
	}

	@Test
	void threadsThatShareAModelDisturbNobody() throws Exception {
		try (Context context = fresh(); ModelLease lease = context.service(DiffusionModelService.class).borrow(DemoModel.NAME)) {
			final List<String> serial = List.of(picture(lease, 1), picture(lease, 2), picture(lease, 3));
			final ExecutorService pool = Executors.newFixedThreadPool(3);
			final List<CompletableFuture<String>> atOnce = new ArrayList<>();
			for (int i = 0; i < 6; i++) {
				final int seed = 1 + i % 3;
				atOnce.add(CompletableFuture.supplyAsync(() -> picture(lease, seed), pool));
			}
			for (int i = 0; i < 6; i++) assertEquals(serial.get(i % 3), atOnce.get(i).get());
			pool.shutdown();
		}
	}

	private static String picture(final ModelLease lease, final long seed) {
		final TextToImageRequest ask = TextToImageRequest.of("a cell").withWidth(EDGE).withHeight(EDGE).withNumInferenceSteps(2).withSeed(seed);
		return Arrays.toString(lease.textToImage(ask, StepListener.NONE).images().get(0).values());
	}
}
