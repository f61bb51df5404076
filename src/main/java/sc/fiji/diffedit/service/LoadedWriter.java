package sc.fiji.diffedit.service;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

import sc.fiji.diffedit.NotEnoughMemory;
import sc.fiji.diffedit.memory.FreeMemory;
import sc.fiji.diffedit.memory.MemoryEstimate;

/** A loaded model that generates text: a captioner or a prompt generator. */
final class LoadedWriter<W extends AutoCloseable> extends Loaded {

	private final W writer;
	private volatile boolean worked;

	LoadedWriter(final String name, final W writer, final FileStamps files, final DeviceExecutor executor) {
		super(name, files, files.bytes(), executor, writer);
		this.writer = writer;
	}

	/** A task of a text-generating model. */
	@FunctionalInterface
	interface Task<W, T> {

		T with(W writer, IntConsumer progress);
	}

	/** The estimate, without the weights if they are in memory already. */
	MemoryEstimate now(final MemoryEstimate estimate) {
		return worked ? new MemoryEstimate(0, estimate.stages()) : estimate;
	}

	/**
	 * Checks that a task fits into the free memory.
	 *
	 * @param makeRoom frees unused models and cached results
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

	/** Executes the task on the device's thread; a cancelled run ends at the next block or token. */
	<T> T call(final Task<W, T> task, final IntConsumer progress) {
		return withSameFiles(() -> {
			worked = true;
			return task.with(writer, made -> ListenerCall.tell(() -> progress.accept(made)));
		});
	}
}
