package sc.fiji.diffedit.fiji.cli;

import java.util.function.Consumer;

import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Ctrl-C (or the signal by which a cluster announces the end of a job) asks to stop after the present image; the second one ends the
 * program at once.
 */
final class StopSignal implements AutoCloseable {

	private static final String[] SIGNALS = { "INT", "TERM" };

	private final SignalHandler[] before = new SignalHandler[SIGNALS.length];
	private volatile boolean asked;

	/** @param say tells the user what will happen */
	StopSignal(final Consumer<String> say) {
		for (int i = 0; i < SIGNALS.length; i++) {
			before[i] = Signal.handle(new Signal(SIGNALS[i]), signal -> {
				if (asked) Runtime.getRuntime().halt(ExitCode.STOPPED);
				asked = true;
				say.accept("Stopping after this image; once more stops at once.");
			});
		}
	}

	boolean isAsked() {
		return asked;
	}

	@Override
	public void close() {
		for (int i = 0; i < SIGNALS.length; i++) Signal.handle(new Signal(SIGNALS[i]), before[i]);
	}
}
