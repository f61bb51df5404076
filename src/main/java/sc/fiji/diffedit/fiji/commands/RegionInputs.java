package sc.fiji.diffedit.fiji.commands;

import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.DoublePredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.scijava.plugin.Parameter;

import ij.ImagePlus;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.ImageEdit;
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.pipelines.EditRegion;
import sc.fiji.diffedit.pipelines.MaskUse;
import sc.fiji.diffedit.pipelines.Prompt;
import sc.fiji.diffedit.tensor.Mask;

/** Descriptions of single labels of a mask image, which are edited in one pass. */
final class RegionInputs extends PromptGroup {

	private static final String INPUT = "labelTexts";
	private static final Pattern PART = Pattern.compile("\\s*([1-9][0-9]{0,8})\\s*:\\s*(\\S.*)");

	@Parameter(label = "Other words for single labels", required = false, persist = false,
		description = "For a mask image of labels: what should be in single ones instead, such as 1: cyan nuclei; 3: red rings. All are edited together.")
	private String labelTexts = "";

	/** @param isMaskImage whether there are labels */
	RegionInputs(final BooleanSupplier isMaskImage) {
		onlyIf(INPUT, isMaskImage);
	}

	@Override
	protected void check() {
		parts();
	}

	/** Whether any label has a description of its own. */
	boolean isUsed() {
		return isNeeded(INPUT) && labelTexts != null && !labelTexts.isBlank();
	}

	/** How many regions there are, with the one of all other labels. */
	int count() {
		return isUsed() ? parts().size() + 1 : 1;
	}

	/** The descriptions by their labels. */
	private Map<Integer, String> parts() {
		final Map<Integer, String> parts = new TreeMap<>();
		if (!isUsed()) return parts;
		for (final String text : labelTexts.split(";")) {
			final Matcher part = PART.matcher(text);
			if (text.isBlank()) continue;
			if (!part.matches()) throw new DiffEditException("\"" + text.strip() + "\" is not a label with its description; write number: description, with semicolons between, such as 1: cyan nuclei; 3: red rings.");
			if (parts.put(Integer.valueOf(part.group(1)), part.group(2).strip()) != null) throw new DiffEditException("Label " + part.group(1) + " is described twice; keep one.");
		}
		return parts;
	}

	/** Only the longest: each is read for itself. */
	@Override
	Map<String, String> texts() {
		return isUsed() ? Map.of(INPUT, parts().values().stream().max(Comparator.comparingInt(String::length)).orElse("")) : Map.of();
	}

	/**
	 * An edit of the regions of the present plane, if there are any: labels without a description of their own are one.
	 *
	 * @param edit into the description of the form
	 * @param image has the labels
	 * @param notices hears of labels that are not there
	 */
	ImageEdit<ImagePlus> on(final ImageEdit<ImagePlus> edit, final MaskedImageInputs image, final PromptSource prompts, final Consumer<String> notices) {
		if (!isUsed()) return edit;
		if (edit.editRequest().maskUse() == MaskUse.SOFT) throw new DiffEditException(
			"Values of the mask image cannot be labels and degrees of change at once; leave the words for single labels empty, or change the mask fully.");
		final ImageProcessor labels = image.labels();
		if (labels instanceof ColorProcessor) throw new DiffEditException("The mask image is an RGB image, which has no labels; choose one of 8, 16 or 32 bits.");
		final Rectangle place = image.place().view().region();
		final Prompt rest = edit.editRequest().prompt().get(0), negative = edit.editRequest().negative().get(0);
		final Map<Integer, String> parts = parts();
		final List<EditRegion> regions = new ArrayList<>();
		parts.forEach((label, text) -> {
			final Mask inside = cropped(labels, place, value -> value == label);
			if (inside.isEmpty()) notices.accept("Label " + label + " is not in the mask image.");
			else regions.add(new EditRegion(inside, prompts.prompt(text), negative));
		});
		final Mask others = cropped(labels, place, value -> value != 0 && !Double.isNaN(value) && parts.keySet().stream().noneMatch(label -> label == value));
		if (!others.isEmpty()) regions.add(new EditRegion(others, rest, negative));
		return edit.inside(regions);
	}

	private static Mask cropped(final ImageProcessor labels, final Rectangle place, final DoublePredicate isInside) {
		final float[] inside = new float[labels.getPixelCount()];
		for (int i = 0; i < inside.length; i++) inside[i] = isInside.test(labels.getf(i)) ? 1 : 0;
		return Masks.cropped(new Mask(labels.getWidth(), labels.getHeight(), inside), place);
	}

	@Override
	protected Provenance addTo(final Provenance made) {
		return made.with(INPUT, isNeeded(INPUT) ? labelTexts : "");
	}
}
