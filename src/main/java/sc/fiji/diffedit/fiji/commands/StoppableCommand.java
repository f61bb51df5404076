package sc.fiji.diffedit.fiji.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import org.scijava.ItemIO;
import org.scijava.ItemVisibility;
import org.scijava.app.StatusService;
import org.scijava.log.LogService;
import org.scijava.plugin.Parameter;
import org.scijava.task.TaskService;

import ij.IJ;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.OtherLibrary;
import sc.fiji.diffedit.config.UserSettings;
import sc.fiji.diffedit.fiji.CommandProgress;
import sc.fiji.diffedit.fiji.Snapshot;
import sc.fiji.diffedit.fiji.inputs.PluginCommand;
import sc.fiji.diffedit.service.DiffusionModelService;
import sc.fiji.diffedit.tensor.Picture;

/** What all commands with a model share: progress and cancelling, notices, and one sentence when something is wrong. */
abstract class StoppableCommand extends PluginCommand {

	@Parameter
	private DiffusionModelService models;
	@Parameter
	private StatusService status;
	@Parameter
	private TaskService tasks;
	@Parameter
	private LogService log;

	private Optional<Consumer<Picture>> preview = Optional.empty();
	private final MemoryLine memoryLine = inputs(new MemoryLine());

	/** Notices about the results, for scripts; users see them in ImageJ's log, status bar and the results' info. */
	@Parameter(label = "Notices", type = ItemIO.OUTPUT, visibility = ItemVisibility.INVISIBLE)
	private List<String> notices = new ArrayList<>();

	/** The command's work; results are kept only when it comes to its end. */
	abstract void work(DiffusionModelService service, CommandProgress progress);

	/** Name or folder of the model that the command needs. */
	abstract String modelName();

	/** The form's memory line; called on another thread than the form's. */
	abstract String expectedMemory();

	/** Updates the memory estimate for the current inputs. Called by the form when one has changed. */
	public final void estimateMemory() {
		memoryLine.show(this::expectedMemory);
	}

	@Override
	public final void run() {
		try (CommandProgress progress = new CommandProgress(this, tasks, status, listener())) {
			progress.show("Loading model " + modelName() + "...");
			progress.run().call(() -> {
				checkInputs();
				inputs(ImageInputs.class).forEach(ImageInputs::take);
				work(models, progress);
				return null;
			});
		}
		catch (final CancelledException e) {
			if (!isCanceled()) cancel(CommandProgress.BY_USER);
		}
		catch (final DiffEditException e) {
			cancel(e.getMessage());
		}
		catch (final LinkageError e) {
			cancel(OtherLibrary.sentence(e).orElseThrow(() -> e).getMessage());
		}
		catch (final OutOfMemoryError e) {
			cancel("There is not enough memory for this image (" + e.getMessage()
				+ "); work on a smaller selection, or give ImageJ more memory by Edit > Options > Memory & Threads.");
		}
		if (!isCanceled()) showNotices();
	}

	@Override
	public final void tellUnused(final List<String> keys) {
		addNotice("Given, but without a role beside the other settings: " + String.join(", ", keys) + ".");
	}

	private void showNotices() {
		if (!UserSettings.read().notices()) return;
		for (final String notice : notices) {
			IJ.log("DiffEdit: " + notice);
			status.showStatus(notice);
		}
	}

	/** Lets the run that is about to begin work on the image as it was when somebody else took it. */
	public final void setSnapshot(final Snapshot taken) {
		inputs(ImageInputs.class).forEach(image -> image.use(taken));
	}

	/** Lets somebody else than the command's own window show the image on its way, for which each step takes a little longer. */
	public final void setPreview(final Consumer<Picture> show) {
		preview = Optional.of(show);
	}

	/** Who shows the image on its way, if not a window of the command. */
	final Optional<Consumer<Picture>> preview() {
		return preview;
	}

	final DiffusionModelService models() {
		return models;
	}

	/** What need not be read: how much memory a run is expected to take. */
	final void log(final String sentence) {
		log.info(sentence);
	}

	/** What should be read while a run begins; it stays in the status bar until there is progress. */
	final void logAndShow(final String sentence) {
		log(sentence);
		status.showStatus(sentence);
	}

	/** Adds a sentence that is no error; it is logged at once, and shown when the run has ended. */
	final void addNotice(final String notice) {
		if (notices.contains(notice)) return;
		notices.add(notice);
		log(notice);
	}

	/** As a notice, for callers who want all or nothing too. */
	final void addIncomplete(final String notice) {
		addNotice(notice);
		setIncomplete(notice);
	}

	/** What has been added so far. */
	final List<String> notices() {
		return List.copyOf(notices);
	}

	/** Adds what users have done to the form's image since the run began. */
	final void noticeChanges() {
		inputs(ImageInputs.class).forEach(image -> image.change().ifPresent(this::addNotice));
	}
}
