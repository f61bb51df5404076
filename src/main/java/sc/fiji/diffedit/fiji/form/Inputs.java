package sc.fiji.diffedit.fiji.form;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.scijava.ItemVisibility;
import org.scijava.module.Module;
import org.scijava.module.ModuleInfo;
import org.scijava.module.ModuleItem;
import org.scijava.widget.Button;
import org.scijava.widget.TextWidget;

import sc.fiji.diffedit.fiji.inputs.FormInfo;

/** A command's inputs as macros see them. */
public final class Inputs {

	private Inputs() {}

	/** All inputs in the order of the form, services and the context left out. */
	public static List<ModuleItem<?>> of(final Module module) {
		return of(module.getInfo());
	}

	/** All inputs of a command in the order of the form, services and the context left out. */
	public static List<ModuleItem<?>> of(final ModuleInfo info) {
		final List<ModuleItem<?>> inputs = new ArrayList<>();
		for (final ModuleItem<?> input : info.inputs()) {
			if (!FormInfo.isEnvironment(input)) inputs.add(input);
		}
		return inputs;
	}

	/** The macro key: the parameter's name in lower case, as Fiji's recorder writes it. */
	public static String key(final ModuleItem<?> input) {
		return input.getName().toLowerCase(Locale.ROOT);
	}

	/** Whether Fiji would record it: no message, no hidden input, no password, no button. */
	public static boolean recordable(final ModuleItem<?> input) {
		return input.getVisibility() == ItemVisibility.NORMAL && input.getType() != Button.class
			&& !hasStyle(input, TextWidget.PASSWORD_STYLE);
	}

	public static boolean hasStyle(final ModuleItem<?> input, final String style) {
		final String styles = input.getWidgetStyle();
		return styles != null && Arrays.asList(styles.split(",")).contains(style);
	}
}
