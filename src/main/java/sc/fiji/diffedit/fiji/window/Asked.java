package sc.fiji.diffedit.fiji.window;

import java.util.List;
import java.util.Optional;

import org.scijava.Context;
import org.scijava.convert.ConvertService;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.prefs.PrefService;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.form.Answers;
import sc.fiji.diffedit.fiji.form.BackgroundCheck;
import sc.fiji.diffedit.fiji.form.Field;
import sc.fiji.diffedit.fiji.form.Fields;
import sc.fiji.diffedit.fiji.form.Inputs;
import sc.fiji.diffedit.fiji.form.PresetField;
import sc.fiji.diffedit.fiji.form.Remembered;
import sc.fiji.diffedit.fiji.form.Trouble;
import sc.fiji.diffedit.fiji.form.Values;
import sc.fiji.diffedit.pipelines.Threshold;

/**
 * The fields of a window. They are those of the form of {@code Generate Mask...}, so words, ranges, help and checks are the same, and
 * descriptions and model are remembered in common.
 */
final class Asked implements Session.Listener, AutoCloseable {

	private final Session session;
	private final Answers answers;
	private final Remembered remembered;
	private final BackgroundCheck check;
	private final Runnable changed;
	private Optional<Trouble> trouble = Optional.empty();
	private boolean showing;

	/** @param changed called when what may be wrong with the answers has changed */
	Asked(final Session session, final Runnable changed) {
		this.session = session;
		this.changed = changed;
		final Context context = session.context();
		final Module module = session.answers();
		final Values values = new Values(context.service(ConvertService.class));
		remembered = new Remembered(context.service(PrefService.class), values, module);
		final List<Field> fields = Inputs.of(module).stream().filter(Asked::isAsked).map(input -> Fields.of(module, input, values)).toList();
		answers = new Answers(module, fields);
		answers.begin(remembered);
		check = new BackgroundCheck(answers, remembered.models(), changed);
		fields.forEach(field -> field.whenChanged(this::take));
		take();
		session.addListener(this);
	}

	private static boolean isAsked(final ModuleItem<?> input) {
		return Inputs.recordable(input) && !Session.LEFT_OUT.contains(input.getName());
	}

	Field field(final String name) {
		return answers.field(name);
	}

	/** The presets, which the mask's fields here follow. */
	PresetField preset() {
		return (PresetField) field("preset");
	}

	private void take() {
		if (showing) return;
		trouble = answers.take();
		if (trouble.isEmpty() || trouble.get().isEmpty()) use();
		check.restart();
		changed.run();
	}

	private void use() {
		try {
			session.answered();
		}
		catch (final DiffEditException e) {
			trouble = Optional.of(Trouble.wrong(Threshold.RATIO.equalsIgnoreCase(field("threshold").value().toString()) ? "thresholdRatio" : "thresholdLevel", e.getMessage()));
			answers.refuse(trouble.get());
		}
	}

	@Override
	public void answersChanged() {
		showing = true;
		answers.showAgain();
		showing = false;
		take();
	}

	/** Remembers descriptions and model for the next form or window. */
	void keep() {
		remembered.keepShared();
	}

	/** Looks again: the user may have installed an engine or a model meanwhile. */
	void checkAgain() {
		check.restart();
	}

	/** Whether the user sees it beside its field. */
	boolean isSeen(final Trouble one) {
		return field(one.name()) != null && field(one.name()).isNoteSeen();
	}

	/** What has to be done before a run. */
	Optional<Trouble> trouble() {
		return trouble;
	}

	/** What may go wrong; empty for nothing. */
	Optional<Trouble> warning() {
		return check.warning();
	}

	@Override
	public void close() {
		check.close();
	}
}
