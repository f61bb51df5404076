package sc.fiji.diffedit.fiji.inputs;

import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.scijava.plugin.Parameter;
import org.scijava.util.ClassUtils;

import sc.fiji.diffedit.fiji.Provenance;

/**
 * Related inputs shared by several commands: {@link Parameter} fields as in a command, and methods that interpret them. Names are
 * macro keys, so two groups of a command must not share one. Labels that differ between commands are constructor arguments.
 */
public abstract class InputGroup {

	private final Map<String, String> labels = new HashMap<>();
	private final Map<String, String> helps = new HashMap<>();
	private final Set<String> optional = new HashSet<>();

	/** Overrides the label of an input. */
	protected final void setLabel(final String input, final String label) {
		labels.put(required(input), label);
	}

	/** Overrides the description of an input. */
	protected final void setHelp(final String input, final String help) {
		helps.put(required(input), help);
	}

	/** Makes a required input optional. */
	protected final void setOptional(final String input) {
		optional.add(required(input));
	}

	private String required(final String input) {
		for (final Field field : ClassUtils.getAnnotatedFields(getClass(), Parameter.class)) {
			if (field.getName().equals(input)) return input;
		}
		throw new IllegalArgumentException(getClass().getSimpleName() + " has no input " + input);
	}

	final Optional<String> label(final String input) {
		return Optional.ofNullable(labels.get(input));
	}

	final Optional<String> help(final String input) {
		return Optional.ofNullable(helps.get(input));
	}

	final boolean isOptional(final String input) {
		return optional.contains(input);
	}

	/**
	 * Checks the values of the inputs on their own; called before a command starts.
	 *
	 * @throws sc.fiji.diffedit.DiffEditException with a sentence that names the input
	 */
	protected void check() {}

	/** Whether these are free texts, which come last in the description of a result. */
	protected boolean isFreeText() {
		return false;
	}

	/** Adds the values of these inputs to the description of a result, each under its key; some groups override this. */
	protected Provenance addTo(final Provenance made) {
		Provenance more = made;
		for (final Field field : ClassUtils.getAnnotatedFields(getClass(), Parameter.class)) more = more.with(field.getName(), ClassUtils.getValue(field, this));
		return more;
	}
}
