package sc.fiji.diffedit.spark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.scijava.Context;

import sc.fiji.diffedit.WholeFile;
import sc.fiji.diffedit.fiji.batch.BatchRow;
import sc.fiji.diffedit.fiji.batch.BatchWorker;
import sc.fiji.diffedit.fiji.batch.RowResult;
import sc.fiji.diffedit.fiji.batch.RowResult.Status;

/**
 * What an executor has: one worker, whose model is loaded by the first row that needs it and lent to all tasks, one call after another.
 */
final class ExecutorWorker {

	/** A row during which this many executors have died is not begun by another one. */
	private static final int MOST_DEATHS = 2;
	/** Where Spark, YARN and Kubernetes name folders that they clean up themselves. */
	private static final List<String> SCRATCH = List.of("SPARK_EXECUTOR_DIRS", "LOCAL_DIRS", "SPARK_LOCAL_DIRS");

	private static BatchWorker shared;

	private final HadoopFiles files;
	private final String output;
	private final String application;

	/**
	 * @param output the folder for outputs
	 * @param application the running application's name for itself
	 */
	ExecutorWorker(final Configuration configuration, final String output, final String application) {
		files = new HadoopFiles(configuration);
		this.output = output;
		this.application = application;
	}

	private static synchronized BatchWorker shared() {
		if (shared == null) {
			SparkSettings.quiet();
			shared = new BatchWorker(new Context(), scratch());
		}
		return shared;
	}

	private static Path scratch() {
		final Optional<String> named = SCRATCH.stream().map(System::getenv).filter(folders -> folders != null && !folders.isBlank()).findFirst();
		return Path.of(named.map(folders -> folders.split("[,:]")[0]).orElseGet(() -> System.getProperty("java.io.tmpdir")));
	}

	/** Does a row on the calling task's thread. */
	RowResult run(final BatchRow row) {
		return run(row, TaskContext.get().attemptNumber());
	}

	/** @param deaths how often this task was tried before */
	RowResult run(final BatchRow row, final int deaths) {
		try (HadoopStorage storage = new HadoopStorage(files, output, application, scratch())) {
			final BatchWorker worker = shared().on(storage);
			if (deaths >= MOST_DEATHS && worker.isBegun(row)) {
				return failed(row, "The process that did this image ended " + deaths + " times; give executors more memory, or look into their logs.");
			}
			return worker.run(row);
		}
		catch (final IOException e) {
			return failed(row, "The executor cannot use its disk or " + output + " (" + WholeFile.reason(e) + "); make room there.");
		}
	}

	private static RowResult failed(final BatchRow row, final String reason) {
		return new RowResult(row, Status.FAILED, reason, List.of(), 0);
	}
}
