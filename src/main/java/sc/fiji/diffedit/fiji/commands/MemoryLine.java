package sc.fiji.diffedit.fiji.commands;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.scijava.ItemVisibility;
import org.scijava.plugin.Parameter;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.inputs.InputGroup;

/**
 * What forms say below their memory preset: how much memory a run with the present answers is expected to take at each stage,
 * and how much is free. It is worked out anew when an answer that matters has changed, aside from the event thread, from the
 * configs and headers of the model's files; what is wrong with model or answers is shown in its place, and never keeps a form
 * from being shown.
 */
final class MemoryLine extends InputGroup {

	/** The field of forms, and the method that is called when an answer has changed. */
	static final String FIELD = "expected", CHANGED = "estimateMemory";

	static final String UNKNOWN = "Memory: looking at the model...";

	private static final ExecutorService ESTIMATING = Executors.newSingleThreadExecutor(task -> {
		final Thread thread = new Thread(task, "DiffEdit expected memory");
		thread.setDaemon(true);
		return thread;
	});

	/** HTML with nothing but line breaks. */
	@Parameter(visibility = ItemVisibility.MESSAGE, required = false, persist = false)
	private volatile String expected = "";

	private final AtomicInteger requests = new AtomicInteger();

	/** Works out and shows a text; one that comes too late is not shown. */
	void show(final Supplier<String> text) {
		final int request = requests.incrementAndGet();
		expected = UNKNOWN;
		ESTIMATING.execute(() -> {
			if (request != requests.get()) return;
			final String found = orWhatIsWrong(text);
			if (request == requests.get()) expected = found;
		});
	}

	private static String orWhatIsWrong(final Supplier<String> text) {
		try {
			return text.get();
		}
		catch (final DiffEditException e) {
			return MemoryText.lines("Memory: " + e.getMessage());
		}
		catch (final RuntimeException | Error e) {             // whatever it is: the form must not wait forever
			return MemoryText.lines("Memory: cannot be estimated for this model (" + e + ").");
		}
	}

	/** A message is no answer. */
	@Override
	protected Provenance addTo(final Provenance made) {
		return made;
	}
}
