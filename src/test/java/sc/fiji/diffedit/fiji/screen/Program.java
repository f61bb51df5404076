package sc.fiji.diffedit.fiji.screen;

import java.awt.MenuItem;
import java.util.function.BooleanSupplier;

import org.scijava.plugin.Menu;
import org.scijava.plugin.Plugin;

import ij.IJ;
import ij.ImageJ;
import ij.ImagePlus;
import ij.Menus;
import ij.WindowManager;

import sc.fiji.diffedit.fiji.bridge.RunCommand;

/** What programs on a {@link Screen} share: plain ImageJ with some commands, and ways to look at its windows. */
final class Program {

	private static final int PAUSE_MILLIS = 50, LONGEST_MILLIS = 100_000, CALM_MILLIS = 500;

	private Program() {}

	/** Starts ImageJ without its own window, with the commands under their {@linkplain #label labels}. */
	static void start(final Class<?>... commands) {
		new ImageJ(ImageJ.NO_SHOW);
		add(commands);
	}

	private static void add(final Class<?>... commands) {
		for (final Class<?> command : commands) {
			Menus.getCommands().put(label(command), RunCommand.class.getName() + "(\"" + command.getName() + "\")");
		}
	}

	/** Starts ImageJ with its window, where the commands stand in the menu {@code Plugins > DiffEdit}. */
	static void startWithMenus(final Class<?>... commands) {
		final ImageJ program = new ImageJ(ImageJ.EMBEDDED);
		add(commands);
		final java.awt.Menu ours = new java.awt.Menu("DiffEdit");
		for (final Class<?> command : commands) {
			final MenuItem entry = new MenuItem(label(command));
			entry.addActionListener(program);
			ours.add(entry);
		}
		Forms.onEventThread(() -> MenuMouse.menu("Plugins").add(ours));
		waitFor(program::isShowing, "ImageJ's window");
	}

	/** What a command is called in the menu. Its class's name would not do: "Repeat..." is for ImageJ what was done last. */
	static String label(final Class<?> command) {
		final Menu[] path = command.getAnnotation(Plugin.class).menu();
		return path[path.length - 1].label();
	}

	/** What its form is called. */
	static String title(final Class<?> command) {
		final String own = command.getAnnotation(Plugin.class).label();
		return own.isEmpty() ? label(command).replace("...", "") : own;
	}

	static void waitFor(final BooleanSupplier condition, final String what) {
		for (int waited = 0; !condition.getAsBoolean(); waited += PAUSE_MILLIS) {
			require(waited < LONGEST_MILLIS, "did not come: " + what);
			IJ.wait(PAUSE_MILLIS);
		}
	}

	/** Makes an image the active one, for good: a window that has just opened may take the keyboard late, and the picture with it. */
	static void activate(final ImagePlus image) {
		for (int waited = 0, calm = 0; calm < CALM_MILLIS; waited += PAUSE_MILLIS, calm += PAUSE_MILLIS) {
			require(waited < LONGEST_MILLIS, "did not become the active image: " + image.getTitle());
			if (WindowManager.getCurrentImage() != image) {
				Forms.onEventThread(() -> IJ.selectWindow(image.getID()));
				calm = 0;
			}
			IJ.wait(PAUSE_MILLIS);
		}
	}

	/** Ends the process with what is wrong. */
	static void require(final boolean holds, final String what) {
		if (holds) return;
		System.out.println(what);
		System.exit(1);
	}
}
