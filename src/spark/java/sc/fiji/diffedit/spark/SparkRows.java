package sc.fiji.diffedit.spark;

import java.util.List;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.batch.BatchRow;
import sc.fiji.diffedit.fiji.batch.RowResult;

/** The rows of a batch as tasks of a cluster. What an executor had not finished when it died is done by another one. */
public final class SparkRows {

	/** One row is one task, up to this number. */
	private static final int MOST_TASKS = 10_000;

	private final JavaSparkContext spark;
	private final String output;

	/** @param output the folder for outputs */
	public SparkRows(final JavaSparkContext spark, final String output) {
		this.spark = spark;
		this.output = output;
	}

	/**
	 * Does all rows, whatever becomes of each.
	 *
	 * @return one result for each row, in their order
	 * @throws DiffEditException if Spark gives up, as without executors
	 */
	public List<RowResult> run(final List<BatchRow> rows) {
		final Configuration hadoop = spark.hadoopConfiguration();
		final Broadcast<SerializableConfiguration> configuration = spark.broadcast(new SerializableConfiguration(hadoop));
		final String folder = output, application = spark.sc().applicationId();
		try {
			return spark.parallelize(rows, Math.min(rows.size(), MOST_TASKS))
				.map(row -> new ExecutorWorker(configuration.value().value(), folder, application).run(row)).collect();
		}
		catch (final Exception e) {
			if (!(e instanceof SparkException)) throw e;
			throw new DiffEditException("Spark gave up (" + String.valueOf(e.getMessage()).lines().findFirst().orElse("") + "); the same call again goes on with what is left.", e);
		}
	}
}
