package sc.fiji.diffedit.service;

import java.util.concurrent.Callable;

import sc.fiji.diffedit.DiffEditException;

/** Something in memory that is lent: the thread it computes on, how many hold it, and whether it was asked to go. Guarded by the {@link ModelStore}. */
abstract class Loaded implements AutoCloseable {

	private final String name;
	private final DeviceExecutor executor;
	private final AutoCloseable resources;
	private int leases;
	private boolean unwanted;

	/** @param resources networks and files, freed with it */
	Loaded(final String name, final DeviceExecutor executor, final AutoCloseable resources) {
		this.name = name;
		this.executor = executor;
		this.resources = resources;
	}

	/** How the user called it. */
	final String name() {
		return name;
	}

	/** Runs a task on its thread and waits for it. */
	final <T> T onItsThread(final Callable<T> task, final Runnable onInterrupt) {
		return executor.call(task, onInterrupt);
	}

	final boolean sharesThreadWith(final Loaded other) {
		return executor == other.executor;
	}

	final void lend() {
		leases++;
	}

	/** Whether nobody holds it any more and it was asked to go. */
	final boolean giveBack() {
		leases--;
		return leases == 0 && unwanted;
	}

	/** Asks it to go; true when nobody holds it. */
	final boolean retire() {
		unwanted = true;
		return leases == 0;
	}

	@Override
	public void close() {
		executor.call(() -> {
			try {
				resources.close();
			}
			catch (final Exception e) {
				throw new DiffEditException("Model '" + name + "' could not be freed completely: " + e.getMessage(), e);
			}
			return null;
		}, () -> {});
	}
}
