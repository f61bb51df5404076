package sc.fiji.diffedit.fiji.bridge;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.scijava.Cancelable;
import org.scijava.Context;
import org.scijava.app.event.StatusEvent;
import org.scijava.event.EventHandler;
import org.scijava.event.EventService;
import org.scijava.event.EventSubscriber;
import org.scijava.module.Module;
import org.scijava.task.Task;
import org.scijava.task.event.TaskEvent;

import ij.IJ;

/** While a command runs: its status and tasks in ImageJ's status bar, and the Escape key as the task's stop button. */
final class Progress implements AutoCloseable {

	private static final int PAUSE_MS = 100;
	private static final String REASON = "Cancelled.";

	private final EventService events;
	private final java.util.List<EventSubscriber<?>> subscribers;
	private final Module module;
	private final Set<Task> tasks = ConcurrentHashMap.newKeySet();
	private final Thread watcher = new Thread(this::watch, "DiffEdit Escape");
	private volatile boolean escaped;
	private volatile boolean over;

	Progress(final Context context, final Module module) {
		this.module = module;
		events = context.service(EventService.class);
		subscribers = events.subscribe(this);
	}

	/** From here on Escape belongs to the command; before, it closes the dialog. */
	void listenForEscape() {
		IJ.resetEscape();
		watcher.setDaemon(true);
		watcher.start();
	}

	/** Whether the user has pressed Escape and the command was told. */
	boolean escaped() {
		return escaped;
	}

	@EventHandler
	private void onStatus(final StatusEvent event) {
		if (event.getStatusMessage() != null && !event.isWarning()) IJ.showStatus(event.getStatusMessage());
		if (event.getProgressMaximum() > 0) IJ.showProgress(event.getProgressValue(), event.getProgressMaximum());
	}

	@EventHandler
	private void onTask(final TaskEvent event) {
		final Task task = event.getTask();
		if (task.isDone()) tasks.remove(task);
		else tasks.add(task);
		if (task.getStatusMessage() != null) IJ.showStatus(task.getStatusMessage());
		if (task.getProgressMaximum() > 0) {
			IJ.showProgress((double) task.getProgressValue() / task.getProgressMaximum());
		}
		if (escaped && !task.isCanceled()) task.cancel(REASON);
	}

	private void watch() {
		while (!over) {
			if (IJ.escapePressed() && !escaped) stopAll();
			IJ.wait(PAUSE_MS);
		}
	}

	private void stopAll() {
		escaped = true;
		IJ.showStatus("Stopping...");
		for (final Task task : tasks) task.cancel(REASON);
		if (module instanceof Cancelable cancelable && !cancelable.isCanceled()) cancelable.cancel(REASON);
	}

	@Override
	public void close() {
		over = true;
		events.unsubscribe(subscribers);
		IJ.showProgress(1.0);
	}
}
