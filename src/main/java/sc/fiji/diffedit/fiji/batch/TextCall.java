package sc.fiji.diffedit.fiji.batch;

import java.nio.file.Path;
import java.util.Map;

import org.scijava.Cancelable;
import org.scijava.Context;
import org.scijava.command.CommandService;
import org.scijava.convert.ConvertService;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;

import ij.ImagePlus;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.Run;
import sc.fiji.diffedit.config.UserPath;
import sc.fiji.diffedit.fiji.form.Labels;
import sc.fiji.diffedit.fiji.form.Needs;
import sc.fiji.diffedit.fiji.form.PresetValues;
import sc.fiji.diffedit.fiji.form.Values;
import sc.fiji.diffedit.fiji.inputs.Conditions;
import sc.fiji.diffedit.fiji.inputs.FormInfo;

/**
 * Runs commands on texts: what a table's row or the command line has. No form opens, nothing is shown, nothing that somebody typed
 * earlier is remembered; images are opened from the files that the texts name, masks and objects also from selections of ImageJ. What is not given has the form's default.
 *
 * <pre>{@code
 * Outcome made = new TextCall(context).run(Verb.EDIT, Map.of("image", "cells.tif", "source", "green nuclei", "target", "cyan nuclei"));
 * }</pre>
 */
public final class TextCall {

	private static final ImagePlus NO_IMAGE = new ImagePlus();

	private final Context context;
	private final Values values;

	/** @param context with the services of commands and models */
	public TextCall(final Context context) {
		this.context = context;
		values = new Values(context.service(ConvertService.class));
	}

	/**
	 * Looks at texts without running anything or opening images.
	 *
	 * @param texts by the names of inputs
	 * @throws DiffEditException if one is wrong or missing
	 */
	public void check(final Verb verb, final Map<String, String> texts) {
		final Module module = module(verb.form(texts.keySet()));
		for (final Map.Entry<String, String> text : texts.entrySet()) {
			final ModuleItem<?> input = module.getInfo().getInput(text.getKey());
			module.setInput(text.getKey(), input.getType() == ImagePlus.class ? NO_IMAGE : values.of(input, text.getValue()));
		}
		PresetValues.apply(module, context.service(ConvertService.class), texts::containsKey);
		requireAll(verb, module, texts);
	}

	/**
	 * Looks at a row's settings, so that a batch does not begin with what is wrong.
	 *
	 * @throws DiffEditException if one is wrong or missing; the sentence tells the row
	 */
	public void check(final BatchRow row) {
		try {
			check(row.verb(), row.settings());
		}
		catch (final DiffEditException e) {
			throw new DiffEditException("Row " + row.number() + " (" + row.output() + "): " + e.getMessage(), e);
		}
	}

	/**
	 * Runs a command; cancelling the {@linkplain Run#current() current run} cancels it.
	 *
	 * @param texts by the names of inputs
	 * @throws CancelledException if it was cancelled
	 * @throws DiffEditException if a text is wrong or missing, or the work fails
	 */
	public Outcome run(final Verb verb, final Map<String, String> texts) {
		final Module module = module(verb.form(texts.keySet()));
		if (texts.containsKey(Verb.IMAGE)) module.setInput(Verb.IMAGE, ImageFiles.open(UserPath.of(texts.get(Verb.IMAGE)), context));
		texts.forEach((name, text) -> {
			if (!name.equals(Verb.IMAGE)) module.setInput(name, value(module, name, text));
		});
		PresetValues.apply(module, context.service(ConvertService.class), texts::containsKey);
		requireAll(verb, module, texts);
		return run(module);
	}

	private static void requireAll(final Verb verb, final Module module, final Map<String, String> texts) {
		Conditions.imply(module, texts.keySet());
		Needs.firstMissing(module).ifPresent(input -> {
			throw new DiffEditException(verb.word() + " needs '" + input.getName() + "' (" + Labels.of(input) + "); give it.");
		});
	}

	private Module module(final FormInfo form) {
		return ((FormInfo) context.service(CommandService.class).getCommand(form.getDelegateClassName())).createModule(context);
	}

	private Object value(final Module module, final String name, final String text) {
		final ModuleItem<?> input = module.getInfo().getInput(name);
		if (input.getType() != ImagePlus.class) return values.of(input, text);
		final Path file = UserPath.of(text);
		if (SelectionFiles.isOne(file) && module.getInput(Verb.IMAGE) instanceof ImagePlus image) return SelectionFiles.toLabelImage(file, image);
		return ImageFiles.open(file, context);
	}

	private static Outcome run(final Module module) {
		try (Run.CancelAction cancelling = Run.current().onCancel(() -> ((Cancelable) module).cancel(""))) {
			module.run();
		}
		if (module instanceof Cancelable cancelable && cancelable.isCanceled()) {
			final String reason = cancelable.getCancelReason();
			if (reason == null || reason.isEmpty()) throw new CancelledException();
			throw new DiffEditException(reason);
		}
		return Outcome.of(module);
	}
}
