package sc.fiji.diffedit.fiji.form;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import javax.swing.SwingUtilities;
import javax.swing.Timer;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.engine.DjlEngine;
import sc.fiji.diffedit.fiji.inputs.PluginCommand;
import sc.fiji.diffedit.hub.ModelPlaces;

/**
 * Checks on a background thread whether a run with the form's present answers can work: whether an engine is installed, whether the
 * model exists, and what the command itself {@linkplain PluginCommand#foresee foresees}. Its findings are warnings; OK stays enabled.
 */
public final class BackgroundCheck implements AutoCloseable {

	private static final int PAUSE_MILLIS = 300;

	private final ExecutorService checking = Executors.newSingleThreadExecutor(task -> {
		final Thread thread = new Thread(task, "DiffEdit form");
		thread.setDaemon(true);
		return thread;
	});
	private final Answers answers;
	private final Runnable found;
	private final Timer soon;
	private volatile Optional<Trouble> warning = Optional.empty();

	/**
	 * @param lately models that were used lately, which the list offers too
	 * @param found called on the event thread when the warning has changed
	 */
	public BackgroundCheck(final Answers answers, final List<String> lately, final Runnable found) {
		this.answers = answers;
		this.found = found;
		soon = new Timer(PAUSE_MILLIS, event -> checkNow());
		soon.setRepeats(false);
		if (isDiffusion() && answers.field("model") instanceof ModelField field) offer(field, lately);
	}

	private void offer(final ModelField field, final List<String> lately) {
		checking.execute(() -> {
			final List<String> names = new ModelNames(ModelPlaces.ofSettings()).all(lately);
			SwingUtilities.invokeLater(() -> field.offer(names));
		});
	}

	/** Whether the form is one of a diffusion model: those of captioners and writers have no memory preset. */
	private boolean isDiffusion() {
		return answers.field("memory") != null && answers.field("model") != null;
	}

	/** Schedules a check, which starts when nothing has been typed for a moment. */
	public void restart() {
		soon.restart();
	}

	/** What may go wrong; empty when nothing is known. */
	public Optional<Trouble> warning() {
		return warning;
	}

	private void checkNow() {
		if (checking.isShutdown()) return;
		final String model = isDiffusion() ? String.valueOf(answers.module().getInput("model")) : "";
		checking.execute(() -> {
			final boolean needsEngine = answers.module().getInfo().getInput("expected") != null;
			warning = needsEngine && DjlEngine.isMissing() ? Optional.of(Trouble.noEngine(answers.field("model") == null ? "" : "model")) : ofModel(model);
			SwingUtilities.invokeLater(this::show);
		});
	}

	private void show() {
		answers.warn(warning);
		found.run();
	}

	private Optional<Trouble> ofModel(final String name) {
		if (name.isBlank()) return Optional.empty();
		final ModelNames names = new ModelNames(ModelPlaces.ofSettings());
		return names.find(name).isEmpty() ? Optional.of(Trouble.wrong("model", names.unknown(name))) : ofRun();
	}

	private Optional<Trouble> ofRun() {
		if (!(answers.module().getDelegateObject() instanceof PluginCommand command)) return Optional.empty();
		try {
			return command.foresee().map(warning -> Trouble.wrong(warning.input(), Labels.named(answers.module().getInfo().getInput(warning.input())) + " " + warning.sentence()));
		}
		catch (final DiffEditException | LinkageError e) {
			return Optional.empty();                                   // the memory line, or the run, says what is wrong
		}
	}

	/** Ends without waiting for a check that is going on. */
	@Override
	public void close() {
		soon.stop();
		checking.shutdown();
	}
}
