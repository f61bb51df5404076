package sc.fiji.diffedit.service;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Stops running models when the JVM shuts down. A process that exits during a native call may crash, so a shutdown hook cancels all
 * work at its next block and waits until no thread computes. Nothing is freed, since the operating system does so.
 * <p>
 * Other shutdown hooks (SciJava's closes the model service) run concurrently in any order, and may wait for threads that call this
 * package. So from the start of the shutdown no caller waits for a device's thread: hooks that close or free return at once, and
 * the runs of all other callers are cancelled. Those callers are blocked until the JVM should have exited, since otherwise the
 * stack trace of their uncaught exception would be the last output the user sees; a caller for which another hook waits continues
 * after that time.
 */
final class EndOfJava {

	/** A call of a large network may take this long; a listener that called System.exit waits forever, but does not compute. */
	private static final long SECONDS_TO_STOP = 20;
	private static final long SECONDS_TO_WAIT = 10;
	private static final long POLL_MILLIS = 10;
	/** A thread that was observed waiting this many times in a row keeps waiting, or is cancelled before it computes. */
	private static final int QUIET_POLLS = 5;

	private static final Set<DeviceExecutor> OPEN = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
	/** The start of the shutdown, in {@link System#nanoTime()}; written before {@link #started}. */
	private static long beginning;
	private static volatile boolean started;

	static {
		try {
			Runtime.getRuntime().addShutdownHook(new Thread(EndOfJava::begin, "DiffEdit shutdown"));
		}
		catch (final IllegalStateException e) { // the first model was requested during shutdown
			begin();
		}
	}

	private EndOfJava() {}

	/** Makes sure that this executor's thread does not compute when the process exits. */
	static void watch(final DeviceExecutor executor) {
		OPEN.add(executor);
	}

	static boolean hasStarted() {
		return started;
	}

	private static void begin() {
		beginning = System.nanoTime();
		started = true;
		final List<DeviceExecutor> open;
		synchronized (OPEN) {
			open = List.copyOf(OPEN);
		}
		open.forEach(DeviceExecutor::cancelAll);
		try {
			for (int quiet = 0; quiet < QUIET_POLLS && isWithin(SECONDS_TO_STOP); quiet++) {
				if (open.stream().anyMatch(DeviceExecutor::isComputing)) quiet = 0;
				Thread.sleep(POLL_MILLIS);
			}
		}
		catch (final InterruptedException e) {
			Thread.currentThread().interrupt();
		}
	}

	private static boolean isWithin(final long seconds) {
		return System.nanoTime() - beginning < TimeUnit.SECONDS.toNanos(seconds);
	}

	/** During shutdown, blocks the calling thread until the JVM should have exited, or until the thread is interrupted. */
	static void waitForEnd() {
		try {
			while (started && isWithin(SECONDS_TO_WAIT)) Thread.sleep(POLL_MILLIS);
		}
		catch (final InterruptedException e) {
			Thread.currentThread().interrupt();
		}
	}
}
