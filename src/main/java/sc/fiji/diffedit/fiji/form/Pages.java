package sc.fiji.diffedit.fiji.form;

import java.awt.BorderLayout;
import java.awt.Dimension;
import java.util.function.IntSupplier;

import javax.swing.BorderFactory;
import javax.swing.JPanel;
import javax.swing.JScrollPane;
import javax.swing.ScrollPaneConstants;

/**
 * A form's first page and what {@code More settings} opens below it: as wide as either needs, so that nothing moves sideways, and
 * as high as what is shown, as far as there is room; then it scrolls.
 */
final class Pages extends JScrollPane {

	private static final long serialVersionUID = 1L;

	private static final int LEAST_WIDTH = 560, STEP = 16;

	private final Page first;
	private final Page more;
	private final transient IntSupplier room;

	/** @param room how high it may be, in pixels */
	Pages(final Page first, final Page more, final IntSupplier room) {
		super(ScrollPaneConstants.VERTICAL_SCROLLBAR_AS_NEEDED, ScrollPaneConstants.HORIZONTAL_SCROLLBAR_NEVER);
		this.first = first;
		this.more = more;
		this.room = room;
		final JPanel pages = new JPanel(new BorderLayout());
		pages.add(first, BorderLayout.NORTH);
		pages.add(more, BorderLayout.CENTER);
		setViewportView(pages);
		setBorder(BorderFactory.createEmptyBorder());
		getVerticalScrollBar().setUnitIncrement(STEP);
	}

	@Override
	public Dimension getPreferredSize() {
		final int wide = Math.max(first.getPreferredSize().width, more.getPreferredSize().width) + getVerticalScrollBar().getPreferredSize().width;
		return new Dimension(Math.max(LEAST_WIDTH, wide), Math.min(getViewport().getView().getPreferredSize().height, room.getAsInt()));
	}
}
