package sc.fiji.diffedit.memory;

import java.util.List;
import java.util.Locale;

import sc.fiji.diffedit.DiffEditException;

/** A run needs more memory than is free: found out before it began, or by an allocation that was refused. */
public final class NotEnoughMemory extends DiffEditException {

	private static final long serialVersionUID = 1L;

	/** Messages of libtorch's allocators when memory is exhausted; oneDNN's, when it gets none for the code of a layer. */
	private static final List<String> REFUSALS = List.of("out of memory", "can't allocate memory", "not enough memory", "alloc_failed", "bad_alloc", "cannot allocate memory", "could not create a primitive");

	public NotEnoughMemory(final String message) {
		super(message);
	}

	public NotEnoughMemory(final String message, final Throwable cause) {
		super(message, cause);
	}

	/** Whether this, or what it comes from, is a lack of native memory. Java's own heap is another matter. */
	public static boolean is(final Throwable thrown) {
		for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
			if (cause instanceof NotEnoughMemory) return true;
			if (cause instanceof OutOfMemoryError) return false;
			final String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
			if (REFUSALS.stream().anyMatch(message::contains)) return true;
		}
		return false;
	}
}
