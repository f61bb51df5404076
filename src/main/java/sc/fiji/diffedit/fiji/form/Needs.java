package sc.fiji.diffedit.fiji.form;

import java.util.Optional;

import org.scijava.module.Module;
import org.scijava.module.ModuleItem;

import ij.ImagePlus;

import sc.fiji.diffedit.fiji.inputs.Conditions;

/** What is missing among the answers of a form. */
public final class Needs {

	private Needs() {}

	/** The first input that plays a role, must be given, and is not. */
	public static Optional<ModuleItem<?>> firstMissing(final Module module) {
		for (final ModuleItem<?> input : Inputs.of(module)) {
			final boolean image = input.getType() == ImagePlus.class && Conditions.isRequired(module, input);
			final boolean asked = image || Conditions.isNeeded(module, input) && mustBeSaid(module, input);
			if (asked && isBlank(module.getInput(input.getName()))) return Optional.of(input);
		}
		return Optional.empty();
	}

	/** What is missing of an answer that plays a role, or is wrong with it. */
	static Optional<Trouble> missing(final Module module, final ModuleItem<?> input) {
		final String name = input.getName();
		final Object value = module.getInput(name);
		if (mustBeSaid(module, input) && isBlank(value)) return Optional.of(Trouble.empty(name, "Fill in '" + Labels.of(input) + "'."));
		if (input.getType() == ImagePlus.class && value == null && Conditions.isRequired(module, input)) {
			return Optional.of(Trouble.empty(name, "Choose the image for '" + Labels.of(input) + "'."));
		}
		return Conditions.wrong(module, input).map(sentence -> Trouble.wrong(name, sentence));
	}

	/** What is in the image may be left to a captioner. */
	private static boolean mustBeSaid(final Module module, final ModuleItem<?> input) {
		if (input.getType() != String.class || !input.isRequired() || !ChoiceField.choices(input).isEmpty()) return false;
		return !(input.getName().equals("source") && String.valueOf(given(module, "options")).contains("captioner"));
	}

	private static Object given(final Module module, final String name) {
		return module.getInfo().getInput(name) == null ? null : module.getInput(name);
	}

	private static boolean isBlank(final Object value) {
		return value == null || value.toString().isBlank();
	}
}
