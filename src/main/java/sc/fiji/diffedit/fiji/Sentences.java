package sc.fiji.diffedit.fiji;

import java.awt.GraphicsEnvironment;

/** Sentences for ImageJ's message dialogs, which are as wide as their longest line, wider than the screen if need be. */
public final class Sentences {

	/** Characters in a line; about 700 pixels. */
	static final int COLUMNS = 90;

	private Sentences() {}

	/** The text as it is shown: in lines where there can be dialogs, as it is where it goes to a log or script. */
	public static String shown(final String text) {
		return text == null || GraphicsEnvironment.isHeadless() ? text : inLines(text);
	}

	/** The text as HTML shows it, line breaks aside. */
	public static String escaped(final String text) {
		return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
	}

	/** The text in lines of at most {@value #COLUMNS} characters, broken between words, and within words that are longer. */
	public static String inLines(final String text) {
		final StringBuilder lines = new StringBuilder();
		for (final String line : text.split("\n", -1)) {
			if (lines.length() > 0) lines.append('\n');
			String rest = line;
			while (rest.length() > COLUMNS) {
				final int blank = rest.lastIndexOf(' ', COLUMNS);
				final int end = blank > 0 ? blank : COLUMNS;
				lines.append(rest, 0, end).append('\n');
				rest = rest.substring(blank > 0 ? end + 1 : end);
			}
			lines.append(rest);
		}
		return lines.toString();
	}
}
