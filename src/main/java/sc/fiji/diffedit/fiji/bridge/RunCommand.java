package sc.fiji.diffedit.fiji.bridge;

import java.awt.GraphicsEnvironment;

import org.scijava.Context;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;
import org.scijava.module.ModuleService;
import org.scijava.thread.ThreadService;

import ij.IJ;
import ij.plugin.PlugIn;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.Sentences;
import sc.fiji.diffedit.fiji.form.Labels;

/**
 * Runs the SciJava command whose class name is the argument, like an ImageJ plugin: with a dialog for users, with the options for
 * macros, returning when the command has ended.
 * <p>
 * In {@code plugins.config}:
 * {@code Plugins>DiffEdit, "Generate Mask...", sc.fiji.diffedit.fiji.bridge.RunCommand("package.of.TheCommand")}
 */
public final class RunCommand implements PlugIn {

	@Override
	public void run(final String commandClass) {
		final Thread thread = Thread.currentThread();
		final ClassLoader before = thread.getContextClassLoader();
		thread.setContextClassLoader(RunCommand.class.getClassLoader());
		try {
			if (SharedContext.inFiji()) runAsFijiDoes(commandClass);
			else runHere(commandClass);
		}
		finally {
			thread.setContextClassLoader(before);
		}
	}

	/** Fiji has its own forms, recorder and displays, which are used for a macro or plugin that calls this class by name. */
	private static void runAsFijiDoes(final String commandClass) {
		final Context context = SharedContext.get();
		final ModuleService modules = context.service(ModuleService.class);
		modules.waitFor(modules.run(context.service(CommandService.class).getCommand(commandClass), true));
	}

	private static void runHere(final String commandClass) {
		final Context context = SharedContext.get();
		final Call call = Call.of(context.service(ThreadService.class));
		final CommandInfo info = context.service(CommandService.class).getCommand(commandClass);
		if (info == null) {
			refuse(call, "DiffEdit", "The command " + commandClass + " is not installed; put the whole DiffEdit folder into plugins.");
			return;
		}
		final String title = Labels.of(info);
		final CommandRun run = new CommandRun(context, context.service(ModuleService.class).createModule(info), call);
		try {
			final String reason = run.run();
			if (reason != null) refuse(call, title, reason);
		}
		catch (final DiffEditException e) {
			refuse(call, title, e.getMessage());
		}
	}

	/** Shows the reason and aborts the macro; where a dialog can be shown, ImageJ does both. */
	private static void refuse(final Call call, final String title, final String reason) {
		if (GraphicsEnvironment.isHeadless() || reason.isEmpty()) Calls.end(call, title, reason);
		else IJ.error(title, Sentences.inLines(reason));
	}
}
