package sc.fiji.diffedit.fiji.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.ItemVisibility;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;
import org.scijava.module.ModuleItem;
import org.scijava.service.Service;

import sc.fiji.diffedit.fiji.commands.GenerateMask;

/** Labels are in a biologist's words; each tool tip tells the effect, and what diffusers or transformers call it if they know such a thing. */
class DiffusersNamesTest {

	private static final String FIJI = "of images in ImageJ", HEAT = "of this plugin's heat map", MASK = "of masks, after they were found", OBJECTS = "of objects", TABLES = "of measurements",
		SHOWN = "of what is shown", MODELS = "of models in memory or folders", TILES = "of a whole run in tiles; diffusers has those of the autoencoder";
	/** Inputs that diffusers knows nothing like, and what they are of. */
	private static final Map<String, String> WITHOUT = new HashMap<>();

	static {
		for (final String input : new String[] { "planes", "channels", "workOn", "intensity", "stackFolder" }) WITHOUT.put(input, FIJI);
		for (final String input : new String[] { "heatFrom", "untilStable", "maskRefinement", "threshold", "thresholdLevel", "smoothMap" }) WITHOUT.put(input, HEAT);
		for (final String input : new String[] { "smooth", "holes", "smallest", "grow", "corners", "feather" }) WITHOUT.put(input, MASK);
		for (final String input : new String[] { "objects", "segmentation", "labelTexts" }) WITHOUT.put(input, OBJECTS);
		for (final String input : new String[] { "after", "csv", "reference", "referenceFrom" }) WITHOUT.put(input, TABLES);
		for (final String input : new String[] { "show", "labels", "heatMap", "arrange", "notices", "compare", "checkEdit", "sample" }) WITHOUT.put(input, SHOWN);
		for (final String input : new String[] { "folders", "path", "unload", "idleMinutes", "resultCache", "clear", "download" }) WITHOUT.put(input, MODELS);
		for (final String input : new String[] { "tile", "overlap" }) WITHOUT.put(input, TILES);
		WITHOUT.put("inversionRounds", "of inversions that diffusers' DiffEdit does not have");
		WITHOUT.put("preset", "of this plugin's presets");
		WITHOUT.put("concept", "a word within the text that T5 is given");
	}

	/** Each input of a form once. */
	private static Map<String, ModuleItem<?>> inputs() {
		final Map<String, ModuleItem<?>> inputs = new TreeMap<>();
		try (Context context = new Context()) {
			for (final CommandInfo command : context.service(CommandService.class).getCommands()) {
				if (!command.getClassName().startsWith(GenerateMask.class.getPackageName() + ".")) continue;
				for (final ModuleItem<?> input : command.inputs()) if (isField(input)) inputs.put(input.getName(), input);
			}
		}
		return inputs;
	}

	private static boolean isField(final ModuleItem<?> input) {
		return input.getVisibility() == ItemVisibility.NORMAL && input.getType() != Context.class && !Service.class.isAssignableFrom(input.getType());
	}

	@Test
	void everyInputHasANameInDiffusersOrAReasonForNone() {
		final TreeSet<String> known = new TreeSet<>(WITHOUT.keySet());
		assertFalse(known.stream().anyMatch(DiffusersNames.NAMES::containsKey), "an input has a name, or none");
		known.addAll(DiffusersNames.NAMES.keySet());
		assertEquals(inputs().keySet(), known);
	}

	@Test
	void toolTipsTellEffectAndName() {
		inputs().forEach((name, input) -> {
			final String tip = Help.tip(input);
			if (DiffusersNames.NAMES.containsKey(name)) assertTrue(tip.contains("in diffusers: " + DiffusersNames.of(name)), tip);
			assertTrue(name.equals("image") || !input.getDescription().isBlank(), name + " tells no effect");
		});
		assertTrue(Help.tip(inputs().get("maps")).contains("num_maps_per_mask"));
	}
}
