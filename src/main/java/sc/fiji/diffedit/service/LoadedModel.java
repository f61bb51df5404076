package sc.fiji.diffedit.service;

import java.util.function.Function;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.pipelines.DiffusionModel;
import sc.fiji.diffedit.tensor.Scope;

/** A model in memory, the thread it computes on, and how many leases are open on it. Guarded by the {@link ModelStore}. */
final class LoadedModel implements AutoCloseable {

	private final DiffusionModel model;
	private final AdaptedModel adapted;
	private final DeviceExecutor executor;
	private final AutoCloseable resources;
	private final String hash;
	private int leases;
	private boolean unwanted;

	/** @param resources networks and files, freed with the model */
	LoadedModel(final DiffusionModel model, final AdaptedModel adapted, final String hash, final DeviceExecutor executor, final AutoCloseable resources) {
		this.model = model;
		this.adapted = adapted;
		this.hash = hash;
		this.executor = executor;
		this.resources = resources;
	}

	String name() {
		return model.name();
	}

	String hash() {
		return hash;
	}

	DiffusionModel model() {
		return model;
	}

	<T> T call(final Adapters adapters, final Function<DiffusionModel, T> work, final Runnable onInterrupt) {
		return executor.call(() -> {
			try (Scope scope = Scope.open()) {
				return work.apply(adapted.with(adapters, model));
			}
		}, onInterrupt);
	}

	void lend() {
		leases++;
	}

	/** Whether nobody holds it any more and it was asked to go. */
	boolean giveBack() {
		leases--;
		return leases == 0 && unwanted;
	}

	/** Asks it to go; true when nobody holds it. */
	boolean retire() {
		unwanted = true;
		return leases == 0;
	}

	boolean isUnwanted() {
		return unwanted;
	}

	@Override
	public void close() {
		executor.call(() -> {
			try {
				resources.close();
			}
			catch (final Exception e) {
				throw new DiffEditException("Model '" + model.name() + "' could not be freed completely: " + e.getMessage(), e);
			}
			return null;
		}, () -> {});
	}
}
