package sc.fiji.diffedit.fiji.inputs;

import java.util.Map;
import java.util.concurrent.ExecutionException;

import org.scijava.Context;
import org.scijava.command.Command;
import org.scijava.command.CommandModule;
import org.scijava.command.CommandService;
import org.scijava.module.ModuleService;

/** Runs commands as Fiji does, and waits for them. */
public final class Commands {

	private Commands() {}

	/** @param inputs keys and values in turn */
	public static CommandModule run(final Context context, final Class<? extends Command> command, final Object... inputs) {
		try {
			return context.service(CommandService.class).run(command, true, inputs).get();
		}
		catch (final InterruptedException | ExecutionException e) {
			throw new AssertionError(e);
		}
	}

	/** A command whose form nobody has filled in. */
	public static CommandModule form(final Context context, final Class<? extends Command> command) {
		return (CommandModule) context.service(ModuleService.class).createModule(context.service(CommandService.class).getCommand(command));
	}

	/** @param inputs values by their keys */
	public static CommandModule run(final Context context, final Class<? extends Command> command, final Map<String, Object> inputs) {
		return run(context, command, new Object[] { inputs });
	}
}
