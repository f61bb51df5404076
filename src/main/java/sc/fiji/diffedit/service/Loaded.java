package sc.fiji.diffedit.service;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.Run;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.FreedMemory;

/**
 * A loaded model that is shared: its device thread, the number of its users, and whether it is to be freed after use. Guarded by
 * {@link LoadedModels}.
 */
abstract class Loaded implements AutoCloseable {

	private final String name;
	private final DeviceExecutor executor;
	private final AutoCloseable resources;
	private final FileStamps files;
	private final long bytes;
	private int leases;
	private long lastUse;
	private boolean dropped;

	/**
	 * @param files as stamped when it was opened
	 * @param bytes of the weights of all networks, as stored in memory after first use
	 * @param resources networks and files, freed with it
	 */
	Loaded(final String name, final FileStamps files, final long bytes, final DeviceExecutor executor, final AutoCloseable resources) {
		this.name = name;
		this.executor = executor;
		this.resources = resources;
		this.files = files;
		this.bytes = bytes;
	}

	/** The name by which the user requested it. */
	final String name() {
		return name;
	}

	/**
	 * Runs a task as part of the caller's run on the device's thread, and waits for its result, a plain Java value, unless the run
	 * is cancelled.
	 */
	final <T> T onItsThread(final Callable<T> task) {
		final Run run = Run.currentOr(name);
		final T answer = executor.callDetachable(task, run);
		run.stopIfCancelled();
		return answer;
	}

	/**
	 * The same, checking before and after that no file was overwritten since the model was opened.
	 *
	 * @throws ChangedFiles if one was, whatever the outcome of the task
	 */
	final <T> T withSameFiles(final Callable<T> task) {
		return onItsThread(() -> {
			checkFiles();
			try {
				return task.call();
			}
			finally {
				checkResult();
			}
		});
	}

	/** @throws ChangedFiles if one of its files was overwritten since it was opened */
	void checkFiles() {
		files.check(name);
	}

	/** The same for everything that affects results. */
	void checkResult() {
		checkFiles();
	}

	final Device device() {
		return executor.device();
	}

	/** Bytes of its weights, as stored in memory after first use. */
	final long bytes() {
		return bytes;
	}

	/** A file that has changed since the model was opened. */
	Optional<Path> changedFile() {
		return files.changed();
	}

	final boolean isIdle() {
		return leases == 0;
	}

	final int leases() {
		return leases;
	}

	/** When it was last borrowed or returned, in {@link System#nanoTime()}. */
	final long lastUse() {
		return lastUse;
	}

	final void borrow() {
		leases++;
		lastUse = System.nanoTime();
	}

	/** Whether it has no users left and is to be freed. */
	final boolean release() {
		leases--;
		lastUse = System.nanoTime();
		return leases == 0 && dropped;
	}

	/** Marks it to be freed; returns true if it has no users. */
	final boolean retire() {
		dropped = true;
		return leases == 0;
	}

	@Override
	public void close() {
		executor.free(() -> {
			try {
				resources.close();
			}
			catch (final Exception e) {
				throw new DiffEditException("Model '" + name + "' could not be freed completely: " + e.getMessage(), e);
			}
			FreedMemory.giveBack();
			return null;
		});
	}
}
