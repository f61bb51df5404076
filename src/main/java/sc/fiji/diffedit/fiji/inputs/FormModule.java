package sc.fiji.diffedit.fiji.inputs;

import org.scijava.command.CommandModule;
import org.scijava.util.ClassUtils;

/** The module of a command, in which inputs of groups are fields of the groups. */
final class FormModule extends CommandModule {

	private final PluginCommand command;

	FormModule(final FormInfo info, final PluginCommand command) {
		super(info, command);
		this.command = command;
	}

	@Override
	public Object getInput(final String name) {
		return getInfo().getInput(name) instanceof GroupInput<?> shared ? ClassUtils.getValue(shared.getField(), shared.groupOf(command)) : super.getInput(name);
	}

	@Override
	public void setInput(final String name, final Object value) {
		if (getInfo().getInput(name) instanceof GroupInput<?> shared) ClassUtils.setValue(shared.getField(), shared.groupOf(command), value);
		else super.setInput(name, value);
	}
}
