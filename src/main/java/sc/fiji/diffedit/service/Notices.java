package sc.fiji.diffedit.service;

import java.util.function.Consumer;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import sc.fiji.diffedit.OneLine;
import sc.fiji.diffedit.Run;

/** Passes notices about the current call's results from the components of a model to the lease's listener. */
final class Notices {

	private static final Logger LOG = LoggerFactory.getLogger(Notices.class);
	private static final ThreadLocal<Consumer<String>> LISTENER = ThreadLocal.withInitial(() -> LOG::warn);

	private Notices() {}

	/** Runs work and sends its notices to a listener; nested work may have its own listener. */
	static <T> T to(final Consumer<String> listener, final Supplier<T> work) {
		return Run.during(work::get, LISTENER, listener);
	}

	/** Runs work of somebody else, whose notices go to the log unless it names a listener. */
	static void toLog(final Runnable work) {
		to(LOG::warn, () -> {
			work.run();
			return null;
		});
	}

	static void warn(final String sentence) {
		LISTENER.get().accept(OneLine.of(sentence));
	}
}
