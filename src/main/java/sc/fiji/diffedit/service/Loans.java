package sc.fiji.diffedit.service;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import sc.fiji.diffedit.OneLine;

/** Lends models, loading those that are not in memory: one at a time, without blocking leases of other models. */
final class Loans {

	private static final Logger LOG = LoggerFactory.getLogger(Loans.class);

	private final LoadedModels models;
	private final DeviceThreads threads;
	private final Consumer<Loaded> arrival;
	private final OneAtATime loading = new OneAtATime();

	/** @param arrival called with each model after it has been loaded */
	Loans(final LoadedModels models, final DeviceThreads threads, final Consumer<Loaded> arrival) {
		this.models = models;
		this.threads = threads;
		this.arrival = arrival;
	}

	/**
	 * Lends a model until it is {@linkplain #release released}.
	 *
	 * @param kind the class of the model
	 * @param load loads the model if it is not in memory
	 * @throws IllegalStateException if the store is closed
	 */
	<L extends Loaded> L borrow(final ModelKey key, final Class<L> kind, final Function<LoadOptions, L> load) {
		threads.reserve();
		try {
			return hold(key, kind, load);
		}
		catch (final RuntimeException | Error e) {
			threads.release();
			throw e;
		}
	}

	void release(final Loaded model) {
		models.release(model);
		threads.release();
	}

	/** Lends a model to the holder of another lease, until it is {@linkplain LoadedModels#release released}. */
	<L extends Loaded> L hold(final ModelKey key, final Class<L> kind, final Function<LoadOptions, L> load) {
		dropIfChanged(key);
		final Optional<Loaded> loaded = models.borrow(key);
		if (loaded.isPresent()) return kind.cast(loaded.get());
		final Supplier<Loaded> missing = () -> models.borrow(key).orElseGet(() -> loaded(key, load));
		// who loads now may wait for the device that this thread holds
		return kind.cast(DeviceExecutor.isHeldByThisThread() ? missing.get() : loading.done("loading model '" + key.options().model() + "'", missing));
	}

	private Loaded loaded(final ModelKey key, final Function<LoadOptions, ? extends Loaded> load) {
		final Loaded fresh = load.apply(key.options());
		models.addLent(key, fresh);
		arrival.accept(fresh);
		return fresh;
	}

	/** Removes a model whose files have changed; open leases keep the old one. */
	private void dropIfChanged(final ModelKey key) {
		final Optional<Loaded> known = models.lookup(key);
		final Optional<Path> changed = known.flatMap(Loaded::changedFile);
		if (changed.isEmpty()) return;
		LOG.warn("{} has changed since model '{}' was opened; the model is opened again", OneLine.of(changed.get().toString()), known.get().name());
		models.retire((options, loaded) -> loaded == known.get());
	}
}
