package sc.fiji.diffedit.fiji;

import java.awt.Window;

import ij.WindowManager;
import ij.text.TextPanel;
import ij.text.TextWindow;

/** Shows a command's text in a window of its own, which is reused by its next run. */
public final class TextReport {

	private static final int WIDTH = 800, HEIGHT = 500;
	/** Letters of a line that has room in the window. */
	private static final int LINE = 120;

	private TextReport() {}

	/**
	 * Shows a text; needs a display.
	 *
	 * @param title of the window, which is specific to the command
	 * @param text with line breaks
	 */
	public static void show(final String title, final String text) {
		final boolean wrapped = text.lines().anyMatch(line -> line.length() > LINE);
		final Window open = WindowManager.getWindow(title);
		if (open instanceof TextWindow present && present instanceof ParagraphWindow == wrapped) {
			renew(present, text);
			return;
		}
		if (open instanceof TextWindow other) other.close();
		if (wrapped) new ParagraphWindow(title, text, WIDTH, HEIGHT);
		else new TextWindow(title, text, WIDTH, HEIGHT);
	}

	private static void renew(final TextWindow open, final String text) {
		final TextPanel panel = open.getTextPanel();
		panel.setColumnHeadings("");                     // clears it
		panel.append(text);
		panel.scrollToTop();
		if (open instanceof ParagraphWindow paragraphs) paragraphs.show(text);
		open.toFront();
	}
}
