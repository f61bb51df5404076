package sc.fiji.diffedit.service;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.Run;
import sc.fiji.diffedit.tensor.Device;

/** Something in memory that is lent: the thread it computes on, how many hold it, and whether it was asked to go. Guarded by {@link LoadedModels}. */
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
	 * @param files as they were when it was opened
	 * @param bytes of the weights of all networks, as they lie in memory once they are used
	 * @param resources networks and files, freed with it
	 */
	Loaded(final String name, final FileStamps files, final long bytes, final DeviceExecutor executor, final AutoCloseable resources) {
		this.name = name;
		this.executor = executor;
		this.resources = resources;
		this.files = files;
		this.bytes = bytes;
	}

	/** How the user called it. */
	final String name() {
		return name;
	}

	/** Runs a task of the caller's run on its thread and waits for its answer, a plain Java value, unless that is no longer wanted. */
	final <T> T onItsThread(final Callable<T> task) {
		final Run run = Run.currentOr(name);
		final T answer = executor.callDetachable(task, run);
		run.stopIfCancelled();
		return answer;
	}

	/**
	 * The same with files that nobody has written into since it was opened, before and after.
	 *
	 * @throws ChangedFiles if somebody has, whatever else has come of the task
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

	/** @throws ChangedFiles if a file of it was written into since it was opened */
	void checkFiles() {
		files.check(name);
	}

	/** The same of everything that has a part in results. */
	void checkResult() {
		checkFiles();
	}

	final Device device() {
		return executor.device();
	}

	/** Bytes of its weights, as they lie in memory once they are used. */
	final long bytes() {
		return bytes;
	}

	/** A file of it that is not what it was when it was opened. */
	Optional<Path> changedFile() {
		return files.changed();
	}

	final boolean isIdle() {
		return leases == 0;
	}

	final int leases() {
		return leases;
	}

	/** When it was last lent or came back, in {@link System#nanoTime()}. */
	final long lastUse() {
		return lastUse;
	}

	final void borrow() {
		leases++;
		lastUse = System.nanoTime();
	}

	/** Whether nobody holds it any more and it was asked to go. */
	final boolean release() {
		leases--;
		lastUse = System.nanoTime();
		return leases == 0 && dropped;
	}

	/** Asks it to go; true when nobody holds it. */
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
			return null;
		});
	}
}
