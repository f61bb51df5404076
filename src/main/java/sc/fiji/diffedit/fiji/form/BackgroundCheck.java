package sc.fiji.diffedit.fiji.form;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import javax.swing.SwingUtilities;
import javax.swing.Timer;

import org.scijava.module.Module;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.engine.DjlEngine;
import sc.fiji.diffedit.fiji.inputs.Conditions;
import sc.fiji.diffedit.hub.ModelPlaces;
import sc.fiji.diffedit.text.ClipTokenizer;

/**
 * Checks on a background thread whether a run with the form's present answers can work: whether an engine is installed, whether the
 * model exists, and whether the descriptions fit into the text encoder. Its findings are warnings; OK stays enabled.
 */
public final class BackgroundCheck implements AutoCloseable {

	private static final int PAUSE_MILLIS = 300, SURE_TO_FIT = 75;

	private final ExecutorService checking = Executors.newSingleThreadExecutor(task -> {
		final Thread thread = new Thread(task, "DiffEdit form");
		thread.setDaemon(true);
		return thread;
	});
	private final Answers answers;
	private final Runnable found;
	private final Timer soon;
	private Path tokenizerFolder;
	private ClipTokenizer tokenizer;
	private volatile String warning = "";
	private volatile boolean engineMissing;

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

	/** What may go wrong, as a sentence; empty when nothing is known. */
	public String warning() {
		return warning;
	}

	public boolean isEngineMissing() {
		return engineMissing;
	}

	private void checkNow() {
		if (checking.isShutdown()) return;
		final boolean diffusion = isDiffusion();
		final String model = diffusion ? String.valueOf(answers.module().getInput("model")) : "";
		final Map<String, String> texts = diffusion ? descriptions() : Map.of();
		checking.execute(() -> {
			engineMissing = answers.module().getInfo().getInput("expected") != null && DjlEngine.isMissing();
			warning = engineMissing ? "The PyTorch engine is not installed yet; without it no model runs." : diffusion ? ofModel(model, texts) : "";
			SwingUtilities.invokeLater(found);
		});
	}

	/** The descriptions by their labels; none where further options change how they are read. */
	private Map<String, String> descriptions() {
		final Map<String, String> texts = new LinkedHashMap<>();
		final Module module = answers.module();
		if (String.valueOf(module.getInput("options")).matches(".*(longPrompts|weightedPrompts|generator|tokenizer).*")) return texts;
		for (final Field field : answers.fields()) {
			if (field instanceof DescriptionField && Conditions.isNeeded(module, field.input())) texts.put(Labels.named(field.input()), String.valueOf(module.getInput(field.name())));
		}
		return texts;
	}

	private String ofModel(final String name, final Map<String, String> texts) {
		if (name.isBlank()) return "";
		final ModelNames names = new ModelNames(ModelPlaces.ofSettings());
		final Optional<Path> folder = names.find(name);
		if (folder.isEmpty()) return names.unknown(name);
		try {
			for (final Map.Entry<String, String> text : texts.entrySet()) {
				final String cut = cut(folder.get().resolve("tokenizer"), text.getValue());
				if (!cut.isEmpty()) return text.getKey() + " is too long for the model; these words at its end do not count: \"" + cut + "\".";
			}
		}
		catch (final DiffEditException | LinkageError e) {
			return "";                                                // the memory line, or the run, says what is wrong with the model
		}
		return "";
	}

	/** What does not fit; empty where the model has no tokenizer that is quickly read. A token has one byte or more, so that most texts need none. */
	private String cut(final Path folder, final String text) {
		if (text.getBytes(StandardCharsets.UTF_8).length <= SURE_TO_FIT || !Files.isDirectory(folder)) return "";
		if (!folder.equals(tokenizerFolder)) {
			forget();
			tokenizer = ClipTokenizer.read(folder);
			tokenizerFolder = folder;
		}
		return tokenizer.cut(text);
	}

	private void forget() {
		if (tokenizer != null) tokenizer.close();
		tokenizer = null;
		tokenizerFolder = null;
	}

	/** Ends without waiting for a look that is going on. */
	@Override
	public void close() {
		soon.stop();
		checking.execute(this::forget);
		checking.shutdown();
	}
}
