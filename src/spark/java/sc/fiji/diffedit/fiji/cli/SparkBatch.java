package sc.fiji.diffedit.fiji.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.scijava.Context;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.WholeFile;
import sc.fiji.diffedit.fiji.batch.BatchPlan;
import sc.fiji.diffedit.fiji.batch.BatchRow;
import sc.fiji.diffedit.fiji.batch.RowResult.Status;
import sc.fiji.diffedit.fiji.batch.SettingsTable;
import sc.fiji.diffedit.fiji.batch.Summary;
import sc.fiji.diffedit.fiji.batch.TextCall;
import sc.fiji.diffedit.spark.HadoopFiles;
import sc.fiji.diffedit.spark.HadoopImageFolder;
import sc.fiji.diffedit.spark.SparkRows;
import sc.fiji.diffedit.spark.SparkSettings;
import sc.fiji.diffedit.spark.SummaryTable;

/** The program that {@code spark-submit} runs: {@code diffedit batch} on a cluster. Its options, outputs and exit codes are the same. */
@Command(name = "spark-submit-batch", description = {
	"Does the same to all images of a folder, or what the rows of a table say, on the executors of Apache Spark. Folders and tables lie on any file system that Hadoop knows.",
	"All options of the operation apply to all images, such as --source \"green nuclei\" --steps 20 (see diffedit edit --help)." })
public final class SparkBatch extends Tool {

	@Mixin
	private BatchOptions options;

	private SparkBatch(final Terminal terminal) {
		super(terminal);
	}

	/** In a cluster's own process, only a failure may end Java. */
	public static void main(final String[] arguments) {
		SparkSettings.quiet();
		final int code = run(new Terminal(System.in, System.out, System.err, false, Context::new), arguments);
		if (code != ExitCode.DONE) System.exit(code);
	}

	/** @return the exit code */
	static int run(final Terminal terminal, final String... arguments) {
		final CommandSpec spec = CommandSpec.forAnnotatedObject(new SparkBatch(terminal));
		FormOptions.addHidden(spec);
		return DiffEditCli.execute(DiffEditCli.prepared(spec), terminal, Arrays.stream(arguments).map(FormOptions::dashedOption).toList());
	}

	@Override
	public Integer call() throws IOException {
		try (SparkSession spark = SparkSession.builder().config(SparkSettings.complete(new SparkConf())).getOrCreate()) {
			final HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
			final List<BatchRow> rows = WrongUseException.check(() -> plan(files).rows());
			if (options.isDryRun()) return options.list(rows, common());
			check(rows);
			final Summary done = run(spark, files, rows);
			return done.count(Status.FAILED) > 0 ? ExitCode.FAILED : ExitCode.DONE;
		}
	}

	private BatchPlan plan(final HadoopFiles files) {
		final BatchPlan plan = options.plan(new HadoopImageFolder(files, options.folder()));
		final Function<String, SettingsTable> read = table -> read(files, table);
		return options.table().map(read).map(plan::withTable).orElse(plan);
	}

	private static SettingsTable read(final HadoopFiles files, final String table) {
		try (InputStream in = files.open(files.path(table))) {
			return SettingsTable.read(in, table);
		}
		catch (final IOException e) {
			throw new DiffEditException("The table " + table + " cannot be read (" + WholeFile.reason(e) + "); give the path of a CSV or TSV file.", e);
		}
	}

	private void check(final List<BatchRow> rows) {
		try (Context context = common().terminal().context().get()) {
			WrongUseException.check(() -> rows.forEach(new TextCall(context)::check));
		}
	}

	private Summary run(final SparkSession spark, final HadoopFiles files, final List<BatchRow> rows) {
		final Path folder = files.path(options.output());
		final JavaSparkContext context = new JavaSparkContext(spark.sparkContext());
		final Summary done = new Summary(new SparkRows(context, folder.toString()).run(rows));
		done.results().forEach(result -> BatchOptions.tell(result, common()));
		new SummaryTable(spark, files, folder).write(done);
		clean(files, folder, spark.sparkContext().applicationId());
		BatchOptions.tell(done, new Path(folder, Summary.FILE), common());
		return done;
	}

	private void clean(final HadoopFiles files, final Path folder, final String application) {
		try {
			files.clean(folder, application);
		}
		catch (final IOException e) {
			common().say("Unfinished files in " + folder + " stay (" + WholeFile.reason(e) + ").");
		}
	}
}
