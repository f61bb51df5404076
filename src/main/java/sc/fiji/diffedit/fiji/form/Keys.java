package sc.fiji.diffedit.fiji.form;

import java.awt.Component;
import java.awt.KeyEventDispatcher;
import java.awt.KeyboardFocusManager;
import java.awt.event.ActionEvent;
import java.awt.event.KeyEvent;
import java.util.function.Supplier;

import javax.swing.AbstractAction;
import javax.swing.JComponent;
import javax.swing.JRootPane;
import javax.swing.KeyStroke;
import javax.swing.SwingUtilities;

/** Keys that windows listen to. */
public final class Keys {

	private Keys() {}

	static void onEscape(final JRootPane root, final Runnable action) {
		root.getInputMap(JComponent.WHEN_IN_FOCUSED_WINDOW).put(KeyStroke.getKeyStroke(KeyEvent.VK_ESCAPE, 0), "escape");
		root.getActionMap().put("escape", new AbstractAction() {

			private static final long serialVersionUID = 1L;

			@Override
			public void actionPerformed(final ActionEvent event) {
				action.run();
				keys().addKeyEventDispatcher(new UntilReleased(root));
			}
		});
	}

	/**
	 * Shows a dialog that has its own ways to be closed, such as a file chooser, until it is. An Escape that closes it does not go on
	 * to the window behind it while it is held.
	 *
	 * @param behind a part of that window
	 * @param dialog shows the dialog and waits for its end; on the event thread
	 * @return what the user has chosen
	 */
	public static <T> T whileOpen(final Component behind, final Supplier<T> dialog) {
		final EscapeHeld escape = new EscapeHeld();
		keys().addKeyEventDispatcher(escape);
		try {
			return dialog.get();
		}
		finally {
			keys().removeKeyEventDispatcher(escape);
			if (escape.isHeld) keys().addKeyEventDispatcher(new UntilReleased(SwingUtilities.getRootPane(behind)));
		}
	}

	private static KeyboardFocusManager keys() {
		return KeyboardFocusManager.getCurrentKeyboardFocusManager();
	}

	private static boolean isEscape(final KeyEvent event) {
		return event.getKeyCode() == KeyEvent.VK_ESCAPE || event.getKeyChar() == KeyEvent.VK_ESCAPE;
	}

	/** Knows whether Escape is held; keeps nothing from anybody. */
	private static final class EscapeHeld implements KeyEventDispatcher {

		private boolean isHeld;

		@Override
		public boolean dispatchKeyEvent(final KeyEvent event) {
			if (isEscape(event)) isHeld = event.getID() != KeyEvent.KEY_RELEASED;
			return false;
		}
	}

	/**
	 * A held Escape comes again and again, and would go to ImageJ when the window is gone, where it ends all runs. So what
	 * follows the first one is kept from all windows, until the key is released, nothing has come for a while, or another form
	 * is there to take it: the release is not told where no window has the keyboard at that moment.
	 */
	private static final class UntilReleased implements KeyEventDispatcher {

		private static final long LONGEST_PAUSE_NANOS = 1_000_000_000;

		private final JRootPane form;
		private long last = System.nanoTime();

		UntilReleased(final JRootPane form) {
			this.form = form;
		}

		@Override
		public boolean dispatchKeyEvent(final KeyEvent event) {
			final long now = System.nanoTime();
			final boolean isHeld = now - last < LONGEST_PAUSE_NANOS && !isForAnotherForm(event);
			if (isHeld && !isEscape(event)) return false;
			last = now;
			if (!isHeld || event.getID() == KeyEvent.KEY_RELEASED) keys().removeKeyEventDispatcher(this);
			return isHeld;
		}

		private boolean isForAnotherForm(final KeyEvent event) {
			final JRootPane root = SwingUtilities.getRootPane(event.getComponent());
			return root != null && root != form && root.getActionMap().get("escape") != null;
		}
	}
}
