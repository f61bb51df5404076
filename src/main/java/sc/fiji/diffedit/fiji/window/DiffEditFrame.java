package sc.fiji.diffedit.fiji.window;

import java.awt.BorderLayout;
import java.awt.Dimension;

import javax.swing.JFrame;
import javax.swing.JTabbedPane;

import org.scijava.Context;

import ij.WindowManager;

/** The window beside the image: what is asked for on top, below it the mask, the edit and what was made before, and the run at the bottom. */
final class DiffEditFrame extends JFrame {

	private static final long serialVersionUID = 1L;

	/** So that it fits beside an image on a screen of 1366 x 768 pixels. */
	static final int WIDTH = 340, HEIGHT = 700;

	private final transient Session session;

	DiffEditFrame(final Context context) {
		super("DiffEdit");
		session = new Session(context);
		final JTabbedPane sections = new JTabbedPane();
		sections.addTab("Mask", new MaskSection(session));
		sections.addTab("Edit", new EditSection(session));
		sections.addTab("History", new HistorySection(session));
		add(sections, BorderLayout.CENTER);
		setDefaultCloseOperation(DISPOSE_ON_CLOSE);
		setPreferredSize(new Dimension(WIDTH, HEIGHT));
	}

	/** Shows it beside the active image. */
	void open() {
		session.follow(WindowManager.getCurrentImage());
		pack();
		setVisible(true);
	}
}
