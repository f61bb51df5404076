package sc.fiji.diffedit.fiji.form;

import java.util.Locale;

import org.scijava.MenuEntry;
import org.scijava.module.ModuleInfo;
import org.scijava.module.ModuleItem;

/** The words that stand for commands and inputs, in menus, dialogs and macros: the same ones that Fiji shows. */
public final class Labels {

	private Labels() {}

	/** The leaf of the menu path, by which macros call the command. */
	public static String of(final ModuleInfo info) {
		final MenuEntry leaf = info.getMenuPath() == null ? null : info.getMenuPath().getLeaf();
		return leaf == null ? info.getTitle() : leaf.getName();
	}

	/** As forms show it; the name where there is no label. */
	public static String of(final ModuleItem<?> input) {
		final String label = input.getLabel();
		if (label != null && !label.isEmpty()) return label;
		final String name = input.getName();
		return Character.toUpperCase(name.charAt(0)) + name.substring(1);
	}

	/** For sentences: with the macro key behind it, where it is another word. */
	public static String named(final ModuleItem<?> input) {
		final String label = of(input), key = Inputs.key(input);
		final boolean told = label.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "").startsWith(key);
		return told ? "'" + label + "'" : "'" + label + "' (" + key + ")";
	}
}
