package sc.fiji.diffedit.fiji.commands;

import java.util.ArrayList;
import java.util.List;

import org.scijava.ItemIO;
import org.scijava.ItemVisibility;
import org.scijava.app.StatusService;
import org.scijava.log.LogService;
import org.scijava.plugin.Parameter;
import org.scijava.task.TaskService;

import ij.IJ;
import ij.ImagePlus;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.CommandProgress;
import sc.fiji.diffedit.fiji.PluginCommand;
import sc.fiji.diffedit.fiji.Snapshot;
import sc.fiji.diffedit.service.DiffusionModelService;

/** What all commands share: progress and cancelling, and one sentence when something is wrong. */
abstract class StoppableCommand extends PluginCommand {

	@Parameter
	private DiffusionModelService models;
	@Parameter
	private StatusService status;
	@Parameter
	private TaskService tasks;
	@Parameter
	private LogService log;

	/** What there is to say of the results, for scripts; users read it in ImageJ's log, status bar and the results' info. */
	@Parameter(label = "Notices", type = ItemIO.OUTPUT, visibility = ItemVisibility.INVISIBLE)
	private List<String> notices = new ArrayList<>();

	private final List<Snapshot> taken = new ArrayList<>();

	/** Takes what the run needs of open images, before anything that takes time, and refuses what it cannot work with. */
	void prepare() {}

	/** The command's work; results are kept only when it comes to its end. */
	abstract void work(DiffusionModelService models, CommandProgress progress);

	/** Name or folder of the model that the command needs. */
	abstract String model();

	@Override
	public final void run() {
		try (CommandProgress progress = new CommandProgress(this, tasks, status)) {
			progress.say("Loading model " + model() + "...");
			progress.run().call(() -> {
				prepare();
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
		catch (final OutOfMemoryError e) {
			cancel("There is not enough memory for this image (" + e.getMessage()
				+ "); work on a smaller selection, or give ImageJ more memory by Edit > Options > Memory & Threads.");
		}
		if (!isCanceled()) showNotices();
	}

	private void showNotices() {
		for (final String notice : notices) {
			IJ.log("DiffEdit: " + notice);
			status.showStatus(notice);
		}
	}

	final DiffusionModelService models() {
		return models;
	}

	/** What need not be read: how much memory a run is expected to take. */
	final void note(final String sentence) {
		log.info(sentence);
		status.showStatus(sentence);
	}

	/** Notes a sentence that is no error; it is shown when the run has ended. */
	final void tell(final String notice) {
		if (!notices.contains(notice)) notices.add(notice);
	}

	/** What is noted so far. */
	final List<String> notices() {
		return List.copyOf(notices);
	}

	/** Takes an image as it is now. */
	final Snapshot take(final ImagePlus image) {
		final Snapshot snapshot = Snapshot.of(image);
		taken.add(snapshot);
		return snapshot;
	}

	/** Notes what users have done meanwhile to the images that were taken. */
	final void tellChanges() {
		for (final Snapshot snapshot : taken) snapshot.change().ifPresent(this::tell);
	}
}
