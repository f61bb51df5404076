package sc.fiji.diffedit.fiji.bridge;

import java.awt.Dimension;
import java.awt.GridBagConstraints;
import java.awt.Insets;
import java.awt.Panel;

import ij.gui.GenericDialog;
import ij.gui.MultiLineLabel;

/** Some lines of text in ImageJ's dialog that may change while it is shown. */
final class Message {

	private static final int LEFT = 20;

	private final MultiLineLabel label;
	private String shown;

	private Message(final MultiLineLabel label, final String shown) {
		this.label = label;
		this.shown = shown;
	}

	static Message add(final GenericDialog dialog, final String text) {
		final MultiLineLabel label = new MultiLineLabel(text);
		final Panel panel = new Panel();
		panel.add(label);
		dialog.addPanel(panel, GridBagConstraints.WEST, new Insets(0, LEFT, 0, 0));
		return new Message(label, text);
	}

	/** Shows another text; the dialog grows where it needs more room. */
	void show(final GenericDialog dialog, final String text) {
		if (text.equals(shown)) return;
		shown = text;
		label.setText(text);
		final Dimension wanted = label.getPreferredSize();
		if (wanted.width > label.getWidth() || wanted.height > label.getHeight()) dialog.pack();
		label.repaint();
	}
}
