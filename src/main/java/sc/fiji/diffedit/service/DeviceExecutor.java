package sc.fiji.diffedit.service;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Torch;

/**
 * The one thread on which all native work of a device runs: libtorch keeps its executor settings, the CUDA device and the
 * team of worker threads per thread. Callers wait for their turn and for their result.
 */
final class DeviceExecutor implements AutoCloseable {

	private final ExecutorService executor;
	private volatile Thread thread;

	DeviceExecutor(final Device device) {
		executor = Executors.newSingleThreadExecutor(task -> {
			thread = new Thread(() -> {
				Torch.prepareThread();
				task.run();
			}, "DiffEdit " + device);
			thread.setDaemon(true);
			return thread;
		});
	}

	/**
	 * Runs a task on the device's thread and waits for it. An interrupt of the caller does not abandon native work half way:
	 * {@code onInterrupt} is told, and the call still waits for the task to end.
	 */
	<T> T call(final Callable<T> task, final Runnable onInterrupt) {
		if (Thread.currentThread() == thread) return here(task);
		final Future<T> future = executor.submit(task);
		boolean interrupted = false;
		try {
			while (true) {
				try {
					return future.get();
				}
				catch (final InterruptedException e) {
					interrupted = true;
					onInterrupt.run();
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

	private static <T> T here(final Callable<T> task) {
		try {
			return task.call();
		}
		catch (final Exception e) {
			throw unchecked(e);
		}
	}

	private static RuntimeException unchecked(final Throwable cause) {
		if (cause instanceof Error) throw (Error) cause;
		return cause instanceof RuntimeException ? (RuntimeException) cause : new IllegalStateException(cause);
	}

	@Override
	public void close() {
		executor.shutdown();
	}
}
