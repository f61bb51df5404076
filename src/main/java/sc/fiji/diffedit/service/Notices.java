package sc.fiji.diffedit.service;

import java.util.function.Consumer;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notices about the results of the current call, which go from parts of a model to the listener of the lease. */
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
