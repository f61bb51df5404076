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
import sc.fiji.diffedit.fiji.inputs.Warning;
import sc.fiji.diffedit.hub.ModelKind;
import sc.fiji.diffedit.hub.ModelPlaces;

/**
 * Checks on a background thread whether a run with the form's present answers can work: whether an engine is installed, whether the
 * model exists, and what the command itself {@linkplain PluginCommand#foresee foresees}. Its findings are warnings; OK stays enabled.
 */
public final class BackgroundCheck implements AutoCloseable {

	private static final int PAUSE_MILLIS = 300;
	private static final String MODEL = "model";

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
		if (answers.field(MODEL) instanceof ModelField field) offer(field, lately);
	}

	private void offer(final ModelField field, final List<String> lately) {
		checking.execute(() -> {
			final List<String> names = names().all(lately);
			SwingUtilities.invokeLater(() -> field.offer(names));
		});
	}

	private ModelNames names() {
		final ModelKind kind = answers.module().getDelegateObject() instanceof PluginCommand command ? command.modelKind() : ModelKind.DIFFUSION;
		return new ModelNames(ModelPlaces.ofSettings(), kind);
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
		final String model = answers.field(MODEL) instanceof ModelField ? String.valueOf(answers.module().getInput(MODEL)) : "";
		checking.execute(() -> {
			warning = placeOfEngine().filter(place -> DjlEngine.isMissing()).map(Trouble::noEngine).or(() -> ofAnswers(model));
			SwingUtilities.invokeLater(this::show);
		});
	}

	/** The input beside which a missing engine is told; empty for a command that needs none. */
	private Optional<String> placeOfEngine() {
		if (answers.module().getInfo().getInput("expected") != null) return Optional.of(answers.field(MODEL) == null ? "" : MODEL);
		return answers.module().getDelegateObject() instanceof PluginCommand command ? command.runsBy() : Optional.empty();
	}

	private void show() {
		answers.warn(warning);
		found.run();
	}

	/** @param model its name; empty for none */
	private Optional<Trouble> ofAnswers(final String model) {
		final ModelNames names = names();
		final boolean isThere = model.isBlank() || names.find(model).isPresent();
		return isThere ? ofRun() : Optional.of(Trouble.wrong(MODEL, names.unknown(model)));
	}

	private Optional<Trouble> ofRun() {
		if (!(answers.module().getDelegateObject() instanceof PluginCommand command)) return Optional.empty();
		try {
			return command.foresee().map(warning -> Trouble.wrong(warning.input(), sentence(warning)));
		}
		catch (final DiffEditException | LinkageError e) {
			return Optional.empty();                                   // the memory line, or the run, says what is wrong
		}
	}

	private String sentence(final Warning warning) {
		return warning.isWhole() ? warning.sentence() : Labels.named(answers.module().getInfo().getInput(warning.input())) + " " + warning.sentence();
	}

	/** Ends without waiting for a check that is going on. */
	@Override
	public void close() {
		soon.stop();
		checking.shutdown();
	}
}
