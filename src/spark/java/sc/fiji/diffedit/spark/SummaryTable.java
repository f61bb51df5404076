package sc.fiji.diffedit.spark;

import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

import sc.fiji.diffedit.fiji.batch.RowResult;
import sc.fiji.diffedit.fiji.batch.Summary;

/** What became of the rows of a batch, as {@code summary.csv} and {@code summary.parquet} in the output folder. */
public final class SummaryTable {

	private static final String PARQUET = "summary.parquet";
	private static final StructType COLUMNS = new StructType().add("row", DataTypes.IntegerType).add("operation", DataTypes.StringType).add("image", DataTypes.StringType)
		.add("output", DataTypes.StringType).add("status", DataTypes.StringType).add("reason", DataTypes.StringType).add("seconds", DataTypes.DoubleType)
		.add("notices", DataTypes.createArrayType(DataTypes.StringType));

	private final SparkSession spark;
	private final HadoopFiles files;
	private final Path folder;

	public SummaryTable(final SparkSession spark, final HadoopFiles files, final Path folder) {
		this.spark = spark;
		this.files = files;
		this.folder = folder;
	}

	/** Writes both files. */
	public void write(final Summary summary) {
		files.write(new Path(folder, Summary.FILE), HadoopFiles.parts(folder, spark.sparkContext().applicationId()), out -> {
			final Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
			summary.print(text);
			text.flush();
		});
		final List<Row> rows = summary.results().stream().map(SummaryTable::row).toList();
		spark.createDataFrame(rows, COLUMNS).coalesce(1).write().mode(SaveMode.Overwrite).parquet(new Path(folder, PARQUET).toString());
	}

	private static Row row(final RowResult result) {
		return RowFactory.create(result.row().number(), result.row().verb().word(), result.row().image(), result.row().output(), result.status().word(), result.reason(), result.seconds(),
			result.notices().toArray(String[]::new));
	}
}
