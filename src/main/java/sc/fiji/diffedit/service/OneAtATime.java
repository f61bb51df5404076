package sc.fiji.diffedit.service;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.Run;

/** A reentrant lock for work that must not run concurrently. A waiting run reports what it waits for and can be cancelled while it waits. */
final class OneAtATime {

	private static final int POLL_MILLIS = 50;

	private final ReentrantLock turn = new ReentrantLock(true);
	private volatile String now = "";

	/**
	 * Runs the work once the lock is free.
	 *
	 * @param name of the work, for the messages of waiting runs
	 * @throws CancelledException if the caller's run is cancelled or its thread interrupted before
	 */
	<T> T done(final String name, final Supplier<T> work) {
		acquire();
		final String around = now;
		now = name;
		try {
			return work.get();
		}
		finally {
			now = around;
			turn.unlock();
		}
	}

	private void acquire() {
		Run.check();
		if (turn.tryLock()) return;
		Run.current().report("Waiting until " + now + " is done.");
		try {
			while (!turn.tryLock(POLL_MILLIS, TimeUnit.MILLISECONDS)) Run.check();
		}
		catch (final InterruptedException e) {
			Thread.currentThread().interrupt();
			throw new CancelledException();
		}
	}
}
