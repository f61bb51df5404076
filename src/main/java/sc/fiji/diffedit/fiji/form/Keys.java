package sc.fiji.diffedit.fiji.form;

import java.awt.KeyEventDispatcher;
import java.awt.KeyboardFocusManager;
import java.awt.event.ActionEvent;
import java.awt.event.KeyEvent;

import javax.swing.AbstractAction;
import javax.swing.JComponent;
import javax.swing.JRootPane;
import javax.swing.KeyStroke;
import javax.swing.SwingUtilities;

/** Keys that windows listen to. */
final class Keys {

	private Keys() {}

	static void onEscape(final JRootPane root, final Runnable action) {
		root.getInputMap(JComponent.WHEN_IN_FOCUSED_WINDOW).put(KeyStroke.getKeyStroke(KeyEvent.VK_ESCAPE, 0), "escape");
		root.getActionMap().put("escape", new AbstractAction() {

			private static final long serialVersionUID = 1L;

			@Override
			public void actionPerformed(final ActionEvent event) {
				action.run();
				KeyboardFocusManager.getCurrentKeyboardFocusManager().addKeyEventDispatcher(new UntilReleased(root));
			}
		});
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
			final boolean isEscape = event.getKeyCode() == KeyEvent.VK_ESCAPE || event.getKeyChar() == KeyEvent.VK_ESCAPE;
			if (isHeld && !isEscape) return false;
			last = now;
			if (!isHeld || event.getID() == KeyEvent.KEY_RELEASED) KeyboardFocusManager.getCurrentKeyboardFocusManager().removeKeyEventDispatcher(this);
			return isHeld;
		}

		private boolean isForAnotherForm(final KeyEvent event) {
			final JRootPane root = SwingUtilities.getRootPane(event.getComponent());
			return root != null && root != form && root.getActionMap().get("escape") != null;
		}
	}
}
