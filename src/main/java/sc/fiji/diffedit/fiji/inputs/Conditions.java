package sc.fiji.diffedit.fiji.inputs;

import java.util.Optional;
import java.util.Set;

import org.scijava.module.Module;
import org.scijava.module.ModuleItem;

/** What the inputs of a command need of each other, with the values that they have in a module; the input groups decide. */
public final class Conditions {

	private Conditions() {}

	/** Whether an input plays a role. */
	public static boolean isNeeded(final Module module, final ModuleItem<?> input) {
		return group(module, input).map(group -> group.isNeeded(input.getName())).orElse(true);
	}

	/** Whether an input must have a value. */
	public static boolean isRequired(final Module module, final ModuleItem<?> input) {
		return isNeeded(module, input) && (input.isRequired() || group(module, input).filter(group -> group.isConditional(input.getName())).isPresent());
	}

	/** What is wrong with the value of an input, as a sentence. */
	public static Optional<String> wrong(final Module module, final ModuleItem<?> input) {
		return group(module, input).flatMap(group -> group.wrong(input.getName()));
	}

	/**
	 * Makes the choices without which the inputs that are given would not be used, unless something else is given for them, and sets
	 * inputs at their defaults that have other defaults beside those that are given.
	 */
	public static void imply(final Module module, final Set<String> given) {
		for (final String name : given) {
			final Optional<InputGroup> group = group(module, module.getInfo().getInput(name));
			group.flatMap(one -> one.choiceFor(name)).filter(choice -> !given.contains(choice.getKey())).ifPresent(choice -> module.setInput(choice.getKey(), choice.getValue()));
			group.flatMap(one -> one.besides(name)).filter(other -> !given.contains(other.getKey()) && isAtDefault(module, other.getKey()))
				.ifPresent(other -> module.setInput(other.getKey(), other.getValue()));
		}
	}

	private static boolean isAtDefault(final Module module, final String name) {
		final ModuleItem<?> input = module.getInfo().getInput(name);
		return input != null && module.getInput(name).equals(input.getDefaultValue());
	}

	private static Optional<InputGroup> group(final Module module, final ModuleItem<?> input) {
		if (!(module.getDelegateObject() instanceof PluginCommand command) || !(input instanceof GroupInput<?> shared)) return Optional.empty();
		return Optional.of(shared.groupOf(command));
	}
}
