package sc.fiji.diffedit.fiji;

import java.time.Duration;
import java.util.function.IntConsumer;

import org.scijava.Cancelable;
import org.scijava.app.StatusService;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Plugin;
import org.scijava.task.Task;
import org.scijava.task.TaskService;
import org.scijava.thread.ThreadService;

import sc.fiji.diffedit.Run;
import sc.fiji.diffedit.memory.MemoryEstimate;
import sc.fiji.diffedit.pipelines.StepListener;

/**
 * The run of a command: its steps in the status bar and as a task. The task's stop button cancels this run, and so does all that
 * {@link CancelWatch} looks for. However it ends, status and progress bar are cleared.
 */
public final class CommandProgress implements StepListener, AutoCloseable {

	/** The reason of a cancel that needs no telling, since the user did it: no dialog shows it. */
	public static final String BY_USER = "";

	private static final int PERMILLE = 1000;
	/** Seconds that need no telling: they are over when they are read. */
	private static final double SHOWN_FROM_SECONDS = 5;

	private final StatusService status;
	private final Task task;
	private final Run run;
	private final CancelWatch watch;
	/** When the first step of the present stage was done, in {@link System#nanoTime()}. */
	private long stageStart;

	/** A run that begins on this thread. */
	public CommandProgress(final Cancelable command, final TaskService tasks, final StatusService status) {
		this.status = status;
		final String title = title(command.getClass());
		task = tasks.createTask(title);
		run = new Run(title, this::say);
		task.setCancelCallBack(run::cancel);
		task.start();
		watch = CancelWatch.over(run, command, tasks.context().service(ThreadService.class));
	}

	/** As the menu has it. */
	public static String title(final Class<?> command) {
		final Menu[] menu = command.isAnnotationPresent(Plugin.class) ? command.getAnnotation(Plugin.class).menu() : new Menu[0];
		return menu.length == 0 ? command.getSimpleName() : menu[menu.length - 1].label().replace("...", "");
	}

	/** What the command's thread is to work on. */
	public Run run() {
		return run;
	}

	@Override
	public void stepped(final Step step) {
		final int done = step.index() + 1;
		show(done, step.total(), step.stage() + ": step " + done + " of " + step.total() + left(step));
	}

	/** How long the stage will go on; the first step, which packs weights, says nothing of the others. */
	private String left(final Step step) {
		final long now = System.nanoTime();
		if (step.index() == 0) stageStart = now;
		if (step.index() < 2 || step.index() + 1 == step.total()) return "";
		final double seconds = (now - stageStart) / 1e9 / step.index() * (step.total() - 1 - step.index());
		return seconds < SHOWN_FROM_SECONDS ? "" : ", " + MemoryEstimate.approximately(Duration.ofMillis((long) (1000 * seconds))) + " left";
	}

	/** Words that are being written, of which there may be fewer than {@code most} in the end. */
	public IntConsumer words(final String stage, final int most) {
		return made -> show(made, most, stage + ": word " + made + " of at most " + most);
	}

	/** How much of a file has come; told only when it can be seen. */
	public void bytes(final String file, final long bytes, final long total) {
		run.stopIfCancelled();
		final int permille = total <= 0 ? 0 : (int) (bytes * PERMILLE / total);
		if (permille != task.getProgressValue() || bytes == 0) show(permille, PERMILLE, file + ": " + permille / 10 + "%");
	}

	/** What goes on, where no steps can be counted. */
	public void say(final String text) {
		task.setStatusMessage(text);
		status.showStatus(text);
	}

	private void show(final int done, final int total, final String text) {
		run.stopIfCancelled();
		task.setStatusMessage(text);
		task.setProgressMaximum(total);
		task.setProgressValue(done);
		status.showStatus(done, total, text);
	}

	@Override
	public void close() {
		watch.close();
		task.finish();
		status.showStatus(1, 1, "");
	}
}
