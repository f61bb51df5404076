package sc.fiji.diffedit.service;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Estimates for models that need not be in memory, cached for a short time because forms request them at every change. */
final class Expectations {

	private static final int MOST = 8;
	/** An estimate expires after this time, because the automatic preset depends on the free memory. */
	private static final long NANOS = 20_000_000_000L;

	private final Map<LoadOptions, Cached> cached = new LinkedHashMap<>(MOST, 0.75f, true) {

		private static final long serialVersionUID = 1L;

		@Override
		protected boolean removeEldestEntry(final Map.Entry<LoadOptions, Cached> eldest) {
			return size() > MOST;
		}
	};

	private record Cached(ExpectedMemory memory, long since) {

		boolean isCurrent() {
			return System.nanoTime() - since < NANOS && memory.isCurrent();
		}
	}

	/** May be called from any thread; examines one model at a time. */
	synchronized ExpectedMemory of(final LoadOptions options, final Function<LoadOptions, ExpectedMemory> load) {
		final Cached before = cached.get(options);
		if (before != null && before.isCurrent()) return before.memory();
		final ExpectedMemory memory = load.apply(options);
		cached.put(options, new Cached(memory, System.nanoTime()));
		return memory;
	}
}
