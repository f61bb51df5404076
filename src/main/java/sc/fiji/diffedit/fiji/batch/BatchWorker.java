package sc.fiji.diffedit.fiji.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.scijava.Context;

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

	/** The folder within the output folder where it is recorded how outputs were made. */
	static final String RECORDS = ".diffedit";

	private final Path folder;
	private final TextCall call;
	private final ModelHashes models;

	/**
	 * @param context with the services of commands and models
	 * @param folder for outputs; it need not exist
	 */
	public BatchWorker(final Context context, final Path folder) {
		this.folder = folder.toAbsolutePath().normalize();
		call = new TextCall(context);
		models = new ModelHashes(context.service(DiffusionModelService.class));
	}

	/**
	 * Looks at a row's settings, so that a batch does not begin with what is wrong.
	 *
	 * @throws DiffEditException if one is wrong or missing; the sentence tells the row
	 */
	public void check(final BatchRow row) {
		try {
			call.check(row.verb(), row.settings());
		}
		catch (final DiffEditException e) {
			throw new DiffEditException("Row " + row.number() + " (" + row.output() + "): " + e.getMessage(), e);
		}
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

	private static RowResult failed(final BatchRow row, final String reason) {
		return new RowResult(row, Status.FAILED, reason, List.of(), 0);
	}

	private RowResult tryRow(final BatchRow row) throws IOException {
		final Path target = within(row.output());
		if (!row.image().isEmpty() && target.equals(Path.of(row.image()).toAbsolutePath().normalize())) {
			throw new DiffEditException("The output would replace the image " + target + "; choose another folder or name.");
		}
		final Path records = folder.resolve(RECORDS);
		try (Claim claim = Claim.take(records.resolve(row.output() + ".lock")).orElse(null)) {
			if (claim == null) return new RowResult(row, Status.BUSY, "", List.of(), 0);
			return claimed(row, target, records.resolve(row.output() + ".json"));
		}
	}

	private RowResult claimed(final BatchRow row, final Path target, final Path recordFile) throws IOException {
		final Optional<OutputRecord> before = OutputRecord.read(recordFile);
		final Request request = Request.of(row, before.flatMap(OutputRecord::request), models);
		if (before.isPresent() && before.get().isOf(request, target.getParent())) return new RowResult(row, Status.KEPT, "", before.get().notices(), 0);
		if (before.isEmpty() && Files.exists(target)) {
			throw new DiffEditException(target + " is there and was not made by a batch; move it away, or choose another folder or name.");
		}
		OutputRecord.begun(request).write(recordFile);
		final Outcome made = call.run(row.verb(), row.settings());
		Run.check();
		made.incomplete().ifPresent(sentence -> {
			throw new DiffEditException(sentence);
		});
		final OutputRecord record = OutputRecord.of(request, made.write(target), made.notices());
		if (before.isPresent()) for (final String old : before.get().without(record)) Files.deleteIfExists(target.resolveSibling(old));
		record.write(recordFile);
		return new RowResult(row, Status.DONE, "", made.notices(), 0);
	}

	/** The file of an output's name, which no link leads out of the folder. */
	private Path within(final String output) throws IOException {
		final Path target = folder.resolve(output).normalize();
		if (!target.startsWith(folder) || target.equals(folder) || target.startsWith(folder.resolve(RECORDS))) throw outside(output);
		Files.createDirectories(folder);
		Path there = target.getParent();
		while (!Files.exists(there)) there = there.getParent();
		if (!there.toRealPath().startsWith(folder.toRealPath()) || Files.isSymbolicLink(target)) throw outside(output);
		return target;
	}

	private DiffEditException outside(final String output) {
		return new DiffEditException("The output " + output + " would lie outside of " + folder + "; choose another name.");
	}
}
