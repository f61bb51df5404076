package sc.fiji.diffedit.fiji.window;

import javax.swing.SwingUtilities;
import javax.swing.Timer;

import ij.ImageListener;
import ij.ImagePlus;
import ij.WindowManager;

/**
 * Lets a session follow the active image. ImageJ tells of images that close, but not of one that becomes active, by a click or by a
 * macro: so it is asked several times a second.
 */
final class Follower implements ImageListener, AutoCloseable {

	private static final int POLL_MILLIS = 150;

	private final Session session;
	private final Timer poll;

	/** @param looked called at each look, for what else may have changed, such as the slice */
	Follower(final Session session, final Runnable looked) {
		this.session = session;
		poll = new Timer(POLL_MILLIS, event -> {
			look();
			looked.run();
		});
		ImagePlus.addImageListener(this);
		poll.start();
		look();
	}

	private void look() {
		final ImagePlus active = WindowManager.getCurrentImage();
		session.follow(active == null || active.getProcessor() == null ? null : active);
	}

	@Override
	public void imageOpened(final ImagePlus image) {}

	@Override
	public void imageUpdated(final ImagePlus image) {}

	@Override
	public void imageClosed(final ImagePlus image) {
		SwingUtilities.invokeLater(() -> session.forget(image));
	}

	@Override
	public void close() {
		poll.stop();
		ImagePlus.removeImageListener(this);
	}
}
