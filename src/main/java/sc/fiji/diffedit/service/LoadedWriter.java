package sc.fiji.diffedit.service;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

import sc.fiji.diffedit.CancelledException;

/** A model that writes words, in memory: a captioner or a prompt generator. */
final class LoadedWriter<W extends AutoCloseable> extends Loaded {

	private final W writer;

	LoadedWriter(final String name, final W writer, final FileStamps files, final DeviceExecutor executor) {
		super(name, files, files.bytes(), executor, writer);
		this.writer = writer;
	}

	/** What is asked of a writer. */
	@FunctionalInterface
	interface Task<W, T> {

		T with(W writer, IntConsumer progress);
	}

	/** On the device's thread; an interrupt of the caller ends it at the next token. */
	<T> T call(final Task<W, T> task, final IntConsumer progress) {
		final AtomicBoolean stop = new AtomicBoolean();
		return onItsThread(() -> task.with(writer, made -> {
			if (stop.get()) throw new CancelledException();
			progress.accept(made);
		}), () -> stop.set(true));
	}
}
