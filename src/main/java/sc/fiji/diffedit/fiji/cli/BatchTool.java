package sc.fiji.diffedit.fiji.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.scijava.Context;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.Run;
import sc.fiji.diffedit.WholeFile;
import sc.fiji.diffedit.config.UserPath;
import sc.fiji.diffedit.fiji.batch.Batch;
import sc.fiji.diffedit.fiji.batch.BatchPlan;
import sc.fiji.diffedit.fiji.batch.BatchRow;
import sc.fiji.diffedit.fiji.batch.BatchWorker;
import sc.fiji.diffedit.fiji.batch.ImageFolder;
import sc.fiji.diffedit.fiji.batch.RowResult;
import sc.fiji.diffedit.fiji.batch.RowResult.Status;
import sc.fiji.diffedit.fiji.batch.SettingsTable;
import sc.fiji.diffedit.fiji.batch.Summary;
import sc.fiji.diffedit.fiji.batch.TextCall;
import sc.fiji.diffedit.memory.MemoryEstimate;

/** Works on all images of a folder or table. */
@Command(name = "batch", description = {
	"Does the same to all images of a folder, or what the rows of a table say. It can be stopped in any way and called again: what is done already is not done again, and several processes share the work.",
	"All options of the operation apply to all images, such as --source \"green nuclei\" --steps 20 (see diffedit edit --help)." })
final class BatchTool extends Tool {

	private static final String STANDARD = "-";

	@Mixin
	private BatchOptions options;
	@Option(names = "--summary", paramLabel = "FILE", description = "Where the table of what became of each image goes besides; - for the standard output.")
	private String summary;

	BatchTool(final Terminal terminal) {
		super(terminal);
	}

	/** The verb, which takes the settings of all operations too. */
	static CommandSpec of(final Terminal terminal, final boolean withSettings) {
		final CommandSpec spec = CommandSpec.forAnnotatedObject(new BatchTool(terminal));
		if (withSettings) FormOptions.addHidden(spec);
		return spec;
	}

	@Override
	public Integer call() {
		if (summary != null) WrongUseException.check(() -> UserPath.of(summary));
		final List<BatchRow> rows = WrongUseException.check(() -> plan().rows());
		if (options.isDryRun()) return options.list(rows, common());
		final Summary done = run(rows);
		report(done);
		if (done.count(Status.STOPPED) > 0) return ExitCode.STOPPED;
		return done.count(Status.FAILED) > 0 ? ExitCode.FAILED : ExitCode.DONE;
	}

	private BatchPlan plan() {
		final BatchPlan plan = options.plan(ImageFolder.of(UserPath.of(options.folder())));
		return options.table().map(this::table).map(plan::withTable).orElse(plan);
	}

	private SettingsTable table(final String table) {
		if (!table.equals(STANDARD)) return SettingsTable.read(UserPath.of(table));
		try {
			return SettingsTable.read(common().terminal().in(), "of the standard input");
		}
		catch (final IOException e) {
			throw new DiffEditException("The standard input cannot be read (" + e.getMessage() + ").", e);
		}
	}

	private Path output() {
		return UserPath.of(options.output());
	}

	private Summary run(final List<BatchRow> rows) {
		final Context context = common().terminal().context().get();
		try (ProgressBar bar = common().progress().of(context); StopSignal stop = new StopSignal(common()::say)) {
			WrongUseException.check(() -> rows.forEach(new TextCall(context)::check));
			final Batch batch = new Batch(new BatchWorker(context, output()), listener(bar), stop::isAsked);
			final List<RowResult> results = new Run("batch").call(() -> batch.run(rows));
			return new Summary(results);
		}
	}

	/** On a terminal the present image in one line; failures always. */
	private Batch.Listener listener(final ProgressBar bar) {
		return new Batch.Listener() {

			@Override
			public void started(final BatchRow row, final int finished, final int total, final Optional<Duration> left) {
				bar.head((finished + 1) + "/" + total + left.map(time -> ", " + MemoryEstimate.approximately(time) + " left").orElse("") + ", " + row.output() + " ");
			}

			@Override
			public void finished(final RowResult result) {
				bar.clear();
				BatchOptions.tell(result, common());
			}
		};
	}

	private void report(final Summary done) {
		done.write(output());
		try {
			if (STANDARD.equals(summary)) done.print(common().terminal().out());
			else if (summary != null) {
				final String text = text(done);
				WholeFile.replace(UserPath.of(summary), part -> Files.writeString(part, text));
			}
		}
		catch (final IOException e) {
			throw new DiffEditException(summary + " cannot be written (" + WholeFile.reason(e) + "); the same table is in " + output().resolve(Summary.FILE) + ".", e);
		}
		BatchOptions.tell(done, output().resolve(Summary.FILE), common());
	}

	private static String text(final Summary done) throws IOException {
		final StringBuilder text = new StringBuilder();
		done.print(text);
		return text.toString();
	}
}
