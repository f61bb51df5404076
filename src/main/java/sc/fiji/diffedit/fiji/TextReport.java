package sc.fiji.diffedit.fiji;

import ij.WindowManager;
import ij.text.TextPanel;
import ij.text.TextWindow;

/** Shows a command's text in a window of its own, which is reused by its next run. */
public final class TextReport {

	private static final int WIDTH = 800, HEIGHT = 500;

	private TextReport() {}

	/**
	 * Shows a text; needs a display.
	 *
	 * @param title of the window, which is specific to the command
	 * @param text with line breaks
	 */
	public static void show(final String title, final String text) {
		if (WindowManager.getWindow(title) instanceof TextWindow open) {
			final TextPanel panel = open.getTextPanel();
			panel.setColumnHeadings("");                     // clears it
			panel.append(text);
			panel.scrollToTop();
			open.toFront();
		}
		else {
			new TextWindow(title, text, WIDTH, HEIGHT);
		}
	}
}
