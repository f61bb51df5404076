package sc.fiji.diffedit.fiji.forms;

import java.util.Map;
import java.util.concurrent.ExecutionException;

import org.scijava.Context;
import org.scijava.command.Command;
import org.scijava.command.CommandService;
import org.scijava.module.ModuleService;

/** Runs commands as Fiji does, and waits for them. */
public final class Commands {

	private Commands() {}

	/** @param inputs keys and values in turn */
	public static PluginCommand run(final Context context, final Class<? extends Command> command, final Object... inputs) {
		try {
			return (PluginCommand) context.service(ModuleService.class).run(context.service(CommandService.class).getCommand(command), true, inputs).get();
		}
		catch (final InterruptedException | ExecutionException e) {
			throw new AssertionError(e);
		}
	}

	/** A command whose form nobody has filled in. */
	public static PluginCommand form(final Context context, final Class<? extends Command> command) {
		return (PluginCommand) context.service(ModuleService.class).createModule(context.service(CommandService.class).getCommand(command));
	}

	/** @param inputs values by their keys */
	public static PluginCommand run(final Context context, final Class<? extends Command> command, final Map<String, Object> inputs) {
		return run(context, command, new Object[] { inputs });
	}
}
