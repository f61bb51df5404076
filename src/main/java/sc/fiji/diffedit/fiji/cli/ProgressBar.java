package sc.fiji.diffedit.fiji.cli;

import java.io.PrintStream;
import java.util.List;

import org.scijava.Context;
import org.scijava.app.event.StatusEvent;
import org.scijava.event.EventHandler;
import org.scijava.event.EventService;
import org.scijava.event.EventSubscriber;

/** One line of a terminal that shows how far the work is: a bar, and what a command says in ImageJ's status bar. */
final class ProgressBar implements AutoCloseable {

	private static final int BAR = 20, COLUMNS = 79;
	private static final String CLEAR = "\r" + " ".repeat(COLUMNS) + "\r";

	private final PrintStream out;
	private final boolean visible;
	private EventService events;
	private List<EventSubscriber<?>> subscribers = List.of();
	private String head = "";

	ProgressBar(final PrintStream out, final boolean visible) {
		this.out = out;
		this.visible = visible;
	}

	/** Shows what commands of this context say. */
	ProgressBar of(final Context context) {
		if (!visible) return this;
		events = context.service(EventService.class);
		subscribers = events.subscribe(this);
		return this;
	}

	/** What stands before everything, such as the number of an image. */
	void head(final String text) {
		head = text;
		show(0, 0, "");
	}

	@EventHandler
	private void onStatus(final StatusEvent event) {
		if (event.getStatusMessage() != null && !event.getStatusMessage().isEmpty()) show(event.getProgressValue(), event.getProgressMaximum(), event.getStatusMessage());
	}

	private void show(final int done, final int total, final String text) {
		if (!visible) return;
		final int filled = total > 0 ? Math.min(BAR, done * BAR / total) : 0;
		final String bar = total > 0 ? "[" + "#".repeat(filled) + " ".repeat(BAR - filled) + "] " : "";
		final String line = head + bar + text.replace('\n', ' ');
		out.print(CLEAR + (line.length() > COLUMNS ? line.substring(0, COLUMNS) : line));
		out.flush();
	}

	/** Makes room for a line that stays. */
	void clear() {
		if (!visible) return;
		out.print(CLEAR);
		out.flush();
	}

	@Override
	public void close() {
		if (events != null) events.unsubscribe(subscribers);
		events = null;
		clear();
	}
}
