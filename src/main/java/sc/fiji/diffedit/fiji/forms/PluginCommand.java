package sc.fiji.diffedit.fiji.forms;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import org.scijava.Cancelable;
import org.scijava.Context;
import org.scijava.Contextual;
import org.scijava.NullContextException;
import org.scijava.command.Command;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandModuleItem;
import org.scijava.module.AbstractModule;
import org.scijava.plugin.Parameter;
import org.scijava.util.ClassUtils;

import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.Sentences;

/**
 * A command of DiffEdit; when it cannot go on, it says why in a sentence that a dialog can show. Its form has the fields of the
 * class that are a {@link Parameter}, and those of its {@linkplain InputGroup groups of inputs}:
 *
 * <pre>{@code
 * private final MaskInputs mask = inputs(new MaskInputs());
 * }</pre>
 *
 * For their sake a command is its own module; SciJava's description of the class alone has no inputs of groups, that of a module
 * has all. {@code CommandService.run} promises modules of another class and gives back {@code null}, so programs and scripts run commands like this:
 *
 * <pre>{@code
 * Module done = moduleService.run(commandService.getCommand(GenerateMask.class), true, "image", image, "target", "cyan nuclei").get();
 * Roi mask = (Roi) done.getOutput("roi");
 * }</pre>
 */
public abstract class PluginCommand extends AbstractModule implements Command, Cancelable, Contextual {

	@Parameter
	private Context context;

	private final FormInfo info = new FormInfo(getClass());
	private final List<InputGroup> groups = new ArrayList<>();
	private String cancelReason;

	/**
	 * Gives the form a group of inputs.
	 *
	 * @return the group
	 */
	protected final <G extends InputGroup> G inputs(final G group) {
		info.add(group);
		groups.add(group);
		return group;
	}

	/** The groups of a kind. */
	protected final <G> Stream<G> inputs(final Class<G> kind) {
		return groups.stream().filter(kind::isInstance).map(kind::cast);
	}

	/** @throws sc.fiji.diffedit.DiffEditException if an answer of the form cannot be meant so */
	protected final void checkInputs() {
		groups.forEach(InputGroup::check);
	}

	/** A description of how a result was made, with the form's inputs: the command's own ones, then those of each group, free texts last. */
	protected final Provenance withInputs(final Provenance made) {
		Provenance more = made;
		for (final CommandModuleItem<?> input : info.ownInputs()) more = more.with(input.getName(), getInput(input.getName()));
		final List<InputGroup> textsLast = groups.stream().sorted(Comparator.comparing(InputGroup::isFreeText)).toList();
		for (final InputGroup group : textsLast) more = group.addTo(more);
		return more;
	}

	// ---- what SciJava asks of a module

	@Override
	public CommandInfo getInfo() {
		return info;
	}

	@Override
	public Object getInput(final String name) {
		final CommandModuleItem<?> input = info.getInput(name);
		return input == null ? null : ClassUtils.getValue(input.getField(), owner(input));
	}

	@Override
	public void setInput(final String name, final Object value) {
		final CommandModuleItem<?> input = info.getInput(name);
		if (input == null) throw new IllegalArgumentException("No such input: " + name);
		ClassUtils.setValue(input.getField(), owner(input), value);
	}

	private Object owner(final CommandModuleItem<?> input) {
		return input instanceof GroupInput<?> shared ? shared.group() : this;
	}

	@Override
	public Object getOutput(final String name) {
		final CommandModuleItem<?> output = info.getOutput(name);
		return output == null ? null : ClassUtils.getValue(output.getField(), this);
	}

	@Override
	public void setOutput(final String name, final Object value) {
		final CommandModuleItem<?> output = info.getOutput(name);
		if (output == null) throw new IllegalArgumentException("No such output: " + name);
		ClassUtils.setValue(output.getField(), this, value);
	}

	@Override
	public Context context() {
		if (context == null) throw new NullContextException();
		return context;
	}

	@Override
	public Context getContext() {
		return context;
	}

	@Override
	public boolean isCanceled() {
		return cancelReason != null;
	}

	@Override
	public void cancel(final String reason) {
		cancelReason = reason == null ? "" : reason;
	}

	@Override
	public String getCancelReason() {
		return Sentences.shown(cancelReason);
	}
}
