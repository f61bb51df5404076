package sc.fiji.diffedit.pipelines;

import java.util.List;
import java.util.function.Supplier;

import sc.fiji.diffedit.tensor.Numbers;

/**
 * What networks have answered before, by content: pipelines look here first. Whoever owns the model decides what is kept
 * for how long ({@code service.ResultCache}). Results are the same to the last bit with and without it.
 */
public interface KeptResults {

	/** Keeps nothing. */
	KeptResults NONE = new KeptResults() {

		@Override
		public List<Numbers> find(final ResultKey key) {
			return List.of();
		}

		@Override
		public void keep(final ResultKey key, final List<Numbers> numbers) {}
	};

	/** What is kept under a key, which nobody may change; empty if there is nothing. */
	List<Numbers> find(ResultKey key);

	/** Keeps numbers, in place of what was kept under the key. They must not be changed any more. */
	void keep(ResultKey key, List<Numbers> numbers);

	/** What is kept under a key, or is computed now and kept. */
	default List<Numbers> get(final ResultKey key, final Supplier<List<Numbers>> otherwise) {
		final List<Numbers> kept = find(key);
		if (!kept.isEmpty()) return kept;
		final List<Numbers> computed = otherwise.get();
		keep(key, computed);
		return computed;
	}
}
