package sc.fiji.diffedit.fiji.forms;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;

import org.scijava.Context;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandModuleItem;
import org.scijava.module.ModuleItem;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.service.Service;
import org.scijava.util.ClassUtils;

/**
 * How one command's module describes itself to SciJava: the command's own inputs and those of its groups. With groups the inputs stand in
 * the {@linkplain InputOrder one order} of all forms, else as they were declared.
 */
public final class FormInfo extends CommandInfo {

	private final List<GroupInput<?>> shared = new ArrayList<>();
	private List<ModuleItem<?>> inputs;

	FormInfo(final Class<? extends Command> command) {
		super(command, command.getAnnotation(Plugin.class));
	}

	/** Adds a group's inputs; their present values are the defaults. */
	void add(final InputGroup group) {
		for (final Field field : ClassUtils.getAnnotatedFields(group.getClass(), Parameter.class)) {
			if (getInput(field.getName()) != null) throw new IllegalStateException(getClassName() + " has the input " + field.getName() + " twice.");
			shared.add(new GroupInput<>(this, field, group));
		}
	}

	@Override
	public synchronized Iterable<ModuleItem<?>> inputs() {
		if (inputs == null) {
			final List<ModuleItem<?>> all = new ArrayList<>();
			super.inputs().forEach(all::add);
			all.addAll(shared);
			inputs = shared.isEmpty() ? all : InputOrder.sorted(all);
		}
		return inputs;
	}

	@Override
	public CommandModuleItem<?> getInput(final String name) {
		for (final GroupInput<?> input : shared) {
			if (input.getName().equals(name)) return input;
		}
		return super.getInput(name);
	}

	/** Inputs of the form that are fields of the command itself. */
	List<CommandModuleItem<?>> ownInputs() {
		final List<CommandModuleItem<?>> own = new ArrayList<>();
		for (final ModuleItem<?> input : super.inputs()) {
			if (input.getVisibility() == ItemVisibility.NORMAL && !isEnvironment(input)) own.add(super.getInput(input.getName()));
		}
		return own;
	}

	/** Services and the context are no inputs that a form could ask for. */
	public static boolean isEnvironment(final ModuleItem<?> input) {
		return input.getType() == Context.class || Service.class.isAssignableFrom(input.getType());
	}
}
