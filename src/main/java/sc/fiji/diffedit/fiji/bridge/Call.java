package sc.fiji.diffedit.fiji.bridge;

import java.awt.GraphicsEnvironment;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

import org.scijava.thread.ThreadService;

import ij.IJ;
import ij.ImagePlus;
import ij.Macro;
import ij.WindowManager;
import ij.macro.Interpreter;

/**
 * Who calls a command: a user by the menu, a macro, a script, other code. In Fiji a command runs on a thread of SciJava while
 * its caller waits on another one, and the caller's calls in progress say what it is.
 *
 * @param thread the caller's
 * @param direct whether the command runs on that very thread, as in plain ImageJ
 * @param byName whether ImageJ has called it by its name in the menu
 * @param waiting whether {@code IJ.run} has, which macros use
 * @param inMacro whether a macro is at work
 * @param inScript whether a SciJava script is
 * @param fromCommandLine whether all this is what the process was started for
 */
record Call(Thread thread, boolean direct, boolean byName, boolean waiting, boolean inMacro, boolean inScript, boolean fromCommandLine) {

	/** The call in which the current thread is running a command. */
	static Call of(final ThreadService threads) {
		final Thread here = Thread.currentThread();
		final Thread parent = threads.getParent(here);
		final boolean direct = parent == null || isIn(here, RunCommand.class.getName(), "runHere");
		final Thread caller = direct ? here : parent;
		final Set<Thread> line = new LinkedHashSet<>();
		for (Thread next = caller; next != null && line.add(next);) next = threads.getParent(next);
		return new Call(caller, direct,
			isIn(caller, RunCommand.class.getName(), "run") || isIn(caller, "net.imagej.legacy.", "runLegacyCompatibleCommand"),
			isIn(caller, IJ.class.getName(), "run"), anyIsIn(line, Interpreter.class.getName(), "run"),
			anyIsIn(line, "org.scijava.script.ScriptModule", "run"),
			anyIsIn(line, "org.scijava.console.DefaultConsoleService", "processArgs")
				|| anyIsIn(line, "org.scijava.startup.DefaultStartupService", "executeOperations"));
	}

	private static boolean anyIsIn(final Set<Thread> threads, final String type, final String method) {
		return threads.stream().anyMatch(thread -> isIn(thread, type, method));
	}

	/** Whether a method is at work whose class and name begin so. */
	private static boolean isIn(final Thread thread, final String type, final String method) {
		return Arrays.stream(thread.getStackTrace())
			.anyMatch(call -> call.getClassName().startsWith(type) && call.getMethodName().startsWith(method));
	}

	/** What a macro has written behind the command's name; {@code null} when nothing, or when it was meant for another command. */
	String options() {
		return byName ? PerThread.options(thread) : null;
	}

	/** The image that the caller works on; {@code null} when there is none. */
	ImagePlus image() {
		final ImagePlus own = PerThread.image(thread);
		return own == null ? WindowManager.getCurrentImage() : own;
	}

	/** Whether somebody sits there who can fill in a form. */
	boolean mayAsk() {
		return !GraphicsEnvironment.isHeadless() && !Interpreter.isBatchMode() && options() == null && !inMacro && !inScript;
	}

	/**
	 * Whether the process was started for what the command has failed to do: for a macro, or a script that calls it as macros do.
	 * Other code gets the command's module with the reason, and decides itself.
	 */
	boolean endsProcess() {
		return fromCommandLine && (inMacro || inScript && waiting);
	}

	/** Ends the macro that waits for the command, without a message: its next lines would work on the wrong image. */
	void endMacro(final String reason) {
		if (!waiting) return;
		final Interpreter macro = Interpreter.getInstance();
		if (!inMacro || macro == null) {
			Macro.abort();
			return;
		}
		macro.setIgnoreErrors(true);
		IJ.error(reason);
	}
}
