package sc.fiji.diffedit.fiji.bridge;

import java.awt.GraphicsEnvironment;
import java.util.stream.Stream;

import org.scijava.log.LogListener;
import org.scijava.log.LogMessage;
import org.scijava.log.LogService;

import ij.Macro;

/**
 * Gives a process without a display that was started for one macro or script an exit code, if a command that it called has failed.
 * <p>
 * A macro goes no further, and the process ends. To a script, {@code IJ.run} throws an exception, which it may catch and go on; if
 * it does not, SciJava logs the exception and would end the process as if all were well. A script that calls a command by SciJava
 * or runs a macro gets the reason as a value.
 */
final class FailedProcess implements LogListener {

	private static final int FAILED = 1;

	private final LogService log;
	private boolean listening;

	/** @param log where SciJava tells what a script did not catch */
	FailedProcess(final LogService log) {
		this.log = log;
	}

	/** Ends the process of a failed call, if nobody can catch the failure; at once, or as soon as its script has ended by it. */
	synchronized void failed(final Call call) {
		if (!GraphicsEnvironment.isHeadless() || !call.fromCommandLine()) return;
		if (!call.inScript()) {
			if (call.inMacro()) endLater();
		}
		else if (call.waiting() && !listening) {
			listening = true;
			log.addLogListener(this);
		}
	}

	/** On a thread of its own, because shutdown hooks wait for AWT's thread, on which SciJava publishes its events. */
	private static void endLater() {
		new Thread(() -> System.exit(FAILED), "DiffEdit failed").start();
	}

	/** Ends the process on the thread of the script, for which the thread waits that would end it without an error. */
	@Override
	public void messageLogged(final LogMessage message) {
		if (isByImageJ(message.throwable())) System.exit(FAILED);
	}

	/** Whether it is what {@code IJ.run} has thrown, or was caused by that; languages wrap exceptions in their own way. */
	private static boolean isByImageJ(final Throwable thrown) {
		return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause).anyMatch(cause -> cause.toString().contains(Macro.MACRO_CANCELED));
	}
}
