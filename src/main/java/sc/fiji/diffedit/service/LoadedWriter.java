package sc.fiji.diffedit.service;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

import sc.fiji.diffedit.memory.FreeMemory;
import sc.fiji.diffedit.memory.MemoryEstimate;
import sc.fiji.diffedit.memory.NotEnoughMemory;

/** A model that writes words, in memory: a captioner or a prompt generator. */
final class LoadedWriter<W extends AutoCloseable> extends Loaded {

	private final W writer;
	private volatile boolean worked;

	LoadedWriter(final String name, final W writer, final FileStamps files, final DeviceExecutor executor) {
		super(name, files, files.bytes(), executor, writer);
		this.writer = writer;
	}

	/** What is asked of a writer. */
	@FunctionalInterface
	interface Task<W, T> {

		T with(W writer, IntConsumer progress);
	}

	/** An estimate without weights if they are there already. */
	MemoryEstimate now(final MemoryEstimate estimate) {
		return worked ? new MemoryEstimate(0, estimate.stages()) : estimate;
	}

	/**
	 * Checks that a task fits into what is free.
	 *
	 * @param makeRoom frees what nobody needs
	 * @param notes receives the estimate
	 * @throws NotEnoughMemory if it does not
	 */
	void check(final MemoryEstimate needs, final Runnable makeRoom, final Consumer<String> notes) {
		final MemoryEstimate estimate = now(needs);
		notes.accept(estimate.line(FreeMemory.ofMachine().available(device())));
		if (refusal(estimate).isPresent()) makeRoom.run();
		final Optional<NotEnoughMemory> refusal = refusal(estimate);
		if (refusal.isPresent() && !Boolean.getBoolean(LoadedModel.UNCHECKED_PROPERTY)) throw refusal.get();
	}

	private Optional<NotEnoughMemory> refusal(final MemoryEstimate estimate) {
		final FreeMemory memory = FreeMemory.ofMachine();
		return estimate.refusal(memory.available(device()), memory.total(device()), device(), "ask for fewer or shorter texts, take a smaller model");
	}

	/** On the device's thread; a run that was cancelled ends at the next block or token. */
	<T> T call(final Task<W, T> task, final IntConsumer progress) {
		return withSameFiles(() -> {
			worked = true;
			return task.with(writer, progress);
		});
	}
}
