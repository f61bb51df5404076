package sc.fiji.diffedit.fiji.form;

import java.awt.Component;
import java.awt.Container;
import java.awt.Dimension;
import java.awt.Font;

import javax.swing.JComponent;
import javax.swing.JLabel;

/** Bold is for what differs from its default, and for headings; some looks have it everywhere. */
public final class PlainFonts {

	private static final String HEADING = "heading";

	private PlainFonts() {}

	/** A bold label that stays bold. */
	public static JLabel heading(final String text) {
		final JLabel heading = new JLabel(text);
		heading.setFont(heading.getFont().deriveFont(Font.BOLD));
		heading.putClientProperty(HEADING, true);
		return heading;
	}

	/** The size that something wants while it is bold. */
	public static Dimension boldSize(final JComponent part) {
		final Font plain = part.getFont();
		part.setFont(plain.deriveFont(Font.BOLD));
		final Dimension size = part.getPreferredSize();
		part.setFont(plain);
		return size;
	}

	/** Makes all else within a window plain. */
	public static void makePlain(final Container parent) {
		for (final Component part : parent.getComponents()) {
			final boolean heading = part instanceof JLabel label && label.getClientProperty(HEADING) != null;
			if (!heading && part.getFont() != null) part.setFont(part.getFont().deriveFont(Font.PLAIN));
			if (part instanceof Container inside) makePlain(inside);
		}
	}
}
