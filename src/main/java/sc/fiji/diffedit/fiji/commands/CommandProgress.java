package sc.fiji.diffedit.fiji.commands;

import java.util.function.IntConsumer;

import org.scijava.Cancelable;
import org.scijava.app.StatusService;
import org.scijava.task.Task;
import org.scijava.task.TaskService;

import ij.IJ;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.pipelines.StepListener;

/**
 * Steps in the status bar and as a task that can be stopped. A stop button, the Escape key or a cancelled command ends
 * the run at its next step.
 */
final class CommandProgress implements StepListener, AutoCloseable {

	private static final int PERMILLE = 1000;

	private final Cancelable command;
	private final StatusService status;
	private final Task task;

	CommandProgress(final Cancelable command, final TaskService tasks, final StatusService status) {
		this.command = command;
		this.status = status;
		task = tasks.createTask("DiffEdit");
		task.setCancelCallBack(() -> {}); // the next step answers
		task.start();
		IJ.resetEscape();
	}

	@Override
	public void stepped(final Step step) {
		final int done = step.index() + 1;
		show(done, step.total(), step.stage() + ": step " + done + " of " + step.total());
	}

	/** Words that are being written, of which there may be fewer than {@code most} in the end. */
	IntConsumer words(final String stage, final int most) {
		return made -> show(made, most, stage + ": word " + made + " of at most " + most);
	}

	/** How much of a download has come; told only when it can be seen. */
	void bytes(final String file, final long bytes, final long total) {
		stopIfAsked();
		final int permille = total <= 0 ? 0 : (int) (bytes * PERMILLE / total);
		if (permille != task.getProgressValue() || bytes == 0) show(permille, PERMILLE, "Download: " + permille / 10 + "% (" + file + ")");
	}

	private void stopIfAsked() {
		if (command.isCanceled() || task.isCanceled() || IJ.escapePressed()) throw new CancelledException();
	}

	private void show(final int done, final int total, final String text) {
		stopIfAsked();
		task.setStatusMessage(text);
		task.setProgressMaximum(total);
		task.setProgressValue(done);
		status.showStatus(done, total, text);
	}

	@Override
	public void close() {
		task.finish();
		status.clearStatus();
	}
}
