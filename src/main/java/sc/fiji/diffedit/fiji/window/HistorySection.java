package sc.fiji.diffedit.fiji.window;

import javax.swing.JPanel;

/** The window's part about what was made before. */
final class HistorySection extends JPanel {

	private static final long serialVersionUID = 1L;

	private final transient Session session;

	HistorySection(final Session session) {
		this.session = session;
	}
}
