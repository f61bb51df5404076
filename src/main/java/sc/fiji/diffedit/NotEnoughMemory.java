package sc.fiji.diffedit;

import java.util.List;
import java.util.Locale;

/** A run needs more memory than is free: found out before it began, or by an allocation that was refused. */
public final class NotEnoughMemory extends DiffEditException {

	private static final long serialVersionUID = 1L;

	/** Messages of libtorch's allocators when memory is exhausted; oneDNN's, when it gets none for the code of a layer. */
	private static final List<String> REFUSALS = List.of("out of memory", "can't allocate memory", "not enough memory", "alloc_failed", "bad_alloc", "cannot allocate memory", "could not create a primitive");

	/** What oneDNN says of a layer that it does not know, and hardly ever for want of memory. */
	private static final String UNKNOWN_LAYER = "could not create a primitive descriptor";

	public NotEnoughMemory(final String message) {
		super(message);
	}

	public NotEnoughMemory(final String message, final Throwable cause) {
		super(message, cause);
	}

	/**
	 * For tests of what a device or library can do, whose answer is kept: a lack of memory says nothing of that.
	 *
	 * @throws NotEnoughMemory if this, or what it comes from, is a lack of native memory
	 */
	public static void throwIf(final RuntimeException thrown) {
		if (thrown instanceof NotEnoughMemory known) throw known;
		final String reason = String.valueOf(thrown.getMessage()).lines().findFirst().orElse("");
		if (!is(thrown) || reason.contains(UNKNOWN_LAYER)) return;
		throw new NotEnoughMemory("The system refused memory (" + reason + "); close other programs, take a smaller image, or raise the limit of the process.", thrown);
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
