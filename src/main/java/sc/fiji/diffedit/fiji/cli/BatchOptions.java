package sc.fiji.diffedit.fiji.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import sc.fiji.diffedit.fiji.batch.BatchPlan;
import sc.fiji.diffedit.fiji.batch.BatchRow;
import sc.fiji.diffedit.fiji.batch.ImageFolder;
import sc.fiji.diffedit.fiji.batch.RowResult;
import sc.fiji.diffedit.fiji.batch.RowResult.Status;
import sc.fiji.diffedit.fiji.batch.Summary;
import sc.fiji.diffedit.fiji.batch.Verb;

/** What a batch is asked for, and how it tells of it, on one machine or on a cluster. */
final class BatchOptions {

	/** What shells complete. */
	private static final class Verbs extends ArrayList<String> {

		private static final long serialVersionUID = 1L;

		Verbs() {
			super(Arrays.stream(Verb.values()).map(Verb::word).toList());
		}
	}

	@Parameters(arity = "0..1", paramLabel = "FOLDER", defaultValue = ".", description = "Where the images are (default: the current folder).")
	private String folder;
	@Option(names = { "-o", "--output" }, paramLabel = "FOLDER", required = true, description = "Where results are written, and summary.csv.")
	private String output;
	@Option(names = "--operation", paramLabel = "VERB", defaultValue = "edit", completionCandidates = Verbs.class, description = "mask, invert, edit, txt2img, img2img, inpaint, caption or prompts (default: edit).")
	private String operation;
	@Option(names = "--files", paramLabel = "PATTERN", defaultValue = "", description = "Which files, such as *.czi or **/*.tif for folders within too (default: *.{tif,tiff,png,jpg,jpeg}).")
	private String files;
	@Option(names = "--table", paramLabel = "FILE", description = "CSV or TSV, - for the standard input: a column for each setting, and image, operation, output if wanted.")
	private String table;
	@Option(names = "--names", paramLabel = "PATTERN", defaultValue = "", description = "Names of results, with {name}, {file}, {folder}, {row}, {verb} and {SETTING} (default: {folder}/{name}-{verb}).")
	private String names;
	@Option(names = "--dry-run", description = "Only list what would be done.")
	private boolean dryRun;
	@Spec(Spec.Target.MIXEE)
	private CommandSpec spec;

	/** Where the images are. */
	String folder() {
		return folder;
	}

	/** Where results are written. */
	String output() {
		return output;
	}

	/** The table of settings, as it was named. */
	Optional<String> table() {
		return Optional.ofNullable(table);
	}

	/** Whether nothing is to be done but to say what would be. */
	boolean isDryRun() {
		return dryRun;
	}

	/** The plan without its table. */
	BatchPlan plan(final ImageFolder images) {
		return BatchPlan.of(Verb.of(operation), images, output).withFiles(files).withNames(names).withCommon(FormOptions.texts(spec.commandLine().getParseResult()));
	}

	/**
	 * Says what would be done.
	 *
	 * @return the exit code
	 */
	int list(final List<BatchRow> rows, final Common common) {
		common.result(rows.stream().map(BatchOptions::json).toList(), rows.stream().map(row -> row.number() + "\t" + row.verb().word() + "\t" + row.image() + "\t" + row.output()).toList());
		return ExitCode.DONE;
	}

	/** Tells what became of a row, if it failed or there is something to notice. */
	static void tell(final RowResult result, final Common common) {
		if (result.status() == Status.FAILED) common.say(result.row().output() + ": " + result.reason());
		result.notices().forEach(notice -> common.say(result.row().output() + ": " + notice));
	}

	/**
	 * Tells what became of all rows.
	 *
	 * @param table where it can be read later
	 */
	static void tell(final Summary done, final Object table, final Common common) {
		if (common.isJson()) common.result(done.results().stream().map(BatchOptions::json).toList(), List.of());
		common.say(done.sentence() + "; see " + table);
	}

	private static Map<String, Object> json(final BatchRow row) {
		final Map<String, Object> json = new LinkedHashMap<>();
		json.put("row", row.number());
		json.put("operation", row.verb().word());
		json.put("output", row.output());
		json.put("settings", row.settings());
		return json;
	}

	private static Map<String, Object> json(final RowResult result) {
		final Map<String, Object> json = json(result.row());
		json.put("status", result.status().word());
		json.put("reason", result.reason());
		json.put("notices", new ArrayList<>(result.notices()));
		json.put("seconds", result.seconds());
		return json;
	}
}
