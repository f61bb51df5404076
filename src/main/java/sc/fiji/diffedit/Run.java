package sc.fiji.diffedit;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The cancellation handle of one run. Code that may cancel the run (a key, a button, a script, another thread) holds the handle;
 * it is also bound to the thread that executes the run and to the device thread that computes for it. Networks and file readers
 * call {@link #check} before each piece of work and do not depend on keys or buttons.
 *
 * <pre>{@code
 * Run run = new Run("my edit");
 * pool.submit(() -> run.call(() -> lease.diffEdit().generateMask(image, request)));
 * run.cancel();                     // the next block of the network, or the wait for another run, ends with CancelledException
 * }</pre>
 *
 * A cancelled run stays cancelled; a new run needs a new handle. Thread-safe.
 */
public final class Run {

	/** The run of work that belongs to no other, such as freeing a model: it cannot be cancelled and reports to nobody. */
	public static final Run NONE = new Run("");

	private static final ThreadLocal<Run> CURRENT = ThreadLocal.withInitial(() -> NONE);

	private final String name;
	private final Consumer<String> listener;
	private final Set<CancelAction> cancelActions = ConcurrentHashMap.newKeySet();
	private volatile boolean cancelled;

	/** @param name shown to users, such as the title of a command */
	public Run(final String name) {
		this(name, sentence -> {});
	}

	/** @param listener receives progress messages, on the thread that waits or computes */
	public Run(final String name, final Consumer<String> listener) {
		this.name = name;
		this.listener = listener;
	}

	/** The run bound to this thread; {@link #NONE} if there is none. */
	public static Run current() {
		return CURRENT.get();
	}

	/** The run bound to this thread, or else a new one of this name, so that an interrupt of the thread can end its work. */
	public static Run currentOr(final String name) {
		return CURRENT.get() == NONE ? new Run(name) : CURRENT.get();
	}

	/** @throws CancelledException if the run bound to this thread was cancelled */
	public static void check() {
		CURRENT.get().stopIfCancelled();
	}

	/** Does the work with this run bound to the thread; the work's calls on other threads of the plugin belong to the run too. */
	public <T, E extends Exception> T call(final Work<T, E> work) throws E {
		return during(work, CURRENT, this);
	}

	/** Does work while a variable of this thread has another value, and gives it back the one that it had. */
	public static <V, T, E extends Exception> T during(final Work<T, E> work, final ThreadLocal<V> variable, final V value) throws E {
		final V before = variable.get();
		variable.set(value);
		try {
			return work.done();
		}
		finally {
			variable.set(before);
		}
	}

	/** A run's work, which may fail in its own way. */
	@FunctionalInterface
	public interface Work<T, E extends Exception> {

		T done() throws E;
	}

	public String name() {
		return name;
	}

	/** Cancels the run: it stops at its next piece of work. */
	public void cancel() {
		if (this == NONE) return;
		cancelled = true;
		cancelActions.forEach(CancelAction::run);
	}

	public boolean isCancelled() {
		return cancelled;
	}

	public void stopIfCancelled() {
		if (cancelled) throw new CancelledException();
	}

	/** Reports progress to the listener: what the run waits for, or how far a long network call is. Does nothing once the run is cancelled. */
	public void report(final String sentence) {
		if (!cancelled) listener.accept(sentence);
	}

	/** Calls {@code action} on the cancelling thread when the run is cancelled, or at once if it already is, until the result is closed. */
	public CancelAction onCancel(final Runnable action) {
		final CancelAction added = new CancelAction(action);
		cancelActions.add(added);
		if (cancelled) added.run();
		return added;
	}

	@Override
	public String toString() {
		return name + (cancelled ? " (cancelled)" : "");
	}

	/** An action registered with {@link #onCancel}; it may run twice. */
	public final class CancelAction implements AutoCloseable {

		private final Runnable action;

		private CancelAction(final Runnable action) {
			this.action = action;
		}

		private void run() {
			action.run();
		}

		@Override
		public void close() {
			cancelActions.remove(this);
		}
	}
}
