package sc.fiji.diffedit.fiji.window;

import java.awt.BorderLayout;
import java.awt.Dimension;
import java.awt.GraphicsEnvironment;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.Window;
import java.awt.event.WindowAdapter;
import java.awt.event.WindowEvent;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

import javax.swing.JFrame;
import javax.swing.JTabbedPane;

import org.scijava.Context;

import ij.ImagePlus;
import ij.WindowManager;

import sc.fiji.diffedit.fiji.form.PlainFonts;

/** The window beside the image: what is asked for on top, below it the mask, the edit and what was made before, and the run at the bottom. */
final class DiffEditFrame extends JFrame {

	private static final long serialVersionUID = 1L;

	/** So that it fits beside an image on a screen of 1366 x 768 pixels. It may be higher where the screen has room and the look and feel's fonts need it. */
	static final int WIDTH = 360, HEIGHT = 720;
	/** Pixels between windows that would lie on one another. */
	private static final int ASIDE = 60;

	private final transient Session session;
	private final transient Asked asked;
	private final transient MaskOverlay overlay;
	private final transient Follower follower;
	private final Questions questions;
	private final MaskSection mask;
	private final Foot foot;

	DiffEditFrame(final Context context) {
		super("DiffEdit");
		session = new Session(context);
		asked = new Asked(session, this::update);
		questions = new Questions(session, asked);
		foot = new Foot(session, asked);
		mask = new MaskSection(session, asked);
		overlay = new MaskOverlay(session, mask::tell);
		follower = new Follower(session, this::update);
		final JTabbedPane sections = new JTabbedPane();
		sections.addTab("Mask", mask);
		sections.addTab("Edit", new EditSection(session, asked.preset()));
		sections.addTab("History", new HistorySection(session));
		sections.addTab("More", new MoreSection(asked));
		sections.addChangeListener(event -> foot.update());                 // what was said beside a field may be out of sight now
		add(questions, BorderLayout.NORTH);
		add(sections, BorderLayout.CENTER);
		add(foot, BorderLayout.SOUTH);
		PlainFonts.makePlain(getContentPane());
		getRootPane().setDefaultButton(questions.findButton());
		setPreferredSize(new Dimension(WIDTH, HEIGHT));
		listen();
	}

	private void listen() {
		setDefaultCloseOperation(DISPOSE_ON_CLOSE);
		addWindowListener(new WindowAdapter() {

			@Override
			public void windowActivated(final WindowEvent event) {
				asked.checkAgain();
			}

			@Override
			public void windowClosed(final WindowEvent event) {
				end();
			}
		});
	}

	private void update() {
		if (foot == null) return;                                           // the fields tell of themselves while they are made
		questions.update();
		foot.update();
	}

	/** Shows it beside the active image. */
	void open() {
		pack();
		setSize(getWidth(), Math.min(screen().height, getHeight() + mask.hidden()));
		setLocation(place());
		WindowManager.addWindow(this);
		setVisible(true);
		asked.field("source").keyboard().requestFocusInWindow();
	}

	private static Rectangle screen() {
		return GraphicsEnvironment.getLocalGraphicsEnvironment().getMaximumWindowBounds();
	}

	/** At the right of the image if there is room, else at the right of the screen. */
	private Point place() {
		final Rectangle screen = screen();
		final Window image = session.image().map(ImagePlus::getWindow).orElse(null);
		final int right = screen.x + screen.width - getWidth();
		if (image == null) return besideOthers(new Point(right, screen.y), right);
		return besideOthers(new Point(Math.min(image.getX() + image.getWidth(), right), Math.max(screen.y, Math.min(image.getY(), screen.y + screen.height - getHeight()))), right);
	}

	/** A second window shall not cover the first one wholly. @param right the last place at which all of it is on the screen */
	private static Point besideOthers(final Point wanted, final int right) {
		final Set<Point> taken = Arrays.stream(Window.getWindows()).filter(window -> window instanceof DiffEditFrame && window.isShowing()).map(Window::getLocation).collect(Collectors.toSet());
		final Point free = new Point(wanted);
		while (taken.contains(free) && free.x + ASIDE <= right) free.translate(ASIDE, 0);
		while (taken.contains(free) && free.x > 0) free.translate(-ASIDE, 0);
		return free;
	}

	private void end() {
		session.job().cancel();
		follower.close();
		overlay.close();
		asked.close();
		WindowManager.removeWindow(this);
	}
}
