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
import ij.plugin.frame.Recorder;

/**
 * The caller of a command: a user through the menu, a macro, a script, or other code. In Fiji a command runs on a SciJava thread
 * while its caller waits on another one; the caller's stack trace shows which kind it is.
 *
 * @param thread the caller's
 * @param direct whether the command runs on the caller's thread, as in plain ImageJ
 * @param byName whether ImageJ has called it by its menu name
 * @param waiting whether it was called by {@code IJ.run}, which macros use
 * @param inMacro whether a macro is running
 * @param inScript whether a SciJava script is running
 * @param fromCommandLine whether the process was started to run this
 */
record Call(Thread thread, boolean direct, boolean byName, boolean waiting, boolean inMacro, boolean inScript, boolean fromCommandLine) {

	/** The call for the command that is running on the current thread. */
	static Call of(final ThreadService threads) {
		final Thread here = Thread.currentThread();
		final Thread parent = threads.getParent(here);
		final boolean direct = parent == null || isIn(here, RunCommand.class.getName(), "runHere");
		final Thread caller = direct ? here : parent;
		final Set<Thread> line = new LinkedHashSet<>();
		for (Thread next = caller; next != null && line.add(next);) next = threads.getParent(next);
		return new Call(caller, direct,
			isIn(caller, RunCommand.class.getName(), "run") || isIn(caller, "net.imagej.legacy.", "runLegacyCompatibleCommand"),
			isRunByName(caller), anyIsIn(line, Interpreter.class.getName(), "run"),
			anyIsIn(line, "org.scijava.script.ScriptModule", "run"),
			anyIsIn(line, "org.scijava.console.DefaultConsoleService", "processArgs")
				|| anyIsIn(line, "org.scijava.startup.DefaultStartupService", "executeOperations"));
	}

	private static boolean anyIsIn(final Set<Thread> threads, final String type, final String method) {
		return threads.stream().anyMatch(thread -> isIn(thread, type, method));
	}

	/** Whether code called ImageJ with the command's name and waits, which a menu does not. */
	private static boolean isRunByName(final Thread thread) {
		return Arrays.stream(thread.getStackTrace()).anyMatch(call -> call.getClassName().equals(IJ.class.getName()) && call.getMethodName().equals("run"));
	}

	/** Whether the stack contains a method whose class and name have this prefix. */
	private static boolean isIn(final Thread thread, final String type, final String method) {
		return Arrays.stream(thread.getStackTrace())
			.anyMatch(call -> call.getClassName().startsWith(type) && call.getMethodName().startsWith(method));
	}

	/** The options that a macro passed with the command's name; {@code null} if there are none, or if they belong to another command. */
	String options() {
		return byName ? PerThread.options(thread) : null;
	}

	/** The caller's current image; {@code null} if there is none. */
	ImagePlus image() {
		final ImagePlus own = PerThread.image(thread);
		return own == null ? WindowManager.getCurrentImage() : own;
	}

	/** Whether there is a user who can fill in a form. */
	boolean mayAsk() {
		return !GraphicsEnvironment.isHeadless() && !Interpreter.isBatchMode() && options() == null && !inMacro && !inScript;
	}

	/** Whether ImageJ's recorder would record a command of its own that is called like this: it marks the threads of code that calls commands. */
	boolean isRecorded() {
		return mayAsk() && (Recorder.recordInMacros || !thread.getName().startsWith("Run$_"));
	}

	/** Aborts the macro that waits for the command, without a message: its next lines would process the wrong image. */
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
