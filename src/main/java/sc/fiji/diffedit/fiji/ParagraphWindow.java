package sc.fiji.diffedit.fiji;

import java.awt.BorderLayout;
import java.awt.FlowLayout;
import java.awt.Toolkit;
import java.awt.datatransfer.StringSelection;

import javax.swing.BorderFactory;
import javax.swing.JButton;
import javax.swing.JPanel;
import javax.swing.JScrollPane;
import javax.swing.JTextArea;

import ij.text.TextWindow;

/** A text with paragraphs, to be read and pasted elsewhere: its lines are wrapped. Macros find in it what they find in ImageJ's own text windows. */
final class ParagraphWindow extends TextWindow {

	private static final long serialVersionUID = 1L;

	private static final int MARGIN = 8;

	private final JTextArea paragraphs = new JTextArea();

	ParagraphWindow(final String title, final String text, final int width, final int height) {
		super(title, text, width, height);
		paragraphs.setName("paragraphs");
		paragraphs.setEditable(false);
		paragraphs.setLineWrap(true);
		paragraphs.setWrapStyleWord(true);
		paragraphs.setBorder(BorderFactory.createEmptyBorder(MARGIN, MARGIN, MARGIN, MARGIN));
		remove(getTextPanel());                                              // it keeps the text for macros and for saving
		add(new JScrollPane(paragraphs), BorderLayout.CENTER);
		add(buttons(), BorderLayout.SOUTH);
		show(text);
		validate();
	}

	private JPanel buttons() {
		final JButton copy = new JButton("Copy");
		copy.setName("copy");
		copy.addActionListener(event -> Toolkit.getDefaultToolkit().getSystemClipboard().setContents(new StringSelection(paragraphs.getText()), null));
		final JPanel buttons = new JPanel(new FlowLayout(FlowLayout.LEADING));
		buttons.add(copy);
		return buttons;
	}

	/** Shows a text from its beginning on. */
	void show(final String text) {
		paragraphs.setText(text);
		paragraphs.setCaretPosition(0);
	}
}
