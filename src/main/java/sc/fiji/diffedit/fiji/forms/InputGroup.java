package sc.fiji.diffedit.fiji.forms;

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
 * Inputs that belong together and that several commands have: fields that are a {@link Parameter} as in a command, and methods
 * that say what they mean. Names are keys of macros, so two groups of a command have none in common. Where commands differ in
 * the words for an input, a constructor takes these.
 */
public abstract class InputGroup {

	private final Map<String, String> labels = new HashMap<>();
	private final Map<String, String> helps = new HashMap<>();
	private final Set<String> optional = new HashSet<>();

	/** Gives an input another label than its annotation's. */
	protected final void setLabel(final String input, final String label) {
		labels.put(required(input), label);
	}

	/** Gives an input another description than its annotation's. */
	protected final void setHelp(final String input, final String help) {
		helps.put(required(input), help);
	}

	/** Lets an input be left empty that must else be filled in. */
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
	 * Refuses answers that cannot be meant so, by looking at them alone; called before a command does anything.
	 *
	 * @throws sc.fiji.diffedit.DiffEditException with a sentence that names the input
	 */
	protected void check() {}

	/** Whether these are texts of any length, which end the description of a result. */
	protected boolean isFreeText() {
		return false;
	}

	/** Adds to the description of a result what these inputs were, each under its key; groups with more or less to say override it. */
	protected Provenance addTo(final Provenance made) {
		Provenance more = made;
		for (final Field field : ClassUtils.getAnnotatedFields(getClass(), Parameter.class)) more = more.with(field.getName(), ClassUtils.getValue(field, this));
		return more;
	}
}
