package sc.fiji.diffedit.fiji.bridge;

import java.awt.GraphicsEnvironment;

import org.scijava.Context;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;
import org.scijava.module.Module;
import org.scijava.module.ModuleService;

import ij.IJ;
import ij.Macro;
import ij.macro.Interpreter;
import ij.plugin.PlugIn;
import ij.plugin.frame.Recorder;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.Sentences;

/**
 * Runs the SciJava command whose class name is the argument, as ImageJ's plugins run: a dialog when a user asks, the
 * options when a macro does, and back when the command has ended.
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

	/** Fiji has its own forms, recorder and displays; a macro or plugin that comes here by name gets those. */
	private static void runAsFijiDoes(final String commandClass) {
		final Context context = SharedContext.get();
		context.service(ModuleService.class).waitFor(context.service(CommandService.class).run(commandClass, true));
	}

	private static void runHere(final String commandClass) {
		final String options = Macro.getOptions();
		final Context context = SharedContext.get();
		final CommandInfo info = context.service(CommandService.class).getCommand(commandClass);
		if (info == null) {
			refuse("DiffEdit", "The command " + commandClass + " is not installed; put the whole DiffEdit folder into plugins.");
			return;
		}
		final String title = Labels.of(info);
		final Module module = context.service(ModuleService.class).createModule(info);
		try {
			final CommandRun run = new CommandRun(context, module);
			final String reason = run.with(Answers.from(context, options, askable(options)));
			if (reason == null) record(title, run);
			else end(title, reason);
		}
		catch (final DiffEditException e) {
			end(title, e.getMessage());
		}
	}

	private static boolean askable(final String options) {
		return options == null && !GraphicsEnvironment.isHeadless();
	}

	private static void record(final String title, final CommandRun run) {
		if (!IJ.recording()) return;
		Recorder.setCommand(title);
		run.record(Recorder::recordOption);
		Recorder.saveCommand();
	}

	private static void end(final String title, final String reason) {
		if (IJ.recording()) Recorder.setCommand(null);
		if (!reason.isEmpty()) refuse(title, reason);
	}

	/** Tells the user, and ends the macro: its next lines would work on the wrong image. */
	private static void refuse(final String title, final String reason) {
		if (!GraphicsEnvironment.isHeadless()) {
			IJ.error(title, Sentences.inLines(reason));
			return;
		}
		IJ.log(title + ": " + reason);
		final Interpreter macro = Interpreter.getInstance();
		if (macro != null) endWithoutDialog(macro, reason);
	}

	private static void endWithoutDialog(final Interpreter macro, final String reason) {
		macro.setIgnoreErrors(true);
		macro.abort(reason);
	}
}
