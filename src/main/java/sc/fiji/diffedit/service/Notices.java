package sc.fiji.diffedit.service;

import java.util.function.Consumer;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What parts of a model have to say of the results of the call under way, which only the borrower's call knows whom to tell. */
final class Notices {

	private static final Logger LOG = LoggerFactory.getLogger(Notices.class);
	private static final ThreadLocal<Consumer<String>> LISTENER = ThreadLocal.withInitial(() -> LOG::warn);

	private Notices() {}

	/** Work whose notices go to a listener; work within it may have a listener of its own. */
	static <T> T to(final Consumer<String> listener, final Supplier<T> work) {
		final Consumer<String> before = LISTENER.get();
		LISTENER.set(listener);
		try {
			return work.get();
		}
		finally {
			LISTENER.set(before);
		}
	}

	static void warn(final String sentence) {
		LISTENER.get().accept(sentence);
	}
}
