package sc.fiji.diffedit.fiji.form;

import javax.swing.event.DocumentEvent;
import javax.swing.event.DocumentListener;
import javax.swing.text.JTextComponent;

/** Tells of every letter that is typed or deleted. */
final class Typing implements DocumentListener {

	private final Runnable changed;

	private Typing(final Runnable changed) {
		this.changed = changed;
	}

	static void listen(final JTextComponent text, final Runnable changed) {
		text.getDocument().addDocumentListener(new Typing(changed));
	}

	@Override
	public void insertUpdate(final DocumentEvent event) {
		changed.run();
	}

	@Override
	public void removeUpdate(final DocumentEvent event) {
		changed.run();
	}

	@Override
	public void changedUpdate(final DocumentEvent event) {
		changed.run();
	}
}
