package sc.fiji.diffedit.results;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import sc.fiji.diffedit.results.ResultStore.Kind;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Numbers;
import sc.fiji.diffedit.tensor.Tensor;

/** The results of one network in a {@link ResultStore}: keys begin with what the network is. */
public final class NetworkResults {

	private final ResultStore store;
	private final String model;
	private final Supplier<String> identity;
	private final Runnable sound;

	NetworkResults(final ResultStore store, final String model, final Supplier<String> identity, final Runnable sound) {
		this.store = store;
		this.model = model;
		this.identity = identity;
		this.sound = sound;
	}

	/** The beginning of a key: what kind of call it is, and the network as it is now. */
	CallDigest call(final Kind kind) {
		return new CallDigest().with(kind.toString()).with(identity.get());
	}

	/** Whether an answer of so many numbers can be kept at all. */
	boolean hasRoomFor(final long numbers) {
		return store.hasRoomFor(numbers);
	}

	Optional<List<Numbers>> find(final String key) {
		return store.find(key);
	}

	/** The end of a call whose result is not cached: throws if the network may not have been what it is meant to be. */
	void check() {
		sound.run();
	}

	void put(final String key, final List<Numbers> result, final Kind kind, final String label) {
		check();
		store.put(key, result, kind, model, label);
	}

	/**
	 * What is kept under a key, or is computed now and kept. Fresh answers take the same way through plain numbers as remembered
	 * ones, so that both lie in memory alike.
	 *
	 * @param device of the result
	 * @param kept run if it is kept
	 * @return in the innermost scope
	 */
	List<Tensor> get(final String key, final Kind kind, final String label, final Device device, final Runnable kept, final Supplier<List<Numbers>> otherwise) {
		final Optional<List<Numbers>> found = find(key);
		found.ifPresent(numbers -> kept.run());
		final List<Numbers> result = found.orElseGet(() -> {
			final List<Numbers> fresh = otherwise.get();
			put(key, fresh, kind, label);
			return fresh;
		});
		return result.stream().map(numbers -> numbers.toTensor(device)).toList();
	}
}
