package sc.fiji.diffedit.fiji.window;

import java.awt.Dimension;
import java.awt.Rectangle;

import javax.swing.BorderFactory;
import javax.swing.JPanel;
import javax.swing.JScrollPane;
import javax.swing.ScrollPaneConstants;
import javax.swing.Scrollable;

/** A part of the window that is as wide as what it scrolls in, and scrolls where a look and feel makes it higher than the window. */
final class Column extends JPanel implements Scrollable {

	private static final long serialVersionUID = 1L;

	private static final int SIDE = 8, GAP = 4, STEP = 16;

	Column() {
		setBorder(BorderFactory.createEmptyBorder(GAP, SIDE, GAP, SIDE));
	}

	/** What shows it. */
	JScrollPane scrolled() {
		final JScrollPane scroll = new JScrollPane(this, ScrollPaneConstants.VERTICAL_SCROLLBAR_AS_NEEDED, ScrollPaneConstants.HORIZONTAL_SCROLLBAR_NEVER);
		scroll.setName("column");
		scroll.setBorder(BorderFactory.createEmptyBorder());
		return scroll;
	}

	@Override
	public Dimension getPreferredScrollableViewportSize() {
		return getPreferredSize();
	}

	@Override
	public int getScrollableUnitIncrement(final Rectangle shown, final int orientation, final int direction) {
		return STEP;
	}

	@Override
	public int getScrollableBlockIncrement(final Rectangle shown, final int orientation, final int direction) {
		return shown.height;
	}

	@Override
	public boolean getScrollableTracksViewportWidth() {
		return true;
	}

	@Override
	public boolean getScrollableTracksViewportHeight() {
		return false;
	}
}
