package sc.fiji.diffedit.fiji.form;

import java.awt.KeyboardFocusManager;
import java.awt.event.ActionEvent;
import java.awt.event.KeyEvent;
import java.util.Objects;

import javax.swing.AbstractAction;
import javax.swing.JButton;
import javax.swing.JComponent;
import javax.swing.JScrollPane;
import javax.swing.JTextArea;
import javax.swing.KeyStroke;
import javax.swing.ScrollPaneConstants;
import javax.swing.SwingUtilities;

import org.scijava.module.ModuleItem;

/** A text that may be longer than a line. Keys do what they do in a line: Enter is OK, and Tab goes on. */
final class DescriptionField extends Field {

	private static final int ROWS = 2, COLUMNS = 30;

	private final Values values;
	private final JTextArea text = new JTextArea(ROWS, COLUMNS);
	private final JScrollPane scroll = new JScrollPane(text, ScrollPaneConstants.VERTICAL_SCROLLBAR_AS_NEEDED, ScrollPaneConstants.HORIZONTAL_SCROLLBAR_NEVER);

	DescriptionField(final ModuleItem<?> input, final Values values) {
		super(input);
		this.values = values;
		text.setName(input.getName());
		text.setLineWrap(true);
		text.setWrapStyleWord(true);
		text.setFocusTraversalKeys(KeyboardFocusManager.FORWARD_TRAVERSAL_KEYS, null);
		text.setFocusTraversalKeys(KeyboardFocusManager.BACKWARD_TRAVERSAL_KEYS, null);
		text.getInputMap().put(KeyStroke.getKeyStroke(KeyEvent.VK_ENTER, 0), "ok");
		text.getActionMap().put("ok", new AbstractAction() {

			private static final long serialVersionUID = 1L;

			@Override
			public void actionPerformed(final ActionEvent event) {
				final JButton ok = SwingUtilities.getRootPane(text).getDefaultButton();
				if (ok != null) ok.doClick();
			}
		});
		Typing.listen(text, this::notifyChanged);
	}

	@Override
	boolean wantsNote(final boolean alone) {
		return true;
	}

	@Override
	public JComponent component() {
		return scroll;
	}

	@Override
	public JComponent keyboard() {
		return text;
	}

	/** Pasted line breaks are blanks. */
	@Override
	public Object value() {
		return values.of(input(), text.getText().replaceAll("\\s*\\R\\s*", " "));
	}

	/** What was written before is selected, so that typing replaces it; the beginning is in view. */
	@Override
	public void show(final Object value) {
		text.setText(Objects.toString(value, ""));
		text.setCaretPosition(text.getText().length());
		text.moveCaretPosition(0);
	}
}
