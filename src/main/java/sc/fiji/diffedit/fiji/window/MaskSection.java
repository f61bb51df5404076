package sc.fiji.diffedit.fiji.window;

import javax.swing.JPanel;

/** The window's part about the mask: how it is cut from the heat map, shaped, corrected, and where it goes. */
final class MaskSection extends JPanel {

	private static final long serialVersionUID = 1L;

	private final transient Session session;

	MaskSection(final Session session) {
		this.session = session;
	}
}
