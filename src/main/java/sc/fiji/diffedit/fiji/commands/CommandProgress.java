package sc.fiji.diffedit.fiji.commands;

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
		if (command.isCanceled() || task.isCanceled() || IJ.escapePressed()) throw new CancelledException();
		final int done = step.index() + 1;
		final String text = step.stage() + ": step " + done + " of " + step.total();
		task.setStatusMessage(text);
		task.setProgressMaximum(step.total());
		task.setProgressValue(done);
		status.showStatus(done, step.total(), text);
	}

	@Override
	public void close() {
		task.finish();
		status.clearStatus();
	}
}
