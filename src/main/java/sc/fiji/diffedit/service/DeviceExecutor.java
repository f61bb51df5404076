package sc.fiji.diffedit.service;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Torch;

/**
 * The one thread on which all native work of a device runs: libtorch keeps its executor settings, the CUDA device and the
 * team of worker threads per thread. Callers wait for their turn and for their result.
 * <p>
 * A process that ends while a native call is under way may crash, so whoever closes waits for the thread, and when Java
 * shuts down the running call is asked to stop at its next step and waited for, both within a limit.
 */
final class DeviceExecutor implements AutoCloseable {

	private static final Logger LOG = LoggerFactory.getLogger(DeviceExecutor.class);
	private static final long SECONDS_TO_END = 20;
	private static final Set<DeviceExecutor> OPEN = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

	static {
		Runtime.getRuntime().addShutdownHook(new Thread(DeviceExecutor::endAll, "DiffEdit shutdown"));
	}

	private final Device device;
	private final ExecutorService executor;
	private volatile Thread thread;
	private volatile Runnable stop = () -> {};

	DeviceExecutor(final Device device) {
		this.device = device;
		executor = Executors.newSingleThreadExecutor(task -> {
			thread = new Thread(() -> {
				Torch.prepareThread();
				task.run();
			}, "DiffEdit " + device);
			thread.setDaemon(true);
			return thread;
		});
		OPEN.add(this);
	}

	Device device() {
		return device;
	}

	/**
	 * Runs a task on the device's thread and waits for it. An interrupt of the caller does not abandon native work half way:
	 * {@code onInterrupt} is told, and the call still waits for the task to end.
	 */
	<T> T call(final Callable<T> task, final Runnable onInterrupt) {
		if (Thread.currentThread() == thread) return here(task);
		final Future<T> future = executor.submit(() -> {
			stop = onInterrupt;
			try {
				return task.call();
			}
			finally {
				stop = () -> {};
			}
		});
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

	/** Takes no more tasks, and waits until those that were taken are done and the thread has ended. */
	@Override
	public void close() {
		close(SECONDS_TO_END, TimeUnit.SECONDS);
	}

	/** @return whether the thread has ended within this time */
	boolean close(final long time, final TimeUnit unit) {
		executor.shutdown();
		OPEN.remove(this);
		if (Thread.currentThread() == thread) return false; // it ends after this task
		try {
			if (executor.awaitTermination(time, unit)) {
				if (thread != null) thread.join(unit.toMillis(time));
				return true;
			}
			LOG.warn("Work on {} did not end within {} {}", device, time, unit.toString().toLowerCase(java.util.Locale.ROOT));
		}
		catch (final InterruptedException e) {
			Thread.currentThread().interrupt();
		}
		return false;
	}

	/** What the end of Java does: running calls stop at their next step, and the native one under way is waited for. */
	static void endAll() {
		final DeviceExecutor[] open = OPEN.toArray(new DeviceExecutor[0]);
		for (final DeviceExecutor executor : open) executor.stop.run();
		for (final DeviceExecutor executor : open) {
			executor.executor.shutdownNow(); // what has not begun never will
			executor.close();
		}
	}
}
