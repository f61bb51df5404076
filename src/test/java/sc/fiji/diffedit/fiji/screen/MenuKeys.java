package sc.fiji.diffedit.fiji.screen;

import java.awt.Menu;
import java.awt.MenuBar;
import java.awt.MenuItem;
import java.awt.event.KeyEvent;

import ij.IJ;
import ij.Menus;

/** ImageJ's menus by the keys of a keyboard. */
final class MenuKeys {

	private MenuKeys() {}

	/** Goes through the menus to an entry, such as {@code Plugins, DiffEdit, Generate Mask...}, and presses Enter there. */
	static void choose(final String... path) {
		Mouse.click(IJ.getInstance().getStatusBar());
		Program.waitFor(IJ.getInstance()::isFocused, "the keyboard in ImageJ's window");
		final MenuBar bar = Menus.getMenuBar();
		Forms.press(KeyEvent.VK_F10);
		Menu menu = null;
		for (int i = bar.getMenuCount() - 1; i >= 0 && menu == null; i--) {          // to the right a first entry may open a menu of its own
			Forms.press(KeyEvent.VK_LEFT);
			if (bar.getMenu(i).getLabel().equals(path[0])) menu = bar.getMenu(i);
		}
		for (int i = 1; i < path.length; i++) {
			Program.require(menu != null, "no menu " + path[i - 1]);
			final MenuItem entry = go(menu, path[i]);
			menu = entry instanceof Menu inside ? inside : null;
			if (menu != null) Forms.press(KeyEvent.VK_RIGHT);
		}
		Forms.press(KeyEvent.VK_ENTER);
	}

	/** Goes down in an open menu, whose first entry is chosen. */
	private static MenuItem go(final Menu menu, final String label) {
		for (int i = 0; i < menu.getItemCount(); i++) {
			final MenuItem entry = menu.getItem(i);
			if (entry.getLabel().equals(label)) return entry;
			if (!entry.getLabel().equals("-")) Forms.press(KeyEvent.VK_DOWN);
		}
		throw new IllegalStateException("\"" + menu.getLabel() + "\" has no entry \"" + label + "\".");
	}
}
