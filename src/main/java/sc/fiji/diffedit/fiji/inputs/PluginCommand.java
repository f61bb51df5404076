package sc.fiji.diffedit.fiji.inputs;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.scijava.ItemIO;
import org.scijava.ItemVisibility;
import org.scijava.command.ContextCommand;
import org.scijava.plugin.Parameter;
import org.scijava.util.ClassUtils;

import sc.fiji.diffedit.fiji.CommandProgress;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.Sentences;
import sc.fiji.diffedit.hub.ModelKind;

/**
 * A command of DiffEdit. Its form consists of the {@link Parameter} fields of the class and of its
 * {@linkplain InputGroup input groups}; if it fails, the reason is a sentence for a dialog:
 *
 * <pre>{@code
 * private final MaskInputs mask = inputs(new MaskInputs());
 * }</pre>
 *
 * Programs and scripts run it like any SciJava command:
 *
 * <pre>{@code
 * CommandModule done = commandService.run(GenerateMask.class, true, "image", image, "target", "cyan nuclei").get();
 * Roi mask = (Roi) done.getOutput("roi");
 * }</pre>
 */
public abstract class PluginCommand extends ContextCommand {

	private final List<InputGroup> groups = new ArrayList<>();
	private Optional<String> incomplete = Optional.empty();
	private CommandProgress.Listener listener = (sentence, part) -> {};

	/**
	 * Adds an input group to the form.
	 *
	 * @return the group
	 */
	protected final <G extends InputGroup> G inputs(final G group) {
		groups.add(group);
		return group;
	}

	/** The groups of a class. */
	protected final <G> Stream<G> inputs(final Class<G> kind) {
		return groups.stream().filter(kind::isInstance).map(kind::cast);
	}

	/** Sets who hears of the progress of this run alone. */
	public final void setListener(final CommandProgress.Listener newListener) {
		listener = newListener;
	}

	protected final CommandProgress.Listener listener() {
		return listener;
	}

	/** All groups, in the order in which they were added. */
	final List<InputGroup> groups() {
		return groups;
	}

	/** @throws sc.fiji.diffedit.DiffEditException if a value in the form is invalid */
	protected final void checkInputs() {
		groups.forEach(InputGroup::check);
	}

	/**
	 * Hears of inputs that a call has given and that play no role beside the others.
	 *
	 * @param keys as macros call them
	 */
	public void tellUnused(final List<String> keys) {}

	/**
	 * What will probably go wrong with the present values; a form asks for it on a thread of its own while it is filled in.
	 *
	 * @throws sc.fiji.diffedit.DiffEditException if that cannot be said, for the same reason for which a run would fail
	 */
	public Optional<Warning> foresee() {
		return Optional.empty();
	}

	/** The input beside which a form tells that no engine is installed, for a command that runs others; empty where the model is asked or none is run. */
	public Optional<String> runsBy() {
		return Optional.empty();
	}

	/** Which models its input {@code model} takes. */
	public ModelKind modelKind() {
		return ModelKind.DIFFUSION;
	}

	/** Tells that the results are of a part of what was asked for, such as of some planes of a stack. */
	protected final void setIncomplete(final String sentence) {
		incomplete = Optional.of(sentence);
	}

	/** What is missing of the results, and why; empty if nothing is. */
	public final Optional<String> incomplete() {
		return incomplete;
	}

	/** A description of how a result was made, with the form's inputs: the command's own ones, then those of each group, free texts last. */
	protected final Provenance withInputs(final Provenance made) {
		Provenance more = made;
		for (final Field field : ClassUtils.getAnnotatedFields(getClass(), Parameter.class)) {
			if (isOwnInput(field)) more = more.with(field.getName(), ClassUtils.getValue(field, this));
		}
		final List<InputGroup> textsLast = groups.stream().sorted(Comparator.comparing(InputGroup::isFreeText)).toList();
		for (final InputGroup group : textsLast) more = group.addTo(more);
		return more;
	}

	private static boolean isOwnInput(final Field field) {
		final Parameter parameter = field.getAnnotation(Parameter.class);
		return parameter.type() != ItemIO.OUTPUT && parameter.visibility() == ItemVisibility.NORMAL && !FormInfo.isEnvironment(field.getType());
	}

	@Override
	public String getCancelReason() {
		return Sentences.shown(super.getCancelReason());
	}
}
