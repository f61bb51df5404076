package sc.fiji.diffedit.fiji.bridge;

import org.scijava.MenuEntry;
import org.scijava.module.ModuleInfo;
import org.scijava.module.ModuleItem;

/** The words that stand for commands and inputs, in menus, dialogs and macros: the same ones that Fiji shows. */
final class Labels {

	private Labels() {}

	/** The leaf of the menu path, by which macros call the command. */
	static String of(final ModuleInfo info) {
		final MenuEntry leaf = info.getMenuPath() == null ? null : info.getMenuPath().getLeaf();
		return leaf == null ? info.getTitle() : leaf.getName();
	}

	static String of(final ModuleItem<?> input) {
		final String label = input.getLabel();
		if (label != null && !label.isEmpty()) return label;
		final String name = input.getName();
		return Character.toUpperCase(name.charAt(0)) + name.substring(1);
	}
}
