package sc.fiji.diffedit.fiji.window;

import java.awt.BorderLayout;
import java.awt.Dimension;
import java.util.Optional;

import javax.swing.BorderFactory;
import javax.swing.JButton;
import javax.swing.JPanel;
import javax.swing.JProgressBar;
import javax.swing.UIManager;

import sc.fiji.diffedit.fiji.form.StatusLine;
import sc.fiji.diffedit.fiji.form.Trouble;

/** The window's lower part: how far a run is, with a button that stops it; else what is wrong, or has to be done. */
final class Foot extends JPanel implements Session.Listener {

	private static final long serialVersionUID = 1L;

	private static final int GAP = 4, SIDE = 8, BAR = 8, ROWS = 2, PERMILLE = 1000;

	private final transient Session session;
	private final transient Asked asked;
	private final StatusLine status = new StatusLine(ROWS);
	private final JProgressBar bar = new JProgressBar(0, PERMILLE);
	private final JButton cancel = new JButton("Cancel");

	Foot(final Session session, final Asked asked) {
		super(new BorderLayout(GAP, GAP));
		this.session = session;
		this.asked = asked;
		setBorder(BorderFactory.createCompoundBorder(BorderFactory.createMatteBorder(1, 0, 0, 0, UIManager.getColor("controlShadow")),
			BorderFactory.createEmptyBorder(GAP, SIDE, GAP, SIDE)));
		cancel.setName("Cancel");
		cancel.setToolTipText("Stops the run; Escape does too");
		cancel.addActionListener(event -> session.job().cancel());
		bar.setPreferredSize(new Dimension(0, BAR));
		add(bar, BorderLayout.NORTH);
		add(status, BorderLayout.CENTER);
		final JPanel beside = new JPanel(new BorderLayout());
		beside.add(cancel, BorderLayout.NORTH);
		add(beside, BorderLayout.EAST);
		session.addListener(this);
		update();
	}

	/** Shows what matters most now. */
	void update() {
		final Job job = session.job();
		cancel.setVisible(job.isBusy());
		bar.setIndeterminate(job.isBusy() && job.part() < 0);
		bar.setValue(job.isBusy() && job.part() >= 0 ? (int) (PERMILLE * job.part()) : 0);
		final Optional<Trouble> trouble = asked.trouble().filter(one -> one.isEmpty() || !asked.isSeen(one)), warning = asked.warning().filter(one -> !asked.isSeen(one));
		if (job.isBusy()) status.setStatus(job.sentence(), StatusLine.TO_DO, false);
		else if (trouble.isPresent() && !trouble.get().isEmpty()) status.setStatus(trouble.get().sentence(), StatusLine.TROUBLE, false);
		else if (warning.filter(Trouble::isEngineMissing).isPresent()) status.setStatus(warning.get().sentence(), StatusLine.WARNING, true);
		else if (session.otherPlane().isPresent()) status.setStatus(session.otherPlane().get(), StatusLine.WARNING, false);
		else if (!job.sentence().isEmpty()) status.setStatus(job.sentence(), job.hasFailed() ? StatusLine.TROUBLE : StatusLine.TO_DO, false);
		else if (warning.isPresent()) status.setStatus(warning.get().sentence(), StatusLine.WARNING, false);
		else status.setStatus(toDo(trouble), StatusLine.TO_DO, false);
	}

	private String toDo(final Optional<Trouble> trouble) {
		if (session.image().isEmpty()) return "Open an image; the window follows the one in front.";
		return trouble.map(Trouble::sentence).orElse("");
	}

	@Override
	public void imageChanged() {
		update();
	}

	@Override
	public void jobChanged() {
		update();
	}
}
