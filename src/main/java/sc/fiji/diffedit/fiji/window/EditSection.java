package sc.fiji.diffedit.fiji.window;

import javax.swing.JPanel;

/** The window's part about edits of the mask's image. */
final class EditSection extends JPanel {

	private static final long serialVersionUID = 1L;

	private final transient Session session;

	EditSection(final Session session) {
		this.session = session;
	}
}
