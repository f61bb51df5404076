package sc.fiji.diffedit.fiji;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

import javax.swing.SwingUtilities;

/** Computes on a thread of its own what the event thread asks for; of the requests that wait only the last one counts. */
public final class Latest<T> implements AutoCloseable {

	private final ExecutorService computing = Executors.newSingleThreadExecutor(task -> {
		final Thread thread = new Thread(task, "DiffEdit window");
		thread.setDaemon(true);
		return thread;
	});
	private final AtomicReference<Supplier<T>> waiting = new AtomicReference<>();
	private final Consumer<T> use;

	/** @param use takes what was computed, on the event thread */
	public Latest(final Consumer<T> use) {
		this.use = use;
	}

	/** Asks for a value in place of the one that still waits. */
	public void compute(final Supplier<T> work) {
		if (waiting.getAndSet(work) == null && !computing.isShutdown()) computing.execute(this::next);
	}

	private void next() {
		final T value = waiting.getAndSet(null).get();
		SwingUtilities.invokeLater(() -> use.accept(value));
	}

	@Override
	public void close() {
		computing.shutdown();
	}
}
