package sc.fiji.diffedit.fiji.bridge;

import java.util.List;

import org.scijava.Context;
import org.scijava.app.event.StatusEvent;
import org.scijava.event.EventHandler;
import org.scijava.event.EventService;
import org.scijava.event.EventSubscriber;
import org.scijava.task.Task;
import org.scijava.task.event.TaskEvent;

import ij.IJ;

/** Shows a running command's status and tasks in ImageJ's status bar, and clears it at the end. */
final class Progress implements AutoCloseable {

	private final EventService events;
	private final List<EventSubscriber<?>> subscribers;

	Progress(final Context context) {
		events = context.service(EventService.class);
		subscribers = events.subscribe(this);
	}

	@EventHandler
	private void onStatus(final StatusEvent event) {
		if (event.getStatusMessage() != null && !event.isWarning()) IJ.showStatus(event.getStatusMessage());
		if (event.getProgressMaximum() > 0) IJ.showProgress(event.getProgressValue(), event.getProgressMaximum());
	}

	@EventHandler
	private void onTask(final TaskEvent event) {
		final Task task = event.getTask();
		if (task.isDone()) return;
		if (task.getStatusMessage() != null) IJ.showStatus(task.getStatusMessage());
		if (task.getProgressMaximum() > 0) IJ.showProgress((double) task.getProgressValue() / task.getProgressMaximum());
	}

	@Override
	public void close() {
		events.unsubscribe(subscribers);
		IJ.showProgress(1.0);
		IJ.showStatus("");
	}
}
