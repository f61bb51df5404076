package sc.fiji.diffedit.fiji.screen;

import java.awt.Menu;
import java.awt.MenuBar;
import java.awt.MenuComponent;
import java.awt.MenuItem;
import java.awt.Point;
import java.awt.Rectangle;
import java.lang.reflect.Field;
import java.lang.reflect.Method;

import ij.IJ;
import ij.Menus;

/**
 * ImageJ's menus by the pointer. AWT does not tell where it draws its menus on Linux, so this asks its inner classes: Java needs
 * {@code --add-opens java.desktop/java.awt=ALL-UNNAMED --add-opens java.desktop/sun.awt.X11=ALL-UNNAMED}.
 */
final class MenuMouse {

	private static final int PAUSE_MILLIS = 250;

	private MenuMouse() {}

	/** Presses the button on a menu, goes with the pointer through the submenus to the entry, and lets it go there: one click. AWT's menus do not open under a pointer whose button is up. */
	static void choose(final String... path) {
		Menu menu = menu(path[0]);
		Mouse.press(middle(menu));
		for (int i = 1; i < path.length; i++) {
			final MenuItem entry = entry(menu, path[i]);
			IJ.wait(PAUSE_MILLIS);
			Mouse.move(middle(entry));
			if (entry instanceof Menu inside) menu = inside;
		}
		Mouse.release();
	}

	/** The menu of the menu bar. */
	static Menu menu(final String label) {
		final MenuBar bar = Menus.getMenuBar();
		for (int i = 0; i < bar.getMenuCount(); i++) if (bar.getMenu(i).getLabel().equals(label)) return bar.getMenu(i);
		throw new IllegalStateException("There is no menu \"" + label + "\".");
	}

	private static MenuItem entry(final Menu menu, final String label) {
		for (int i = 0; i < menu.getItemCount(); i++) if (menu.getItem(i).getLabel().equals(label)) return menu.getItem(i);
		throw new IllegalStateException("\"" + menu.getLabel() + "\" has no entry \"" + label + "\".");
	}

	/** On the screen. */
	private static Point middle(final MenuComponent entry) {
		try {
			final Field peer = MenuComponent.class.getDeclaredField("peer");
			peer.setAccessible(true);
			final Object item = peer.get(entry);
			final Rectangle bounds = (Rectangle) call(item, "getBounds");
			final Object container = call(item, "getContainer");
			final Rectangle all = (Rectangle) call(container, "toGlobal", bounds);
			return new Point(all.x + all.width / 2, all.y + all.height / 2);
		}
		catch (final ReflectiveOperationException e) {
			throw new IllegalStateException("AWT's menus are made in another way here", e);
		}
	}

	private static Object call(final Object on, final String name, final Rectangle... arguments) throws ReflectiveOperationException {
		for (Class<?> type = on.getClass(); type != null; type = type.getSuperclass()) {
			for (final Method method : type.getDeclaredMethods()) {
				if (!method.getName().equals(name) || method.getParameterCount() != arguments.length) continue;
				if (arguments.length == 1 && method.getParameterTypes()[0] != Rectangle.class) continue;
				method.setAccessible(true);
				return method.invoke(on, (Object[]) arguments);
			}
		}
		throw new NoSuchMethodException(on.getClass() + "." + name);
	}
}
