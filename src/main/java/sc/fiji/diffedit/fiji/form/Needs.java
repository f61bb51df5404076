package sc.fiji.diffedit.fiji.form;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

import org.scijava.module.Module;
import org.scijava.module.ModuleItem;

import ij.ImagePlus;
import ij.gui.Roi;

/** What the answers of a form need of each other: which of them play a role at all, and what is missing. */
public final class Needs {

	static final String SELECTION = "Selection", MASK_IMAGE = "Mask image", MADE_NOW = "Made now", INVERSION_IMAGE = "Inversion image";

	/**
	 * An answer that another one must have.
	 *
	 * @param name of the other input
	 * @param value that it must have
	 * @param holds of its value
	 */
	private record Condition(String name, Object value, Predicate<Object> holds) {

		static Condition is(final String name, final Object value) {
			return new Condition(name, value, value::equals);
		}

		/** @param name of a number, which must be larger than 1 */
		static Condition isSeveral(final String name) {
			return new Condition(name, 2, count -> count instanceof Number number && number.intValue() > 1);
		}

		static Condition isWritten(final String name) {
			return new Condition(name, "", text -> !isBlank(text));
		}

		/** Inputs that a command does not have stand in nobody's way. */
		boolean holds(final Module module) {
			return module.getInfo().getInput(name) == null || holds.test(module.getInput(name));
		}
	}

	/** Inputs that are used only with certain values of another input. */
	private static final Map<String, Condition> CONDITIONS = Map.of(
		"drawnMask", Condition.is("maskFrom", MASK_IMAGE),
		"inverted", Condition.is("inversionFrom", INVERSION_IMAGE),
		"source", Condition.is("inversionFrom", MADE_NOW),
		"corners", Condition.is("labels", true),
		"margin", Condition.is("crop", true),
		"arrange", Condition.isSeveral("count"),
		"loraScale", Condition.isWritten("lora"));

	private Needs() {}

	/** Whether an input plays a role with the present answers. */
	static boolean isNeeded(final Module module, final String name) {
		final Condition condition = CONDITIONS.get(name);
		return condition == null || condition.holds(module);
	}

	/** Sets what images play a role by: a mask image that is given is where the image may change, unless something else is said. */
	public static void imply(final Module module, final Set<String> given) {
		for (final String name : given) {
			final Condition condition = CONDITIONS.get(name);
			final boolean image = condition != null && module.getInfo().getInput(name).getType() == ImagePlus.class;
			if (image && !given.contains(condition.name())) module.setInput(condition.name(), condition.value());
		}
	}

	/** The first input that plays a role, must be given, and is not. */
	public static Optional<ModuleItem<?>> firstMissing(final Module module) {
		for (final ModuleItem<?> input : Inputs.of(module)) {
			if (!isNeeded(module, input.getName())) continue;
			final boolean image = input.getType() == ImagePlus.class && isAsked(input);
			if ((image || mustBeSaid(module, input)) && isBlank(module.getInput(input.getName()))) return Optional.of(input);
		}
		return Optional.empty();
	}

	/** What is missing of an answer that plays a role. */
	static Optional<Trouble> missing(final Module module, final ModuleItem<?> input) {
		final String name = input.getName();
		final Object value = module.getInput(name);
		if (mustBeSaid(module, input) && isBlank(value)) return Optional.of(Trouble.empty(name, "Fill in '" + Labels.of(input) + "'."));
		if (input.getType() == ImagePlus.class && value == null && isAsked(input)) return Optional.of(Trouble.empty(name, "Choose the image for '" + Labels.of(input) + "'."));
		if ((name.equals("workOn") || name.equals("maskFrom")) && SELECTION.equals(value)) return selection(module, input);
		return name.equals("drawnMask") && value instanceof ImagePlus mask ? size(module, input, mask) : Optional.empty();
	}

	private static boolean isAsked(final ModuleItem<?> input) {
		return input.isRequired() || CONDITIONS.containsKey(input.getName());
	}

	/** What is in the image may be left to a captioner. */
	private static boolean mustBeSaid(final Module module, final ModuleItem<?> input) {
		if (input.getType() != String.class || !input.isRequired() || !ChoiceField.choices(input).isEmpty()) return false;
		return !(input.getName().equals("source") && String.valueOf(given(module, "options")).contains("captioner"));
	}

	private static Optional<Trouble> selection(final Module module, final ModuleItem<?> input) {
		if (!(given(module, "image") instanceof ImagePlus image)) return Optional.empty();
		final Roi roi = image.getRoi();
		if (roi != null && roi.isArea()) return Optional.empty();
		return Optional.of(Trouble.wrong(input.getName(), "\"" + image.getTitle() + "\" has no selection of an area; cancel and draw one, or choose something else in '"
			+ Labels.of(input) + "'."));
	}

	private static Optional<Trouble> size(final Module module, final ModuleItem<?> input, final ImagePlus mask) {
		if (!(given(module, "image") instanceof ImagePlus image)) return Optional.empty();
		if (mask.getWidth() == image.getWidth() && mask.getHeight() == image.getHeight()) return Optional.empty();
		return Optional.of(Trouble.wrong(input.getName(), "\"" + mask.getTitle() + "\" has " + mask.getWidth() + " x " + mask.getHeight() + " pixels, but \"" + image.getTitle() + "\" has "
			+ image.getWidth() + " x " + image.getHeight() + ": choose a mask of the image's size."));
	}

	private static Object given(final Module module, final String name) {
		return module.getInfo().getInput(name) == null ? null : module.getInput(name);
	}

	private static boolean isBlank(final Object value) {
		return value == null || value.toString().isBlank();
	}
}
