package sc.fiji.diffedit.fiji.batch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.Run;
import sc.fiji.diffedit.fiji.batch.RowResult.Status;

/** Does all rows one after another, whatever becomes of each; rows that another process is doing come last. */
public final class Batch {

	private static final int WAIT_MILLIS = 500;

	/** Is told what goes on, on the batch's thread. */
	public interface Listener {

		/**
		 * A row begins.
		 *
		 * @param finished rows before it
		 * @param total all rows
		 * @param left time for all that is still to do, once one row has been done
		 */
		void started(BatchRow row, int finished, int total, Optional<Duration> left);

		/** A row has ended. */
		void finished(RowResult result);
	}

	private final BatchWorker worker;
	private final Listener listener;
	private final BooleanSupplier stop;
	private final Map<BatchRow, RowResult> results = new LinkedHashMap<>();
	/** Counted along: a batch may have a million rows. */
	private int finished;
	private int done;
	private double seconds;

	/** @param stop whether to stop before the next row, asked often */
	public Batch(final BatchWorker worker, final Listener listener, final BooleanSupplier stop) {
		this.worker = worker;
		this.listener = listener;
		this.stop = stop;
	}

	/**
	 * Does the rows. When the current run is cancelled, the row in work and those after it count as stopped.
	 *
	 * @return one result for each row, in their order
	 */
	public List<RowResult> run(final List<BatchRow> rows) {
		for (final BatchRow row : rows) results.put(row, new RowResult(row, Status.STOPPED, "The batch was stopped before.", List.of(), 0));
		try {
			List<BatchRow> open = pass(rows);
			while (!open.isEmpty() && !stop.getAsBoolean()) {
				Run.check();
				sleep();
				open = pass(open);
			}
		}
		catch (final CancelledException e) {
			// what was reached counts
		}
		return List.copyOf(results.values());
	}

	/** Does what nobody else is doing; the others are returned. */
	private List<BatchRow> pass(final List<BatchRow> rows) {
		final List<BatchRow> busy = new ArrayList<>();
		for (final BatchRow row : rows) {
			if (stop.getAsBoolean()) return List.of();
			Run.check();
			listener.started(row, finished, results.size(), left());
			final RowResult result = worker.run(row);
			if (result.status() == Status.BUSY) busy.add(row);
			else finish(row, result);
		}
		return busy;
	}

	private void finish(final BatchRow row, final RowResult result) {
		results.put(row, result);
		finished++;
		if (result.status() == Status.DONE) {
			done++;
			seconds += result.seconds();
		}
		listener.finished(result);
	}

	private Optional<Duration> left() {
		return done == 0 ? Optional.empty() : Optional.of(Duration.ofMillis((long) (1000 * seconds / done * (results.size() - finished))));
	}

	private static void sleep() {
		try {
			Thread.sleep(WAIT_MILLIS);
		}
		catch (final InterruptedException e) {
			Thread.currentThread().interrupt();
			throw new CancelledException();
		}
	}
}
