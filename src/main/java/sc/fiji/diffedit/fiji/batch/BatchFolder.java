package sc.fiji.diffedit.fiji.batch;

import java.awt.GraphicsEnvironment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.scijava.ItemIO;
import org.scijava.app.StatusService;
import org.scijava.command.Command;
import org.scijava.module.ModuleItem;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.task.TaskService;

import ij.IJ;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.UserPath;
import sc.fiji.diffedit.fiji.CommandProgress;
import sc.fiji.diffedit.fiji.batch.RowResult.Status;
import sc.fiji.diffedit.fiji.inputs.PluginCommand;
import sc.fiji.diffedit.fiji.inputs.Warning;
import sc.fiji.diffedit.fiji.record.MacroOptions;

/** Does the same to all images of a folder, or what the rows of a table say. */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Batch Folder...", weight = 8.05) },
	description = "Works on all images of a folder, or on what a table lists, and writes TIFF files. It can be stopped in any way and started again: what is done already is not done again.")
public class BatchFolder extends PluginCommand {

	@Parameter
	private TaskService tasks;
	@Parameter
	private StatusService status;

	@Parameter(label = "What to do", choices = { "Edit Image With Text", "Generate Mask", "Invert Image", "Image To Image", "Inpaint", "Text To Image", "Caption Image" }, persist = false,
		description = "A command of the menu. Edit Image With Text is Edit With Mask where the settings name a mask. Macros may write edit, mask, invert, img2img, inpaint, txt2img, caption.")
	private String operation = "Edit Image With Text";
	@Parameter(label = "Folder of the images")
	private String folder = "";
	@Parameter(label = "Which files", persist = false, description = "Such as *.czi; **/*.tif looks into folders within too. Everything that ImageJ or, in Fiji, Bio-Formats opens.")
	private String files = BatchPlan.ALL_IMAGES;
	@Parameter(label = "What is in the images", required = false, persist = false, description = "Such as: green nuclei. The table may say it for each image.")
	private String source = "";
	@Parameter(label = "What should be there instead", required = false, persist = false, description = "Such as: cyan nuclei. The table may say it for each image.")
	private String target = "";
	@Parameter(label = "Further settings", required = false, persist = false,
		description = "As the macro recorder writes them for the single command: maps=4 steps=20 model=[my model]")
	private String settings = "";
	@Parameter(label = "Table (CSV or TSV)", required = false, persist = false,
		description = "A column for each setting, such as image, source, target, seed; a row for each image, or for each pattern such as *.tif. Empty cells take what stands above.")
	private String table = "";
	@Parameter(label = "Folder for the results", description = "Another one than that of the images. summary.csv there says what became of each image.")
	private String output = "";
	@Parameter(label = "Names of the results", persist = false, description = "With {name}, {file} (the name with its ending), {folder}, {row}, {verb} or a setting, such as {target}, in places.")
	private String names = OutputNames.DEFAULT;

	/** For scripts; users see a table. */
	@Parameter(label = "Summary", type = ItemIO.OUTPUT)
	private Summary summary;

	@Override
	public Optional<Warning> foresee() {
		return Warning.ofFailure("settings", () -> MacroOptions.parse(settings)).or(() -> Warning.ofFailure("folder", () -> requireFolder(folder)))
			.or(() -> table.isBlank() ? Optional.empty() : Warning.ofFailure("table", () -> SettingsTable.read(path(table, "the table"))));
	}

	@Override
	public Optional<String> runsBy() {
		return Optional.of("operation");
	}

	private static void requireFolder(final String text) {
		if (!text.isBlank() && !Files.isDirectory(path(text, "the folder of the images"))) throw new DiffEditException("There is no folder " + text.strip() + "; give the path of one.");
	}

	@Override
	public void run() {
		try (CommandProgress progress = new CommandProgress(this, tasks, status)) {
			progress.run().call(() -> {
				work(progress);
				return null;
			});
		}
		catch (final CancelledException e) {
			cancel(CommandProgress.BY_USER);
		}
		catch (final DiffEditException e) {
			cancel(e.getMessage());
		}
	}

	private void work(final CommandProgress progress) {
		final BatchPlan plan = plan();
		final List<BatchRow> rows = plan.rows();
		final Path results = UserPath.of(plan.output());
		rows.forEach(new TextCall(getContext())::check);
		final BatchWorker worker = new BatchWorker(getContext(), results);
		try (BatchWindow window = BatchWindow.open(progress.run())) {
			summary = new Summary(new Batch(worker, window.and(progress::show), window::isStopAsked).run(rows));
		}
		summary.write(results);
		show(results);
	}

	private BatchPlan plan() {
		final Verb verb = Verb.of(operation);
		BatchPlan plan = BatchPlan.of(verb, path(folder, "the folder of the images"), path(output, "the folder for the results")).withFiles(files)
			.withNames(names).withCommon(common(verb));
		if (table != null && !table.isBlank()) plan = plan.withTable(SettingsTable.read(path(table, "the table")));
		return plan;
	}

	private static Path path(final String text, final String what) {
		if (text == null || text.isBlank()) throw new DiffEditException("Nothing is named as " + what + "; give the path of one.");
		return UserPath.of(text.strip());
	}

	/** Verbs without a target take the description as their prompt. */
	private Map<String, String> common(final Verb verb) {
		final List<String> names = verb.inputs().stream().map(ModuleItem::getName).toList();
		final Map<String, String> common = new LinkedHashMap<>(MacroOptions.parse(settings == null ? "" : settings));
		Stream.of("source").filter(names::contains).forEach(name -> put(common, name, source));
		Stream.of("target", "prompt").filter(names::contains).forEach(name -> put(common, name, target));
		return common;
	}

	private static void put(final Map<String, String> settings, final String name, final String text) {
		if (text != null && !text.isBlank()) settings.putIfAbsent(name, text.strip());
	}

	private void show(final Path results) {
		for (final RowResult result : summary.results()) {
			if (result.status() == Status.FAILED) IJ.log("DiffEdit: " + result.row().output() + ": " + result.reason());
		}
		IJ.log("DiffEdit: " + summary.sentence() + "; see " + results.resolve(Summary.FILE));
		if (!GraphicsEnvironment.isHeadless()) summary.table().show("Batch Folder");
	}
}
