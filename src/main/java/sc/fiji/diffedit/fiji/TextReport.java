package sc.fiji.diffedit.fiji;

import ij.WindowManager;
import ij.text.TextPanel;
import ij.text.TextWindow;

/** What a command has to say, in one window of its own: the next run shows its text in the same window. */
public final class TextReport {

	private static final int WIDTH = 800, HEIGHT = 500;

	private TextReport() {}

	/**
	 * Shows a text; needs a display.
	 *
	 * @param title of the window, which tells one command's texts from another's
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
