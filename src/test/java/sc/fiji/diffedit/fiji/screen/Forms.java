package sc.fiji.diffedit.fiji.screen;

import java.awt.AWTException;
import java.awt.Component;
import java.awt.Container;
import java.awt.KeyboardFocusManager;
import java.awt.Robot;
import java.awt.Window;
import java.awt.event.KeyEvent;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.List;

import javax.swing.AbstractButton;
import javax.swing.JDialog;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.SwingUtilities;
import javax.swing.text.JTextComponent;

import ij.IJ;

/** Uses forms as a person does: by the keys of a keyboard, and by looking at what stands where. */
public final class Forms {

	private static final int PAUSE_MILLIS = 60;

	private Forms() {}

	/** Starts a command as its menu entry would, and waits for its form. */
	static JDialog open(final Class<?> command) {
		IJ.doCommand(Program.label(command));
		final JDialog form = waitFor();
		Program.require(form.getTitle().equals(Program.title(command)), "the form of " + command.getSimpleName() + ", but it is " + form.getTitle());
		return form;
	}

	/** The form that comes. */
	public static JDialog waitFor() {
		Program.waitFor(() -> shown() != null && shown().isFocused(), "a form");
		settle();
		return shown();
	}

	/** The form that is open; null for none. */
	public static JDialog shown() {
		return Arrays.stream(Window.getWindows()).filter(window -> window.isShowing() && window instanceof JDialog dialog && find(dialog, "OK") != null)
			.map(JDialog.class::cast).findFirst().orElse(null);
	}

	/** The window of this title that is open, the first of several; null for none. */
	static JFrame frame(final String title) {
		return frames(title).stream().findFirst().orElse(null);
	}

	/** All open windows of this title. */
	static List<JFrame> frames(final String title) {
		return Arrays.stream(Window.getWindows()).filter(window -> window.isShowing() && window instanceof JFrame frame && frame.getTitle().equals(title)).map(JFrame.class::cast).toList();
	}

	/** Waits until the form is gone. */
	public static void waitForEnd() {
		Program.waitFor(() -> shown() == null, "the end of the form");
	}

	/** The part of that name; null for none. */
	public static Component find(final Container parent, final String name) {
		for (final Component part : parent.getComponents()) {
			if (name.equals(part.getName())) return part;
			final Component inside = part instanceof Container container ? find(container, name) : null;
			if (inside != null) return inside;
		}
		return null;
	}

	public static String text(final Container form, final String name) {
		return ((JTextComponent) find(form, name)).getText();
	}

	public static boolean isEnabled(final Container form, final String name) {
		return find(form, name).isEnabled();
	}

	/** What is said of the answers. */
	public static String status(final Container form) {
		settle();
		return text(form, "status");
	}

	/** What is said beside a field of a form, or in the line below its row. */
	public static String note(final Container form, final String name) {
		settle();
		return ((JLabel) find(form, "note " + name)).getText();
	}

	public static void click(final Container form, final String name) {
		onEventThread(() -> ((AbstractButton) find(form, name)).doClick());
		settle();
	}

	/** Puts the keyboard into a field. */
	public static void focus(final Container form, final String name) {
		final Component part = find(form, name);
		onEventThread(part::requestFocusInWindow);
		Program.waitFor(part::isFocusOwner, "the keyboard in " + name);
	}

	/** Presses and lets go keys, one after another. */
	public static void press(final int... keys) {
		final Robot robot = robot();
		for (final int key : keys) {
			robot.keyPress(key);
			robot.keyRelease(key);
		}
		robot.waitForIdle();
		settle();
	}

	private static Robot robot() {
		try {
			return new Robot();
		}
		catch (final AWTException e) {
			throw new IllegalStateException(e);
		}
	}

	/** Does something while a key is held. */
	static void holding(final int key, final Runnable work) {
		robot().keyPress(key);
		settle();
		work.run();
		robot().keyRelease(key);
		settle();
	}

	/** Types small letters, digits, blanks, points and commas where the keyboard is; a tab goes to the next field. */
	public static void type(final String text) {
		final String[] parts = text.split("\t", -1);
		for (int i = 0; i < parts.length; i++) {
			if (i > 0) next();
			press(parts[i].chars().map(KeyEvent::getExtendedKeyCodeForChar).toArray());
		}
	}

	/** On a busy computer the first letters typed behind a tab would come before the next field has the keyboard. */
	private static void next() {
		final Component before = owner();
		press(KeyEvent.VK_TAB);
		Program.waitFor(() -> owner() != null && owner() != before, "the keyboard in the next field");
	}

	private static Component owner() {
		return KeyboardFocusManager.getCurrentKeyboardFocusManager().getFocusOwner();
	}

	/** Types over what stands in the field that has the keyboard. */
	public static void typeOver(final String text) {
		final Robot robot = robot();
		robot.keyPress(KeyEvent.VK_CONTROL);
		robot.keyPress(KeyEvent.VK_A);
		robot.keyRelease(KeyEvent.VK_A);
		robot.keyRelease(KeyEvent.VK_CONTROL);
		robot.waitForIdle();
		type(text);
	}

	/** Waits until the event thread has nothing left to do. */
	public static void settle() {
		IJ.wait(PAUSE_MILLIS);
		onEventThread(() -> {});
	}

	/** For work that waits for a dialog. */
	static void onEventThreadLater(final Runnable work) {
		SwingUtilities.invokeLater(work);
	}

	static void onEventThread(final Runnable work) {
		try {
			SwingUtilities.invokeAndWait(work);
		}
		catch (final InterruptedException | InvocationTargetException e) {
			throw new IllegalStateException(e);
		}
	}
}
