package sc.fiji.diffedit.fiji.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scijava.Context;
import org.scijava.ItemVisibility;
import org.scijava.command.CommandModule;
import org.scijava.module.ModuleItem;

import ij.IJ;
import ij.ImagePlus;

import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.inputs.Commands;

/** The info of a result tells of every input of the form that matters for it. */
class InfosTest {

	/** Told of in other words, or no matter: the run tells of adapters by their hashes, and of images by their titles under other keys, and of a preset by its values; and of numbers and images of choices that were not made nothing. */
	private static final Set<String> OTHERWISE = Set.of("lora", "loraScale", "word", "preset", "preview", "drawnMask", "inverted", "thresholdRatio", "segmentation", "inversionRounds", "cacheBranch");
	private static final Set<String> TEXTS = Set.of("negative", "sourceNegative", "targetNegative", "source", "target", "prompt", "labelTexts");

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
	void theThresholdThatCountsIsInTheInfo() {
		final ImagePlus image = IJ.createImage("cells", "RGB ramp", 16, 16, 1);
		final CommandModule done = Commands.run(context, GenerateMask.class, Map.of("image", image, "source", "a nucleus", "target", "a cell", "steps", 2, "maps", 1, "threshold", "Ratio", "thresholdRatio", 2.0));
		assertFalse(done.isCanceled(), done.getCancelReason());
		assertEquals(Optional.of("2.0"), info(done).get("thresholdRatio"));
		assertEquals(Optional.empty(), info(done).get("thresholdLevel"));
	}

	@ParameterizedTest
	@ValueSource(classes = { GenerateMask.class, InvertImage.class, EditWithMask.class, EditImageWithText.class, TextToImage.class, ImageToImage.class, Inpaint.class })
	void everyInputIsInTheInfo(final Class<? extends ModelCommand> command) {
		final CommandModule form = Commands.form(context, command);
		final Map<String, Object> answers = new HashMap<>(Map.of("steps", 2, "maps", 1, "width", 16, "height", 16,
			"source", "a nucleus", "target", "a cell", "prompt", "a cell"));
		final ImagePlus image = IJ.createImage("cells", "RGB ramp", 16, 16, 1);
		image.setRoi(4, 4, 8, 8);
		answers.put("image", image);
		answers.keySet().removeIf(name -> form.getInfo().getInput(name) == null);
		final CommandModule done = Commands.run(context, command, answers);
		assertFalse(done.isCanceled(), done.getCancelReason());
		final List<String> keys = new ArrayList<>(info(done).entries().keySet()), order = new ArrayList<>();
		for (final ModuleItem<?> input : form.getInfo().inputs()) {
			final boolean shown = input.getVisibility() == ItemVisibility.NORMAL && !input.getLabel().isEmpty() && !OTHERWISE.contains(input.getName());
			if (shown) assertTrue(keys.contains(input.getName()), input.getName() + " is not in " + keys);
		}
		keys.forEach(key -> {
			if (form.getInfo().getInput(key) != null) order.add(key);
		});
		final List<String> texts = order.stream().filter(TEXTS::contains).toList();
		assertEquals(texts, order.subList(order.size() - texts.size(), order.size()), "free texts come last");
	}

	private static Provenance info(final CommandModule done) {
		for (final String output : List.of("result", "labelImage", "inversion")) {
			if (done.getOutput(output) instanceof ImagePlus image) return Provenance.read(image).orElseThrow();
		}
		throw new AssertionError("no image");
	}
}
