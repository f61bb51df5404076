package sc.fiji.diffedit.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The resident memory of this process as the Linux kernel counts it, and its peak while something runs, sampled every two
 * milliseconds. Anonymous pages are those that only this process has; file pages are mapped files, which the kernel may drop.
 */
public final class PeakMemory implements AutoCloseable {

	private static final Path STATUS = Path.of("/proc/self/status");

	/** Anonymous and file pages in bytes. */
	public record Resident(long anonymous, long file) {

		/** @return zeros where the system does not tell */
		public static Resident now() {
			long anonymous = 0;
			long file = 0;
			try {
				for (final String line : Files.readAllLines(STATUS)) {
					if (line.startsWith("RssAnon:")) anonymous = kibibytes(line);
					if (line.startsWith("RssFile:")) file = kibibytes(line);
				}
			}
			catch (final IOException e) {
				return new Resident(0, 0);
			}
			return new Resident(anonymous, file);
		}

		private static long kibibytes(final String line) {
			return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
		}
	}

	private final Resident first = Resident.now();
	private final Thread watch = new Thread(this::run, "peak memory");
	private volatile boolean done;
	private long anonymous;
	private long all;

	private PeakMemory() {}

	/** Begins to watch. */
	public static PeakMemory watch() {
		final PeakMemory peak = new PeakMemory();
		peak.watch.setDaemon(true);
		peak.watch.start();
		return peak;
	}

	private void run() {
		while (!done) {
			look();
			try {
				Thread.sleep(2);
			}
			catch (final InterruptedException e) {
				return;
			}
		}
	}

	private synchronized void look() {
		final Resident now = Resident.now();
		anonymous = Math.max(anonymous, now.anonymous());
		all = Math.max(all, now.anonymous() + now.file());
	}

	/** What was resident at the beginning. */
	public Resident first() {
		return first;
	}

	/** Most anonymous bytes so far. */
	public synchronized long anonymous() {
		return anonymous;
	}

	/** Most resident bytes so far, mapped files included. */
	public synchronized long all() {
		return all;
	}

	/** Anonymous bytes at the peak above those at the beginning. */
	public synchronized long above() {
		return Math.max(0, anonymous - first.anonymous());
	}

	@Override
	public void close() {
		done = true;
		try {
			watch.join();
		}
		catch (final InterruptedException e) {
			Thread.currentThread().interrupt();
		}
		look();
	}
}
