package sc.fiji.diffedit.fiji;

import java.time.Duration;
import java.util.Optional;
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
 * Shows a command's steps in the status bar and as a SciJava task. The task's stop button cancels the run, as does every signal
 * that {@link CancelWatch} checks. Status and progress bar are cleared when the run ends, successful or not.
 */
public final class CommandProgress implements StepListener, AutoCloseable {

	/** The cancel reason after the user cancelled: no dialog is shown. */
	public static final String BY_USER = "";

	private static final int PERMILLE = 1000;
	/** Shorter remaining times are not shown. */
	private static final double SHOWN_FROM_SECONDS = 5;

	/** Takes what a run says of itself. */
	@FunctionalInterface
	public interface Listener {

		/** Called by the run's threads. @param part how much of the present stage is done, 0 to 1; negative where no steps are counted */
		void told(String sentence, double part);
	}

	private final StatusService status;
	private final Listener listener;
	private final Task task;
	private final Run run;
	private final CancelWatch watch;
	/** When the first step of the present stage was done, in {@link System#nanoTime()}. */
	private long stageStart;
	private volatile Plane plane = new Plane(0, 1, "");
	/** When the first plane was begun, in {@link System#nanoTime()}. */
	private long planesStart;
	/** The last step, while its stage goes on. */
	private volatile Optional<Shown> last = Optional.empty();

	/** The present one of a run over several planes: its number from 0, how many there are, and how messages begin. */
	private record Plane(int index, int count, String prefix) {}

	/** A sentence with how much is done. */
	private record Shown(String sentence, int done, int total) {}

	/** A run that begins on this thread. */
	public CommandProgress(final Cancelable command, final TaskService tasks, final StatusService status) {
		this(command, tasks, status, (sentence, part) -> {});
	}

	/** The same for a listener who hears of this run alone; the status bar hears of all. */
	public CommandProgress(final Cancelable command, final TaskService tasks, final StatusService status, final Listener listener) {
		this.status = status;
		this.listener = listener;
		final String title = title(command.getClass());
		task = tasks.createTask(title);
		run = new Run(title, this::show);
		task.setCancelCallBack(run::cancel);
		task.start();
		watch = CancelWatch.over(run, command, tasks.context().service(ThreadService.class));
	}

	/** The command's menu label, without the dots. */
	public static String title(final Class<?> command) {
		final Menu[] menu = command.isAnnotationPresent(Plugin.class) ? command.getAnnotation(Plugin.class).menu() : new Menu[0];
		return menu.length == 0 ? command.getSimpleName() : menu[menu.length - 1].label().replace("...", "");
	}

	/** The run to be bound to the command's thread. */
	public Run run() {
		return run;
	}

	/**
	 * Begins a plane of a run over several: from now on messages tell which one it is, and how much time is left for all of them.
	 *
	 * @param index from 0
	 * @param name of the plane, such as {@code z=3}
	 */
	public void plane(final int index, final int count, final String name) {
		run.stopIfCancelled();
		if (index == 0) planesStart = System.nanoTime();
		last = Optional.empty();
		final double seconds = index == 0 ? 0 : (System.nanoTime() - planesStart) / 1e9 / index * (count - index);
		plane = new Plane(index, count, count == 1 ? "" : "Plane " + (index + 1) + " of " + count + " (" + name + ")" + left(seconds) + "; ");
	}

	private static String left(final double seconds) {
		return seconds < SHOWN_FROM_SECONDS ? "" : ", " + MemoryEstimate.approximately(Duration.ofMillis((long) (1000 * seconds))) + " left";
	}

	@Override
	public void stepped(final Step step) {
		final int done = step.index() + 1;
		show(done, step.total(), step.stage() + ": step " + done + " of " + step.total() + left(step));
	}

	/** The remaining time of the stage; the first step, which packs weights, is not representative and is left out. */
	private String left(final Step step) {
		final long now = System.nanoTime();
		if (step.index() == 0) stageStart = now;
		if (step.index() < 2 || step.index() + 1 == step.total()) return "";
		final double seconds = (now - stageStart) / 1e9 / step.index() * (step.total() - 1 - step.index());
		return plane.count() > 1 ? "" : left(seconds);
	}

	/** A listener that shows how many words have been written; there may be fewer than {@code most} in the end. */
	public IntConsumer wordCounter(final String stage, final int most) {
		return made -> show(made, most, stage + ": word " + made + " of at most " + most);
	}

	/** Shows how much of a file has been downloaded, when the percentage has changed visibly. */
	public void bytes(final String file, final long bytes, final long total) {
		run.stopIfCancelled();
		final int permille = total <= 0 ? 0 : (int) (bytes * PERMILLE / total);
		if (permille != task.getProgressValue() || bytes == 0) show(permille, PERMILLE, file + ": " + permille / 10 + "%");
	}

	/** Shows a message where no steps can be counted; between the steps of a stage it stands behind the last step, which goes on to count. */
	public void show(final String text) {
		if (last.isPresent()) {
			show(last.get(), ". " + text);
			return;
		}
		task.setStatusMessage(text);
		status.showStatus(text);
		listener.told(text, -1);
	}

	private void show(final int stepsDone, final int steps, final String step) {
		run.stopIfCancelled();
		final Plane now = plane;
		final Shown shown = now.count() == 1 ? new Shown(step, stepsDone, steps) : new Shown(now.prefix() + step, now.index(), now.count());
		last = stepsDone < steps ? Optional.of(shown) : Optional.empty();
		show(shown, "");
	}

	private void show(final Shown shown, final String more) {
		final String text = shown.sentence() + more;
		task.setStatusMessage(text);
		task.setProgressMaximum(shown.total());
		task.setProgressValue(shown.done());
		status.showStatus(shown.done(), shown.total(), text);
		listener.told(text, (double) shown.done() / shown.total());
	}

	@Override
	public void close() {
		watch.close();
		task.finish();
		status.showStatus(1, 1, "");
	}
}
