package sc.fiji.diffedit.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import sc.fiji.diffedit.memory.FreeMemory;
import sc.fiji.diffedit.tensor.Device;

/**
 * The models that a {@link ModelStore} has in memory, and the rules by which they are unloaded. One lock guards the table and the
 * state of each {@link Loaded}; models are freed outside the lock, since freeing is queued on the device's thread.
 */
final class LoadedModels {

	private static final Logger LOG = LoggerFactory.getLogger(LoadedModels.class);
	/** Fraction of a device's memory that the weights of all models together may take. */
	private static final double SHARE = 0.7;

	private final Map<ModelKey, Loaded> models = new LinkedHashMap<>();
	private Optional<Long> limit = Optional.empty();
	private boolean closed;

	// -- queries --

	synchronized boolean isEmpty() {
		return models.isEmpty();
	}

	synchronized Optional<Loaded> lookup(final ModelKey key) {
		return Optional.ofNullable(models.get(key));
	}

	/** The distinct options of all models. */
	synchronized List<LoadOptions> options() {
		return models.keySet().stream().map(ModelKey::options).distinct().toList();
	}

	/** In order of last use, the most recent last. */
	synchronized List<ModelInMemory> list() {
		final long now = System.nanoTime();
		final List<ModelInMemory> list = new ArrayList<>();
		for (final Map.Entry<ModelKey, Loaded> entry : leastRecentFirst()) {
			final Loaded model = entry.getValue();
			list.add(new ModelInMemory(entry.getKey().options(), model.device().toString(), model.bytes(), model.leases(), Duration.ofNanos(now - model.lastUse())));
		}
		return list;
	}

	private List<Map.Entry<ModelKey, Loaded>> leastRecentFirst() {
		return models.entrySet().stream().sorted(Comparator.comparingLong(entry -> entry.getValue().lastUse())).toList();
	}

	// -- adding --

	/** Borrows the model if it is in memory. */
	synchronized Optional<Loaded> borrow(final ModelKey key) {
		final Optional<Loaded> model = lookup(key);
		model.ifPresent(Loaded::borrow);
		return model;
	}

	/**
	 * Adds a model that was just loaded, with its first lease. After {@link #close} it is freed when that lease is closed. A twin that a
	 * listener has loaded meanwhile leaves.
	 */
	void addLent(final ModelKey key, final Loaded fresh) {
		lookup(key).ifPresent(twin -> retire((options, loaded) -> loaded == twin));
		synchronized (this) {
			fresh.borrow();
			if (closed) fresh.retire();
			else models.put(key, fresh);
		}
	}

	// -- removing --

	/** Ends one lease of the model. */
	void release(final Loaded model) {
		final boolean free;
		synchronized (this) {
			free = model.release();
		}
		if (free) free(model);
	}

	/** Ends the lease that a model holds on its base model. */
	private void free(final Loaded model) {
		model.close();
		if (model instanceof LoadedModel diffusion) diffusion.base().ifPresent(this::release);
	}

	/** Removes models from the table and frees the idle ones; borrowed ones are freed when their last lease is closed. */
	void retire(final BiPredicate<LoadOptions, Loaded> which) {
		final List<Loaded> idle = new ArrayList<>();
		synchronized (this) {
			for (final ModelKey key : List.copyOf(models.keySet())) {
				if (!which.test(key.options(), models.get(key))) continue;
				final Loaded model = models.remove(key);
				if (model.retire()) idle.add(model);
			}
		}
		idle.forEach(this::free);
	}

	/** Frees the models that have been idle for this long. */
	void retireIdle(final Duration atLeast) {
		final long now = System.nanoTime();
		retire((options, loaded) -> loaded.isIdle() && now - loaded.lastUse() >= atLeast.toNanos());
	}

	/** Frees all idle models on the device of the given model, except that model. */
	void evictFor(final Loaded model) {
		retire((options, loaded) -> loaded.isIdle() && loaded != model && loaded.device().equals(model.device()));
	}

	/** Sets the total bytes of weights on a device; empty for 70 % of its memory. */
	void setLimit(final Optional<Long> bytes) {
		synchronized (this) {
			limit = bytes;
		}
		evict();
	}

	/** Frees idle models, the least recently used first, until the total is within the limit. */
	void evict() {
		for (final Loaded model : removeAboveLimit()) {
			LOG.info("Model '{}' leaves memory, others need its room", model.name());
			free(model);
		}
	}

	private synchronized List<Loaded> removeAboveLimit() {
		final Map<Device, Long> over = new HashMap<>();
		models.values().forEach(model -> over.merge(model.device(), model.bytes(), Long::sum));
		over.replaceAll((device, bytes) -> bytes - limit.orElseGet(() -> (long) (SHARE * FreeMemory.ofMachine().total(device))));
		final List<Loaded> leaving = new ArrayList<>();
		for (final Map.Entry<ModelKey, Loaded> entry : leastRecentFirst()) {
			final Loaded model = entry.getValue();
			if (over.get(model.device()) <= 0 || !model.isIdle()) continue;
			over.merge(model.device(), -model.bytes(), Long::sum);
			models.remove(entry.getKey());
			model.retire();
			leaving.add(model);
		}
		return leaving;
	}

	/** Frees all models; borrowed ones are freed when their last lease is closed, and none is kept from now on. */
	void close() {
		synchronized (this) {
			closed = true;
		}
		retire((options, loaded) -> true);
	}
}
