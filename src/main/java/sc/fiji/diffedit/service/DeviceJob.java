package sc.fiji.diffedit.service;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.OtherLibrary;
import sc.fiji.diffedit.Run;

/** A task queued on a {@link DeviceExecutor}: either started by the device's thread or abandoned by its caller. */
final class DeviceJob<T> {

	private final Callable<T> task;
	private final Run run;
	private final boolean mayBeLeft;
	private final AtomicBoolean started = new AtomicBoolean();
	private final CompletableFuture<T> result = new CompletableFuture<>();

	/**
	 * @param run to which it belongs
	 * @param mayBeLeft whether its caller may return before it has ended, once the run is cancelled
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

	/** Starts the job unless it was abandoned; returns whether it was started. */
	boolean start() {
		return started.compareAndSet(false, true);
	}

	/**
	 * Executes the task.
	 *
	 * @return hands its result or exception to the caller
	 */
	Runnable compute() {
		try {
			final T answer = run.call(task::call);
			return () -> result.complete(answer);
		}
		catch (final Throwable e) {
			return () -> result.completeExceptionally(e);
		}
	}

	// -- on other threads --

	boolean isStarted() {
		return started.get();
	}

	/** Releases the caller at once, unless the task has started and must be waited for. */
	void abandon() {
		if (start() || mayBeLeft) result.completeExceptionally(new CancelledException());
	}

	/** Cancels the run and releases the caller at once, whether the task has started or not. */
	void cancel() {
		run.cancel();
		started.set(true);
		result.completeExceptionally(new CancelledException());
	}

	/** Waits for the result. An interrupt of the caller cancels the run and is preserved. */
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

	/** Rethrows any exception without declaring it; one of Java's that an old library causes as a sentence of ours. */
	static RuntimeException unchecked(final Throwable cause) {
		final Optional<DiffEditException> library = OtherLibrary.sentence(cause);
		if (library.isPresent()) return library.get();
		if (cause instanceof Error) throw (Error) cause;
		return cause instanceof RuntimeException ? (RuntimeException) cause : new IllegalStateException(cause);
	}
}
