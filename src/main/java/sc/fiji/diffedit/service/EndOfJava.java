package sc.fiji.diffedit.service;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;

/**
 * What happens to models at work when Java ends. A process that goes while a native call is under way may crash, so a shutdown
 * hook asks all work to stop at its next block and waits until no thread computes. Nothing is freed: the operating system takes
 * all at once.
 * <p>
 * Other hooks (SciJava's closes the model service) run at the same time, in any order, and may wait for threads that call us.
 * So from the first moment nobody waits for a device's thread any more: hooks that close or free go on at once, and all others
 * who wait are told that their run is cancelled. They are held back until Java should be gone, since what they do with that
 * (a stack trace of an uncaught exception) would be the last thing a user sees; who is waited for by a hook is held back in vain
 * and then goes on.
 */
final class EndOfJava {

	/** A call of a large network takes so long; a listener that called System.exit waits for ever, but does not compute. */
	private static final long SECONDS_TO_STOP = 20;
	private static final long SECONDS_TO_HOLD = 10;
	private static final long POLL_MILLIS = 10;
	/** A thread that was seen waiting so often, one time after the other, stays so, or is told to stop before it computes. */
	private static final int QUIET_POLLS = 5;

	private static final Set<DeviceExecutor> OPEN = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
	/** When it began, in {@link System#nanoTime()}; written before {@link #started}. */
	private static long beginning;
	private static volatile boolean started;

	static {
		try {
			Runtime.getRuntime().addShutdownHook(new Thread(EndOfJava::begin, "DiffEdit shutdown"));
		}
		catch (final IllegalStateException e) { // the first model was asked for too late
			begin();
		}
	}

	private EndOfJava() {}

	/** Sees to it that this executor's thread does not compute when the process goes. */
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

	/** When Java ends: keeps the calling thread until it should be gone, or until the thread is interrupted. */
	static void hold() {
		try {
			while (started && isWithin(SECONDS_TO_HOLD)) Thread.sleep(POLL_MILLIS);
		}
		catch (final InterruptedException e) {
			Thread.currentThread().interrupt();
		}
	}
}
