package sc.fiji.diffedit.service;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Regularly unloads models that have not been used for a while. */
final class IdleClock implements AutoCloseable {

	private static final long LONGEST_PERIOD_MILLIS = 60_000;
	private static final long SHORTEST_PERIOD_MILLIS = 20;

	private final Consumer<Duration> unloadIdle;
	private Duration time;
	private ScheduledExecutorService clock;
	private boolean closed;

	/**
	 * @param time after which an idle model is unloaded; zero for never
	 * @param unloadIdle frees what has been idle for at least the given time; called on a thread of this clock
	 */
	IdleClock(final Duration time, final Consumer<Duration> unloadIdle) {
		this.time = time;
		this.unloadIdle = unloadIdle;
	}

	/** Changes the time. The clock is stopped until it is {@linkplain #start started} again. */
	synchronized void set(final Duration other) {
		time = other;
		stop();
	}

	/** Starts the clock; without a thread for it the next model tries again. Does nothing if it is running or closed, or if idle models are never unloaded. */
	synchronized void start() {
		if (clock != null || closed || time.isZero()) return;
		final ScheduledThreadPoolExecutor watch = new ScheduledThreadPoolExecutor(1, task -> {
			final Thread thread = new Thread(task, "DiffEdit idle models");
			thread.setDaemon(true);
			return thread;
		});
		final Duration atLeast = time;
		final long period = Math.max(SHORTEST_PERIOD_MILLIS, Math.min(LONGEST_PERIOD_MILLIS, atLeast.toMillis() / 4));
		try {
			watch.scheduleWithFixedDelay(() -> unloadIdle.accept(atLeast), SHORTEST_PERIOD_MILLIS, period, TimeUnit.MILLISECONDS);
			clock = watch;
		}
		catch (final OutOfMemoryError e) {                              // the system refuses a thread: a run that works is worth more
			watch.shutdownNow();
		}
	}

	@Override
	public synchronized void close() {
		closed = true;
		stop();
	}

	private void stop() {
		if (clock != null) clock.shutdownNow();
		clock = null;
	}
}
