package sc.fiji.diffedit;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * A run that somebody waits for, as the handle by which it is stopped. Whoever may stop it (a key, a button, a script, another
 * thread) keeps the handle; the thread that works on it carries it, and so does the thread that computes for that one. So
 * networks and files ask {@link #check} before each piece of work, and know nothing of keys and buttons.
 *
 * <pre>{@code
 * Run run = new Run("my edit");
 * pool.submit(() -> run.call(() -> lease.diffEdit().generateMask(image, request)));
 * run.cancel();                     // the next block of the network, or the wait for another run, ends with CancelledException
 * }</pre>
 *
 * Asked to stop once, a run stays so; another run is another handle. Safe for use by several threads.
 */
public final class Run {

	/** Of work that belongs to no run, such as freeing a model: it cannot be cancelled, and nobody hears of it. */
	public static final Run NONE = new Run("");

	private static final ThreadLocal<Run> CURRENT = ThreadLocal.withInitial(() -> NONE);

	private final String name;
	private final Consumer<String> listener;
	private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
	private volatile boolean cancelled;

	/** @param name how users know it, such as the title of a command */
	public Run(final String name) {
		this(name, sentence -> {});
	}

	/** @param listener receives what goes on, on the thread that waits or computes */
	public Run(final String name, final Consumer<String> listener) {
		this.name = name;
		this.listener = listener;
	}

	/** The run that this thread works on; {@link #NONE} if there is none. */
	public static Run current() {
		return CURRENT.get();
	}

	/** The same, or a new one of this name for a thread that works on none, so that an interrupt of it can end its work. */
	public static Run currentOr(final String name) {
		return CURRENT.get() == NONE ? new Run(name) : CURRENT.get();
	}

	/** @throws CancelledException if the run that this thread works on was asked to stop */
	public static void check() {
		CURRENT.get().stopIfCancelled();
	}

	/** Works on this run: what the work asks and what it starts on other threads of ours belongs to it. */
	public <T, E extends Exception> T call(final Work<T, E> work) throws E {
		final Run before = CURRENT.get();
		CURRENT.set(this);
		try {
			return work.done();
		}
		finally {
			CURRENT.set(before);
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

	/** Asks the run to stop at its next piece of work. */
	public void cancel() {
		if (this == NONE) return;
		cancelled = true;
		waiting.forEach(Waiting::tell);
	}

	public boolean isCancelled() {
		return cancelled;
	}

	public void stopIfCancelled() {
		if (cancelled) throw new CancelledException();
	}

	/** Tells what goes on: what the run waits for, or how far a long call of a network is. Of a cancelled run nobody wants to hear. */
	public void say(final String sentence) {
		if (!cancelled) listener.accept(sentence);
	}

	/** Until it is closed, {@code action} is called when the run is cancelled, on the thread that cancels; at once if it was before. */
	public Waiting onCancel(final Runnable action) {
		final Waiting added = new Waiting(action);
		waiting.add(added);
		if (cancelled) added.tell();
		return added;
	}

	@Override
	public String toString() {
		return name + (cancelled ? " (cancelled)" : "");
	}

	/** Somebody who sleeps until a run goes on or is cancelled; may be woken twice. */
	public final class Waiting implements AutoCloseable {

		private final Runnable wake;

		private Waiting(final Runnable action) {
			this.wake = action;
		}

		private void tell() {
			wake.run();
		}

		@Override
		public void close() {
			waiting.remove(this);
		}
	}
}
