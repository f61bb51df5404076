package sc.fiji.diffedit.fiji.form;

import java.awt.Dimension;
import java.util.function.Supplier;

import javax.swing.JTextArea;
import javax.swing.Timer;
import javax.swing.text.DefaultCaret;

import sc.fiji.diffedit.fiji.Sentences;

/**
 * A text in a form that may change at any time and on any thread, in a place that stays as it is: {@value #ROWS} rows, wrapped
 * between words. It is looked at several times a second while it can be seen. What does not fit stands in the tool tip.
 */
final class FormMessage extends JTextArea {

	private static final long serialVersionUID = 1L;

	static final int ROWS = 3;

	private static final int WIDTH = 490;
	private static final int POLL_MILLIS = 200;

	private final transient Supplier<String> html;
	private final Timer poll = new Timer(POLL_MILLIS, event -> showText());

	/** @param html what is to be shown now; line breaks are the only tags that count */
	FormMessage(final Supplier<String> html) {
		super(ROWS, 0);
		this.html = html;
		setEditable(false);
		setFocusable(false);
		setOpaque(false);
		setLineWrap(true);
		setWrapStyleWord(true);
		final DefaultCaret caret = new DefaultCaret();
		caret.setUpdatePolicy(DefaultCaret.NEVER_UPDATE);    // else each new text would scroll the form to it
		setCaret(caret);
		showText();
	}

	private void showText() {
		final String text = plain(html.get());
		if (text.equals(getText())) return;
		setText(text);
		setToolTipText(tip(text));
	}

	/** The whole of a text, for a tool tip. */
	static String tip(final String text) {
		return "<html>" + Sentences.escaped(Sentences.inLines(text)).replace("\n", "<br>") + "</html>";
	}

	private static String plain(final String html) {
		if (html == null) return "";
		return html.replaceAll("(?i)<br/?>", "\n").replaceAll("<[^>]*>", "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").trim();
	}

	/** The same for every text. */
	@Override
	public Dimension getPreferredSize() {
		return new Dimension(WIDTH, ROWS * getRowHeight() + getInsets().top + getInsets().bottom);
	}

	@Override
	public Dimension getMinimumSize() {
		return getPreferredSize();
	}

	@Override
	public void addNotify() {
		super.addNotify();
		poll.start();
	}

	@Override
	public void removeNotify() {
		poll.stop();
		super.removeNotify();
	}
}
