package sc.fiji.diffedit.fiji.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * What some work took.
 *
 * @param seconds by the clock
 * @param resident the most bytes of memory that the whole process had meanwhile, Java's own among them, looked at every few
 *          milliseconds; NaN where the system does not tell (only Linux does)
 */
record Cost(double seconds, double resident) {

	static final Cost NONE = new Cost(0, Double.NaN);

	private static final Path STATUS = Path.of("/proc/self/status");
	private static final long PAUSE = 5;

	/** A result and what it took. */
	record Of<T>(T result, Cost cost) {}

	static <T> Of<T> of(final Supplier<T> work) {
		final long start = System.nanoTime();
		final Watch watch = new Watch();
		final T result;
		try {
			result = work.get();
		}
		finally {
			watch.end();
		}
		return new Of<>(result, new Cost((System.nanoTime() - start) / 1e9, watch.most));
	}

	/** Of this work and other work after it. */
	Cost and(final Cost next) {
		final double most = Double.isNaN(resident) ? next.resident : Double.isNaN(next.resident) ? resident : Math.max(resident, next.resident);
		return new Cost(seconds + next.seconds, most);
	}

	/** Looks at the memory until it is ended. */
	private static final class Watch extends Thread {

		private final AtomicBoolean ended = new AtomicBoolean();
		private volatile double most = residentNow();

		Watch() {
			super("DiffEdit memory");
			setDaemon(true);
			if (!Double.isNaN(most)) start();
		}

		@Override
		public void run() {
			while (!ended.get()) {
				most = Math.max(most, residentNow());
				try {
					Thread.sleep(PAUSE);
				}
				catch (final InterruptedException e) {
					return;
				}
			}
		}

		void end() {
			ended.set(true);
			try {
				join();
			}
			catch (final InterruptedException e) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/** Bytes that this process has in memory now. */
	private static double residentNow() {
		try {
			return Files.readAllLines(STATUS).stream().filter(line -> line.startsWith("VmRSS:")).mapToDouble(line -> 1024.0 * Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElse(Double.NaN);
		}
		catch (final IOException e) {
			return Double.NaN;
		}
	}
}
