package sc.fiji.diffedit.fiji.form;

import java.lang.reflect.InvocationTargetException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.swing.SwingUtilities;

import org.scijava.Context;
import org.scijava.ItemVisibility;
import org.scijava.convert.ConvertService;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.prefs.PrefService;

/** Asks a user for the inputs of a command. */
public final class Form {

	private Form() {}

	/**
	 * Asks for what is still open, and waits for the answer; called on any thread. Shows nothing when there is nothing to ask.
	 *
	 * @return false if the user does not want to go on
	 */
	public static boolean fill(final Context context, final Module module) {
		final List<ModuleItem<?>> shown = Inputs.of(module).stream().filter(input -> input.getVisibility() == ItemVisibility.NORMAL && Fields.canAsk(input)).toList();
		if (shown.stream().allMatch(input -> module.isInputResolved(input.getName()))) return true;
		final Values values = new Values(context.service(ConvertService.class));
		final Remembered remembered = new Remembered(context.service(PrefService.class), values, module);
		return onEventThread(() -> ask(module, shown, values, remembered));
	}

	private static boolean ask(final Module module, final List<ModuleItem<?>> shown, final Values values, final Remembered remembered) {
		final Answers answers = new Answers(module, fields(module, shown, values));
		answers.begin(remembered);
		try (FormWindow window = new FormWindow(answers, remembered.models())) {
			if (!window.ask()) return false;
		}
		remembered.keep();
		answers.resolve();
		return true;
	}

	/** In the order of the form, so that the first trouble is the topmost. */
	private static List<Field> fields(final Module module, final List<ModuleItem<?>> shown, final Values values) {
		final Map<String, ModuleItem<?>> byName = new LinkedHashMap<>();
		shown.forEach(input -> byName.put(input.getName(), input));
		return Plan.of(module).rows().stream().flatMap(row -> Plan.names(row).stream()).map(name -> Fields.of(module, byName.get(name), values)).toList();
	}

	/** A yes or no that is found out on the event thread. */
	private interface Question {

		boolean ask();
	}

	private static boolean onEventThread(final Question question) {
		if (SwingUtilities.isEventDispatchThread()) return question.ask();
		final boolean[] answer = new boolean[1];
		try {
			SwingUtilities.invokeAndWait(() -> answer[0] = question.ask());
		}
		catch (final InterruptedException e) {
			Thread.currentThread().interrupt();
			return false;
		}
		catch (final InvocationTargetException e) {
			throw new IllegalStateException("The form cannot be shown", e.getCause());
		}
		return answer[0];
	}
}
