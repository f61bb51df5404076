package sc.fiji.diffedit.service;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.Run;

/** A task that waits for its turn on a {@link DeviceExecutor}: taken by the device's thread, or given up by whoever waits for it. */
final class DeviceJob<T> {

	private final Callable<T> task;
	private final Run run;
	private final boolean mayBeLeft;
	private final AtomicBoolean started = new AtomicBoolean();
	private final CompletableFuture<T> result = new CompletableFuture<>();

	/**
	 * @param run that it is part of
	 * @param mayBeLeft whether its caller need not wait for its end once the run is cancelled
	 */
	DeviceJob(final Callable<T> task, final Run run, final boolean mayBeLeft) {
		this.task = task;
		this.run = run;
		this.mayBeLeft = mayBeLeft;
	}

	Run run() {
		return run;
	}

	// -- on the device's thread --

	/** Whether it is still wanted; nobody else takes it then. */
	boolean start() {
		return started.compareAndSet(false, true);
	}

	/** Does the task; what comes out or goes wrong is the answer. */
	void compute() {
		try {
			result.complete(run.call(task::call));
		}
		catch (final Throwable e) {
			result.completeExceptionally(e);
		}
	}

	// -- on other threads --

	boolean isStarted() {
		return started.get();
	}

	/** Its caller goes on at once, unless the work has begun and must have an end. */
	void abandon() {
		if (start() || mayBeLeft) result.completeExceptionally(new CancelledException());
	}

	/** Cancels the run; its caller goes on at once, whether the work has begun or not. */
	void cancel() {
		run.cancel();
		started.set(true);
		result.completeExceptionally(new CancelledException());
	}

	/** What came out. An interrupt of the caller cancels the run, and is kept. */
	T result() {
		boolean interrupted = false;
		try {
			while (true) {
				try {
					return result.get();
				}
				catch (final InterruptedException e) {
					interrupted = true;
					run.cancel();
				}
			}
		}
		catch (final ExecutionException e) {
			throw unchecked(e.getCause());
		}
		finally {
			if (interrupted) Thread.currentThread().interrupt();
		}
	}

	/** The same failure, as one that need not be declared. */
	static RuntimeException unchecked(final Throwable cause) {
		if (cause instanceof Error) throw (Error) cause;
		return cause instanceof RuntimeException ? (RuntimeException) cause : new IllegalStateException(cause);
	}
}
