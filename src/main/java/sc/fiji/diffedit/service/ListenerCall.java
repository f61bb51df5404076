package sc.fiji.diffedit.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.Run;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.tensor.Torch;

/**
 * One call of a listener, on a thread of its own while the device's thread waits for it. A listener that uses models itself has them computed by
 * the thread that waits. One that blocks stops its own run only: after a while the device computes for other callers, one call at a time, among
 * them perhaps the one for which the listener waits.
 */
final class ListenerCall {

	/** How long a listener whose run was cancelled may take to end before the device goes on without it. */
	private static final long GRACE_SECONDS = 1;
	/** After this time without a word from the listener the device computes for others; then it looks for their calls this often. */
	private static final long PATIENCE_MILLIS = 500;
	private static final long POLL_MILLIS = 20;
	private static final Runnable END = () -> {};
	/** The call that this thread is at. */
	private static final ThreadLocal<ListenerCall> CURRENT = new ThreadLocal<>();
	private static final ExecutorService LISTENERS = Executors.newCachedThreadPool(task -> {
		final Thread thread = new Thread(() -> {
			Torch.prepareThread();
			task.run();
		}, "DiffEdit listener");
		thread.setDaemon(true);
		return thread;
	});

	private final Thread device = Thread.currentThread();
	private final Run run = Run.current();
	/** What the listener wants computed, and {@link #END}. */
	private final BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
	private boolean over;

	private ListenerCall() {}

	/**
	 * Calls a listener with a step, whose latents it gets as a copy.
	 *
	 * @throws CancelledException if the run is cancelled; the listener may still be at work then
	 */
	static void tell(final StepListener listener, final StepListener.Step step) {
		if (listener == StepListener.NONE) return;
		final Scope copy = Scope.detached();
		try {
			final Tensor latents = copy.adopt(step.latents().copy());
			final StepListener.Step told = new StepListener.Step(step.stage(), step.index(), step.total(), step.timestep(), latents);
			new ListenerCall().of(() -> listener.stepped(told), copy);
		}
		catch (final OutOfMemoryError e) {                                      // no thread could be started
			copy.close();
			throw e;
		}
	}

	/** Calls a listener; what it throws is thrown here. */
	static void tell(final Runnable listener) {
		new ListenerCall().of(listener, Scope.detached());
	}

	/** The call for which a device's thread waits, if this thread is at one. */
	static Optional<ListenerCall> awaitedBy(final Thread device) {
		return Optional.ofNullable(CURRENT.get()).filter(call -> call.device == device);
	}

	/** Whether this thread is at a call, for which some device's thread waits. */
	static boolean isAtOne() {
		return CURRENT.get() != null;
	}

	// -- on the device's thread --

	private void of(final Runnable listener, final Scope copy) {
		final Future<?> told = LISTENERS.submit(() -> run.call(() -> {
			call(listener, copy);
			return null;
		}));
		try (Run.CancelAction stop = run.onCancel(() -> work.add(END))) {
			for (Runnable next = wanted(); next != END; next = wanted()) next.run();
			told.get(run.isCancelled() ? GRACE_SECONDS : Long.MAX_VALUE, TimeUnit.SECONDS);
		}
		catch (final ExecutionException e) {
			throw DeviceJob.unchecked(e.getCause());
		}
		catch (final TimeoutException | InterruptedException e) {
			throw new CancelledException();
		}
		finally {
			refuse();
		}
	}

	/** What the listener wants next; computes for others as long as that is not known. */
	private Runnable wanted() throws InterruptedException {
		Runnable next = work.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
		while (next == null) {
			DeviceExecutor.computeForOthers();
			next = work.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
		}
		return next;
	}

	private void refuse() {
		final List<Runnable> left = new ArrayList<>();
		synchronized (this) {
			over = true;
			work.drainTo(left);
		}
		for (final Runnable call : left) {
			if (call instanceof FutureTask<?> task) task.cancel(false);
		}
	}

	// -- on the listener's thread --

	private void call(final Runnable listener, final Scope copy) {
		CURRENT.set(this);
		try (copy; Scope made = Scope.open()) {
			listener.run();
		}
		finally {
			CURRENT.remove();
			work.add(END);
		}
	}

	/**
	 * Computes on the thread that waits for this listener.
	 *
	 * @throws CancelledException if that waits no more, since the run was cancelled
	 */
	<T> T compute(final Callable<T> task, final Run of) {
		final FutureTask<T> call = new FutureTask<>(() -> of.call(task::call));
		synchronized (this) {
			if (over) throw new CancelledException();
			work.add(call);
		}
		try {
			return call.get();
		}
		catch (final ExecutionException e) {
			throw DeviceJob.unchecked(e.getCause());
		}
		catch (final CancellationException e) {
			throw new CancelledException();
		}
		catch (final InterruptedException e) {
			Thread.currentThread().interrupt();
			throw new CancelledException();
		}
	}
}
