package sc.fiji.diffedit.fiji.inputs;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;

import org.scijava.Context;
import org.scijava.InstantiableException;
import org.scijava.command.Command;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandModuleItem;
import org.scijava.module.Module;
import org.scijava.module.ModuleException;
import org.scijava.module.ModuleItem;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.plugin.PluginInfo;
import org.scijava.service.Service;
import org.scijava.util.ClassUtils;

/**
 * SciJava's description of a DiffEdit command: the command's own inputs and those of its groups. With groups the inputs are in the
 * {@linkplain InputOrder common order} of all forms, otherwise in order of declaration. {@link FormService} replaces SciJava's own
 * description, which contains only the fields of the class, by this one.
 */
public final class FormInfo extends CommandInfo {

	/** By this word imagej-legacy knows that a command records itself. */
	private static final String NOT_RECORDED = "no-record";

	private List<GroupInput<?>> shared;
	private List<ModuleItem<?>> inputs;

	/** @param plugin SciJava's description of a command */
	FormInfo(final PluginInfo<Command> plugin) {
		super(plugin);
		set(NOT_RECORDED, "");
	}

	/** The description of a command without a SciJava context, which takes a second to start. */
	public static FormInfo of(final Class<? extends PluginCommand> command) {
		return new FormInfo(new PluginInfo<>(command, Command.class, command.getAnnotation(Plugin.class)));
	}

	/** The groups' inputs; their values in a new command are the defaults. The class is loaded at first use, not when Fiji starts. */
	private synchronized List<GroupInput<?>> shared() {
		if (shared == null) shared = instance() instanceof PluginCommand command ? inputs(command.groups()) : List.of();
		return shared;
	}

	private List<GroupInput<?>> inputs(final List<InputGroup> groups) {
		final List<GroupInput<?>> found = new ArrayList<>();
		for (int i = 0; i < groups.size(); i++) {
			for (final Field field : ClassUtils.getAnnotatedFields(groups.get(i).getClass(), Parameter.class)) {
				final String name = field.getName();
				if (super.getInput(name) != null || found.stream().anyMatch(input -> input.getName().equals(name))) {
					throw new IllegalStateException(getClassName() + " has the input " + name + " twice.");
				}
				found.add(new GroupInput<>(this, field, groups.get(i), i));
			}
		}
		return found;
	}

	private Command instance() {
		try {
			return createInstance();
		}
		catch (final InstantiableException e) {
			throw new IllegalStateException(getClassName() + " cannot be loaded.", e);
		}
	}

	@Override
	public synchronized Iterable<ModuleItem<?>> inputs() {
		if (inputs == null) {
			final List<ModuleItem<?>> all = new ArrayList<>();
			super.inputs().forEach(all::add);
			all.addAll(shared());
			inputs = shared().isEmpty() ? all : InputOrder.sorted(all);
		}
		return inputs;
	}

	@Override
	public CommandModuleItem<?> getInput(final String name) {
		for (final GroupInput<?> input : shared()) {
			if (input.getName().equals(name)) return input;
		}
		return super.getInput(name);
	}

	@Override
	public Module createModule() throws ModuleException {
		try {
			return createModule(createInstance());
		}
		catch (final InstantiableException e) {
			throw new ModuleException(e);
		}
	}

	@Override
	public Module createModule(final Command command) {
		return command instanceof PluginCommand own ? new FormModule(this, own) : super.createModule(command);
	}

	/** A module that has its services and is initialised, so that it can be asked, or run without SciJava's preprocessors. */
	public Module createModule(final Context context) {
		try {
			final Module module = createModule();
			for (final ModuleItem<?> input : module.getInfo().inputs()) {
				if (input.getType() == Context.class) module.setInput(input.getName(), context);
				else if (Service.class.isAssignableFrom(input.getType())) module.setInput(input.getName(), context.service(input.getType().asSubclass(Service.class)));
			}
			module.initialize();
			return module;
		}
		catch (final ModuleException e) {
			throw new IllegalStateException(getClassName() + " cannot be started.", e);
		}
	}

	/** Services and the context are not inputs of a form. */
	public static boolean isEnvironment(final ModuleItem<?> input) {
		return isEnvironment(input.getType());
	}

	static boolean isEnvironment(final Class<?> type) {
		return type == Context.class || Service.class.isAssignableFrom(type);
	}
}
