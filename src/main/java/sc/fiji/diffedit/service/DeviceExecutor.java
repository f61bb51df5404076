package sc.fiji.diffedit.service;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.Run;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Torch;

/**
 * Runs all native work of a device on one thread, because libtorch stores its executor settings, the CUDA device and its worker
 * thread pool per thread. Calls are queued and block until their result is available.
 * <p>
 * A process that exits during a native call may crash, so closing waits for the thread; see {@link EndOfJava} for the JVM's shutdown.
 */
final class DeviceExecutor implements AutoCloseable {

	private static final Logger LOG = LoggerFactory.getLogger(DeviceExecutor.class);
	private static final long SECONDS_TO_END = 20;
	private static final long POLL_MILLIS = 20;
	/** How many runs may lie on the thread at once, each waiting for its listener, so that its stack holds them. */
	private static final int MOST_WAITING = 16;

	private final Device device;
	private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
	private final ExecutorService executor;
	private volatile Thread thread;
	/** All jobs that a caller waits for, queued or running. */
	private final Set<DeviceJob<?>> jobs = ConcurrentHashMap.newKeySet();
	/** The run that computes now; null when the thread is idle. */
	private volatile Run running;

	DeviceExecutor(final Device device) {
		this.device = device;
		executor = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, queue, task -> {
			thread = new Worker(() -> {
				Torch.prepareThread();
				task.run();
			});
			return thread;
		});
		EndOfJava.watch(this);
	}

	/** The thread of the device. */
	private final class Worker extends Thread {

		/** Runs that wait for their listeners while this thread computes for others. */
		private int waiting;

		Worker(final Runnable work) {
			super(work, "DiffEdit " + device);
			setDaemon(true);
		}

		void computeNext() {
			final Runnable next = waiting < MOST_WAITING ? queue.poll() : null;
			if (next == null) return;
			final Run around = running;
			waiting++;
			try {
				Notices.toLog(next);
			}
			finally {
				waiting--;
				running = around;
			}
		}
	}

	/**
	 * Computes what the next caller in the queue waits for, if this is a device's thread and there is one. To be called between two steps
	 * of a run that waits for its listener: that may itself wait, for example for a thread whose call is in the queue.
	 */
	static void computeForOthers() {
		if (Thread.currentThread() instanceof Worker worker) worker.computeNext();
	}

	/** Whether a device computes nothing else until this thread is done: it must not wait for others, who may wait for that device. */
	static boolean isHeldByThisThread() {
		return Thread.currentThread() instanceof Worker || ListenerCall.isAtOne();
	}

	Device device() {
		return device;
	}

	/**
	 * Runs a task on the device's thread as part of the caller's run, and waits until it has ended, because its result may hold
	 * native memory. When the run is cancelled or the caller interrupted, a running task ends at its next block and a queued one is
	 * removed.
	 *
	 * @throws CancelledException if the run was cancelled, or Java ends
	 */
	<T> T call(final Callable<T> task, final Run run) {
		return doneUnlessEnding(task, run, false);
	}

	/**
	 * The same for a task that returns a plain Java value: a cancelled caller returns at once, while the task ends at its next
	 * block and frees its native memory. ImageJ kills a macro that does not react to Escape within two seconds, and one block of a
	 * large image may take longer.
	 */
	<T> T callDetachable(final Callable<T> task, final Run run) {
		return doneUnlessEnding(task, run, true);
	}

	/**
	 * Runs a task that frees memory, and waits for it. During JVM shutdown it may be skipped, since the operating system frees all memory.
	 */
	void free(final Callable<Void> task) {
		try {
			done(task, Run.NONE, false);
		}
		catch (final CancelledException e) {
			if (!EndOfJava.hasStarted()) throw e;
		}
	}

	private <T> T doneUnlessEnding(final Callable<T> task, final Run run, final boolean mayBeLeft) {
		try {
			return done(task, run, mayBeLeft);
		}
		catch (final CancelledException e) {
			EndOfJava.waitForEnd();
			throw e;
		}
	}

	private <T> T done(final Callable<T> task, final Run run, final boolean mayBeLeft) {
		if (Thread.currentThread() == thread) return callDirectly(task);
		final Optional<ListenerCall> listener = ListenerCall.awaitedBy(thread);
		if (listener.isPresent()) return listener.get().compute(task, run);
		run.stopIfCancelled();
		final DeviceJob<T> job = new DeviceJob<>(task, run, mayBeLeft);
		jobs.add(job);
		try (Run.CancelAction waiting = run.onCancel(job::abandon)) {
			if (EndOfJava.hasStarted()) throw new CancelledException();
			final Run before = running;
			executor.execute(() -> compute(job));
			if (before != null && !job.isStarted()) run.report("Waiting for \"" + before.name() + "\", which computes on " + device + " now.");
			return job.result();
		}
		finally {
			jobs.remove(job);
		}
	}

	private void compute(final DeviceJob<?> job) {
		if (!job.start()) return;
		running = job.run();
		final Runnable finish = job.compute();
		running = null; // before the caller continues, whose next task would else be told to wait for this one
		finish.run();
	}

	private static <T> T callDirectly(final Callable<T> task) {
		try {
			return task.call();
		}
		catch (final Exception e) {
			throw DeviceJob.unchecked(e);
		}
	}

	/** Accepts no more tasks, and waits until the accepted ones are done and the thread has ended. */
	@Override
	public void close() {
		close(SECONDS_TO_END, TimeUnit.SECONDS);
	}

	/** @return whether the thread has ended within this time; does not wait during JVM shutdown */
	boolean close(final long time, final TimeUnit unit) {
		executor.shutdown();
		if (Thread.currentThread() == thread || ListenerCall.awaitedBy(thread).isPresent()) return false; // it ends after this task
		final long limit = System.nanoTime() + unit.toNanos(time);
		try {
			while (!executor.awaitTermination(Math.min(POLL_MILLIS, unit.toMillis(time)), TimeUnit.MILLISECONDS)) {
				if (EndOfJava.hasStarted()) return false;
				if (System.nanoTime() >= limit) {
					LOG.warn("Work on {} did not end within {} {}", device, time, unit.toString().toLowerCase(java.util.Locale.ROOT));
					return false;
				}
			}
			if (thread != null) thread.join(unit.toMillis(time));
			return true;
		}
		catch (final InterruptedException e) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	/** Cancels all work at its next block and releases all callers. */
	void cancelAll() {
		jobs.forEach(DeviceJob::cancel);
	}

	/**
	 * Whether native work may be in progress: the thread waits neither for tasks nor, for example in a listener, for anything else in Java.
	 */
	boolean isComputing() {
		final Thread worker = thread;
		return worker != null && worker.getState() == Thread.State.RUNNABLE;
	}
}
