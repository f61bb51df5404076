package sc.fiji.diffedit.fiji.inputs;

import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

import org.scijava.plugin.Parameter;
import org.scijava.util.ClassUtils;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.Provenance;

/**
 * Related inputs shared by several commands: {@link Parameter} fields as in a command, and methods that interpret them. Names are
 * macro keys, so two groups of a command must not share one. Labels that differ between commands are constructor arguments.
 */
public abstract class InputGroup {

	/** Attribute of a number: a few words on what more or less of it does, which a form shows beside it. */
	public static final String HINT = "hint";

	private final Map<String, String> labels = new HashMap<>();
	private final Map<String, String> helps = new HashMap<>();
	private final Set<String> optional = new HashSet<>();
	private final Map<String, BooleanSupplier> conditions = new HashMap<>();
	private final Map<String, Map.Entry<String, String>> choices = new HashMap<>();
	private final Map<String, Map.Entry<String, Object>> besides = new HashMap<>();

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

	/** An input that is used only if this holds for the others; an image must be chosen then. */
	protected final void onlyIf(final String input, final BooleanSupplier holds) {
		conditions.put(required(input), holds);
	}

	/** An input that is used only if a choice of this group is this one. Where only the input is given, as in macros, so is the choice. */
	protected final void onlyWith(final String used, final String input, final String choice) {
		choices.put(used, Map.entry(required(input), choice));
		onlyIf(used, () -> choice.equalsIgnoreCase(String.valueOf(ClassUtils.getValue(field(input), this)).strip()));
	}

	/** Where an input is given, as in macros, another one of the command has this value for its default. */
	protected final void besides(final String given, final String other, final Object value) {
		besides.put(required(given), Map.entry(other, value));
	}

	private String required(final String input) {
		return field(input).getName();
	}

	private Field field(final String input) {
		return ClassUtils.getAnnotatedFields(getClass(), Parameter.class).stream().filter(field -> field.getName().equals(input)).findFirst()
			.orElseThrow(() -> new IllegalArgumentException(getClass().getSimpleName() + " has no input " + input));
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

	/** The input and its choice without which another one is not used. */
	final Optional<Map.Entry<String, String>> choiceFor(final String used) {
		return Optional.ofNullable(choices.get(used));
	}

	/** The input that has another default where one is given, and the default. */
	final Optional<Map.Entry<String, Object>> besides(final String given) {
		return Optional.ofNullable(besides.get(given));
	}

	final boolean isConditional(final String input) {
		return conditions.containsKey(input);
	}

	/** Whether an input plays a role with the present values. */
	protected final boolean isNeeded(final String input) {
		return !isConditional(input) || conditions.get(input).getAsBoolean();
	}

	/** What is wrong with the value of an input while a form is filled in, as a sentence; empty if nothing is, and for texts that are only missing. */
	protected Optional<String> wrong(final String input) {
		return Optional.empty();
	}

	/** The sentence with which a check fails; empty if it does not. */
	protected static Optional<String> failure(final Runnable check) {
		try {
			check.run();
			return Optional.empty();
		}
		catch (final DiffEditException e) {
			return Optional.of(e.getMessage());
		}
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
