package sc.fiji.diffedit.fiji.batch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;

import org.scijava.Context;
import org.scijava.module.ModuleItem;

import ij.ImagePlus;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.Run;
import sc.fiji.diffedit.fiji.batch.RowResult.Status;
import sc.fiji.diffedit.service.DiffusionModelService;

/**
 * Does single rows, in whatever order and by however many threads, processes and machines that share the output folder. An output
 * that is there and was made from the same inputs is not made again; files appear whole or not at all. Models are lent by the
 * context's service, which loads each once. No windows.
 */
public final class BatchWorker {

	private final TextCall call;
	private final ModelHashes models;
	private final Storage storage;

	/**
	 * @param context with the services of commands and models
	 * @param folder for outputs; it need not exist
	 */
	public BatchWorker(final Context context, final Path folder) {
		this(new TextCall(context), new ModelHashes(context.service(DiffusionModelService.class)), Storage.of(folder));
	}

	private BatchWorker(final TextCall call, final ModelHashes models, final Storage storage) {
		this.call = call;
		this.models = models;
		this.storage = storage;
	}

	/** This worker with files that lie elsewhere; what is known of models is shared. */
	public BatchWorker on(final Storage other) {
		return new BatchWorker(call, models, other);
	}

	/**
	 * Does a row, unless its output is there.
	 *
	 * @return what became of it; failures are results too
	 * @throws CancelledException if the current run was cancelled; nothing is left of the output then
	 */
	public RowResult run(final BatchRow row) {
		final long start = System.nanoTime();
		RowResult result;
		try {
			result = tryRow(row);
		}
		catch (final CancelledException e) {
			throw e;
		}
		catch (final DiffEditException e) {
			result = failed(row, e.getMessage());
		}
		catch (final OutOfMemoryError e) {
			result = failed(row, "There is not enough memory for this image (" + e.getMessage() + "); give Java more, or make the image smaller.");
		}
		catch (final RuntimeException | IOException e) {
			result = failed(row, "This image made something go wrong that should not (" + e + ").");
		}
		return new RowResult(row, result.status(), result.reason(), result.notices(), (System.nanoTime() - start) / 1e9);
	}

	/** Whether a row was begun and has not ended: somebody is doing it now, or was killed meanwhile. */
	public boolean isBegun(final BatchRow row) throws IOException {
		return storage.record(row.output()).map(OutputRecord::parse).filter(record -> !record.done()).isPresent();
	}

	private static RowResult failed(final BatchRow row, final String reason) {
		return new RowResult(row, Status.FAILED, reason, List.of(), 0);
	}

	private RowResult tryRow(final BatchRow row) throws IOException {
		storage.requireWritable(row.output(), row.image());
		try (Storage.Turn turn = storage.turn(row.output()).orElse(null)) {
			return turn == null ? new RowResult(row, Status.BUSY, "", List.of(), 0) : inTurn(row);
		}
	}

	private RowResult inTurn(final BatchRow row) throws IOException {
		final String output = row.output();
		final Optional<OutputRecord> before = storage.record(output).map(OutputRecord::parse);
		final Request request = Request.of(row, before.flatMap(OutputRecord::request), models, storage);
		if (before.isPresent() && before.get().isOf(request, sizes(output))) return new RowResult(row, Status.KEPT, "", before.get().notices(), 0);
		if (before.isEmpty() && storage.size(output).isPresent()) {
			throw new DiffEditException(output + " is there and was not made by a batch; move it away, or choose another folder or name.");
		}
		storage.writeRecord(output, OutputRecord.begun(request).text());
		final Outcome made = call.run(row.verb(), fetched(row));
		Run.check();
		made.incomplete().ifPresent(sentence -> {
			throw new DiffEditException(sentence);
		});
		final OutputRecord record = OutputRecord.of(request, sizes(output, storage.write(output, made)), made.notices());
		if (before.isPresent()) for (final String old : before.get().without(record)) storage.delete(Storage.beside(output, old));
		storage.writeRecord(output, record.text());
		return new RowResult(row, Status.DONE, "", made.notices(), 0);
	}

	/** The row's settings with images as files of this machine. */
	private Map<String, String> fetched(final BatchRow row) throws IOException {
		final Map<String, String> texts = new TreeMap<>(row.settings());
		for (final ModuleItem<?> input : row.verb().form(texts.keySet()).inputs()) {
			final String file = texts.get(input.getName());
			if (file != null && input.getType() == ImagePlus.class) texts.put(input.getName(), storage.fetch(file).toString());
		}
		return texts;
	}

	/** The bytes of files beside an output, by their names. */
	private Function<String, OptionalLong> sizes(final String output) {
		return name -> {
			try {
				return storage.size(Storage.beside(output, name));
			}
			catch (final IOException e) {
				return OptionalLong.empty();
			}
		};
	}

	private Map<String, Long> sizes(final String output, final List<String> names) throws IOException {
		final Map<String, Long> sizes = new LinkedHashMap<>();
		for (final String name : names) sizes.put(name, storage.size(Storage.beside(output, name)).orElseThrow(() -> new IOException(name + " has vanished")));
		return sizes;
	}
}
