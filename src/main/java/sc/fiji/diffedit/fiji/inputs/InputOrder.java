package sc.fiji.diffedit.fiji.inputs;

import java.util.Comparator;
import java.util.List;

import org.scijava.module.ModuleItem;

/** The common order of inputs in all forms. Each input of a form with input groups must be listed here. */
final class InputOrder {

	private static final List<String> NAMES = List.of(
		// what, and towards what
		"sample", "image", "after", "prompt", "source", "target", "labelTexts", "negative", "sourceNegative", "targetNegative",
		// where
		"workOn", "planes", "maskFrom", "drawnMask", "referenceFrom", "reference", "inversionFrom", "inverted", "blur", "crop", "margin", "width", "height",
		// how many, and how
		"count", "compare", "arrange", "words", "beams", "temperature", "best", "maps", "untilStable", "noise", "heatFrom", "maskRefinement", "threshold", "thresholdLevel", "thresholdRatio", "objects", "segmentation", "steps", "strength", "inversion", "inversionRounds", "guidance",
		"guidanceStart", "guidanceStop", "cacheInterval", "cacheBranch", "guidanceRescale", "eta", "clipSkip", "seed", "preset", "maskUse", "feather", "checkEdit", "intensity", "smoothMap", "smooth", "holes", "smallest", "grow",
		// what is shown
		"show", "labels", "corners", "heatMap", "preview", "stackFolder", "csv",
		// with which model; texts that may be long come last
		"loraScale", "memory", "tile", "overlap", "expected", "channels", "model", "lora", "word", "options", "beginning", "concept", "selection");

	private InputOrder() {}

	/**
	 * The inputs in order; services come first.
	 *
	 * @throws IllegalStateException if an input is not in the list
	 */
	static List<ModuleItem<?>> sorted(final List<ModuleItem<?>> inputs) {
		return inputs.stream().sorted(Comparator.comparingInt(InputOrder::place)).toList();
	}

	private static int place(final ModuleItem<?> input) {
		if (FormInfo.isEnvironment(input)) return -1;
		final int place = NAMES.indexOf(input.getName());
		if (place < 0) throw new IllegalStateException("The input " + input.getName() + " has no place in InputOrder.");
		return place;
	}
}
