package sc.fiji.diffedit.fiji.window;

import java.awt.event.ActionEvent;
import java.awt.event.ActionListener;

import javax.swing.Timer;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;

/**
 * Shows new images while the picture that one works on stays the active one. The desktop activates a new window a little later than it
 * was shown, or never, and ImageJ hears of it later still; so the picture is activated again whenever that happens in the first moments.
 */
final class Beside implements ActionListener {

	private static final int PAUSE_MILLIS = 50;
	/** An activation that comes later is the user's. */
	private static final int TIMES = 30;

	private final ImagePlus made;
	private final ImagePlus picture;
	private int times;

	private Beside(final ImagePlus made, final ImagePlus picture) {
		this.made = made;
		this.picture = picture;
	}

	/** Shows an image; the picture stays active if it has a window. */
	static void show(final ImagePlus made, final ImagePlus picture) {
		made.show();
		if (made.getWindow() == null || picture.getWindow() == null) return;
		WindowManager.setCurrentWindow(picture.getWindow());
		new Timer(PAUSE_MILLIS, new Beside(made, picture)).start();
	}

	@Override
	public void actionPerformed(final ActionEvent tick) {
		if (++times == TIMES || picture.getWindow() == null) ((Timer) tick.getSource()).stop();
		else if (WindowManager.getCurrentImage() == made) IJ.selectWindow(picture.getID());
	}
}
