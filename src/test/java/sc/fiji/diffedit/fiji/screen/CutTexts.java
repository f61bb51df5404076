package sc.fiji.diffedit.fiji.screen;

import java.awt.Component;
import java.awt.Container;
import java.util.Optional;

import javax.swing.AbstractButton;
import javax.swing.JComponent;
import javax.swing.JLabel;
import javax.swing.JScrollPane;

/** Looks for what a user cannot read in a window, whatever look and feel it has: words that end in dots, and parts that one has to scroll to. */
final class CutTexts {

	private CutTexts() {}

	/** The first that is cut; empty if all is seen. */
	static Optional<String> in(final Container parent) {
		for (final Component part : parent.getComponents()) {
			if (!part.isShowing()) continue;
			if (part instanceof JLabel label && isCut(label, label.getText())) return Optional.of(label.getText());
			if (part instanceof AbstractButton button && isCut(button, button.getText())) return Optional.of(button.getText());
			if (part instanceof JScrollPane scroll && "column".equals(scroll.getName()) && scroll.getVerticalScrollBar().isShowing()) return Optional.of("what is below in a column");
			final Optional<String> inside = part instanceof Container container ? in(container) : Optional.empty();
			if (inside.isPresent()) return inside;
		}
		return Optional.empty();
	}

	/** The look and feel knows what the words need, whatever width the layout was told. */
	private static boolean isCut(final JComponent part, final String text) {
		return text != null && !text.isBlank() && part.getUI().getPreferredSize(part).width > part.getWidth();
	}
}
