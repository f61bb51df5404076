package sc.fiji.diffedit.fiji.commands;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.scijava.plugin.Parameter;

import ij.ImagePlus;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.EditSweep;
import sc.fiji.diffedit.fiji.ImageEdit;
import sc.fiji.diffedit.fiji.SeveralValues;
import sc.fiji.diffedit.pipelines.InpaintRequest;
import sc.fiji.diffedit.pipelines.StepListener;

/** Several edits at once, to compare amounts of change, seeds or descriptions. */
final class CompareInputs extends ArrangeInput {

	private static final String STRENGTH = "strength", SEED = "seed", TARGET = "target";

	@Parameter(label = "Compare several", required = false, persist = false,
		description = "Several edits side by side, such as: strength: 0.4, 0.6, 0.8; seed: 1 to 3; target: cyan nuclei | red nuclei. What they share is computed once.", callback = MemoryLine.CHANGED)
	private String compare = "";

	private final ImageInputs image;

	/** @param image that is edited */
	CompareInputs(final ImageInputs image) {
		super(MONTAGE);
		this.image = image;
		onlyIf("arrange", this::isUsed);
	}

	@Override
	protected void check() {
		super.check();
		parts();
		if (isUsed() && image.count() > 1) throw new DiffEditException("Several edits of " + Counted.of(image.count(), "plane") + " cannot be compared at once; choose one plane, or leave the comparison out.");
	}

	boolean isUsed() {
		return compare != null && !compare.isBlank();
	}

	/** How many edits there are. */
	int count() {
		int count = 1;
		for (final List<String> values : parts().values()) count *= values.size();
		return count;
	}

	/** What is compared, by its key, in the order in which it is written. */
	private Map<String, List<String>> parts() {
		final Map<String, List<String>> parts = new LinkedHashMap<>();
		if (!isUsed()) return parts;
		for (final String part : compare.split(";")) {
			final String[] both = part.split(":", 2);
			final String key = both[0].strip().toLowerCase(Locale.ROOT);
			if (both.length < 2 || !List.of(STRENGTH, SEED, TARGET).contains(key)) throw new DiffEditException("\"" + part.strip()
				+ "\" cannot be compared; write strength: numbers, seed: numbers or target: descriptions with | between, and semicolons between these.");
			if (parts.put(key, values(key, both[1])) != null) throw new DiffEditException(key + " stands in the comparison twice; write all of its values behind one.");
		}
		int count = 1;
		for (final List<String> values : parts.values()) SeveralValues.requireFew(count *= values.size());
		return parts;
	}

	private static List<String> values(final String key, final String text) {
		final List<String> values = new ArrayList<>();
		if (key.equals(STRENGTH)) SeveralValues.strengths(text).forEach(value -> values.add(value.toString()));
		else if (key.equals(SEED)) SeveralValues.seeds(text).forEach(value -> values.add(value.toString()));
		else Arrays.stream(text.split("\\|")).map(String::strip).filter(target -> !target.isEmpty()).distinct().forEach(values::add);
		if (values.isEmpty()) throw new DiffEditException("There is no description in the comparison; write one or several, such as target: cyan nuclei | red nuclei.");
		return values;
	}

	/**
	 * Makes the edits.
	 *
	 * @param edit with all answers but these
	 * @param fill how another model fills the mask, if there is one
	 * @return each with the words that set it apart; one alone, without any, if nothing is compared
	 */
	Map<String, ImageEdit.Result<ImagePlus>> run(final ImageEdit<ImagePlus> edit, final PromptSource prompts, final BorrowedModel model, final InpaintRequest fill, final StepListener listener) {
		final Map<String, ImageEdit<ImagePlus>> edits = of(edit, prompts);
		final Map<String, ImageEdit.Result<ImagePlus>> done = new LinkedHashMap<>();
		if (model.filler().isPresent()) edits.forEach((label, one) -> done.put(label, one.run(model.diffEdit(), model.filler().get(), fill, listener)));
		else if (!isUsed()) done.put("", edit.run(model.diffEdit(), listener));
		else {
			final Iterator<ImageEdit.Result<ImagePlus>> results = EditSweep.run(List.copyOf(edits.values()), model.diffEdit(), listener).iterator();
			edits.keySet().forEach(label -> done.put(label, results.next()));
		}
		return done;
	}

	private Map<String, ImageEdit<ImagePlus>> of(final ImageEdit<ImagePlus> edit, final PromptSource prompts) {
		Map<String, ImageEdit<ImagePlus>> edits = Map.of("", edit);
		for (final Map.Entry<String, List<String>> part : parts().entrySet()) {
			final Map<String, ImageEdit<ImagePlus>> more = new LinkedHashMap<>();
			edits.forEach((label, one) -> part.getValue().forEach(value -> more.put((label.isEmpty() ? "" : label + ", ") + label(part.getKey(), value), with(one, part.getKey(), value, prompts))));
			edits = more;
		}
		return edits;
	}

	private static String label(final String key, final String value) {
		return key.equals(TARGET) ? value : key + " " + value;
	}

	private static ImageEdit<ImagePlus> with(final ImageEdit<ImagePlus> edit, final String key, final String value, final PromptSource prompts) {
		return switch (key) {
			case STRENGTH -> edit.withStrength(Double.parseDouble(value));
			case SEED -> edit.withSeed(Long.parseLong(value));
			default -> edit.to(prompts.prompt(value));
		};
	}

	/** The edits in one image. */
	ImagePlus arranged(final Map<String, ImageEdit.Result<ImagePlus>> edits) {
		return SeveralImages.labelled(edits.values().stream().map(ImageEdit.Result::image).toList(), List.copyOf(edits.keySet()), isMontage());
	}
}
