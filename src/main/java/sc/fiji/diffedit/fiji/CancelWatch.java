package sc.fiji.diffedit.fiji;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

import org.scijava.Cancelable;
import org.scijava.thread.ThreadService;

import ij.IJ;
import ij.macro.Interpreter;

import sc.fiji.diffedit.Run;

/**
 * Cancels runs on signals from ImageJ, recorded for each run separately: the Escape key, the end of the macro that called the
 * command (<i>Abort Macro</i>), and {@code cancel} of the command itself.
 * <p>
 * Escape stops every run that is going on when it is pressed, those that wait for their turn too, and none that begins later.
 * ImageJ keeps it in one flag for all plugins, which the next command, macro or dialog resets. So the flag is looked at many
 * times a second while there are runs, and once more before it is reset for a new one. No display is needed.
 */
final class CancelWatch implements AutoCloseable {

	private static final int POLL_MILLIS = 20;

	private static final Set<CancelWatch> GOING_ON = new LinkedHashSet<>();
	private static Thread poller;

	private final Run run;
	private final Cancelable command;
	private final Optional<Interpreter> macro;

	private CancelWatch(final Run run, final Cancelable command, final Optional<Interpreter> macro) {
		this.run = run;
		this.command = command;
		this.macro = macro;
	}

	/** Watches over a run that begins on this thread, until it is closed. What was pressed before is not meant for it. */
	static CancelWatch over(final Run run, final Cancelable command, final ThreadService threads) {
		final CancelWatch watch = new CancelWatch(run, command, caller(threads));
		synchronized (GOING_ON) {
			poll();
			IJ.resetEscape();
			GOING_ON.add(watch);
			if (poller == null) startPolling();
		}
		return watch;
	}

	/** The macro that called the command, from this thread or from one that waits for it. */
	private static Optional<Interpreter> caller(final ThreadService threads) {
		for (Thread thread = Thread.currentThread(); thread != null; thread = threads.getParent(thread)) {
			if (thread.getName().endsWith("Macro$")) return Optional.ofNullable(Interpreter.getInstance());
		}
		return Optional.empty();
	}

	private static void startPolling() {
		poller = new Thread(CancelWatch::pollWhileRunning, "DiffEdit Escape");
		poller.setDaemon(true);
		poller.start();
	}

	private static void pollWhileRunning() {
		while (true) {
			synchronized (GOING_ON) {
				if (GOING_ON.isEmpty()) {
					poller = null;
					return;
				}
				poll();
			}
			IJ.wait(POLL_MILLIS);
		}
	}

	private static void poll() {
		final boolean escape = IJ.escapePressed();
		for (final CancelWatch watch : GOING_ON) watch.poll(escape);
	}

	private void poll(final boolean escape) {
		final Optional<Interpreter> aborted = macro.filter(Interpreter::done);
		if (escape || command.isCanceled() || aborted.isPresent()) run.cancel();
		aborted.filter(ended -> ended == Interpreter.getInstance()).ifPresent(CancelWatch::released);
	}

	/**
	 * ImageJ holds the event thread until the aborted macro has ended, and after two seconds kills the macro's thread. But the
	 * macro waits for the command, and SciJava publishes a command's end on the event thread. So ImageJ is told now that the macro
	 * has ended, although it ends with the command.
	 */
	private static void released(final Interpreter macro) {
		macro.setIgnoreErrors(true);
		macro.abort("");
	}

	@Override
	public void close() {
		synchronized (GOING_ON) {
			GOING_ON.remove(this);
		}
	}
}
