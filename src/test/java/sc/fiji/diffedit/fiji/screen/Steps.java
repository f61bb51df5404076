package sc.fiji.diffedit.fiji.screen;

import java.awt.AWTException;
import java.awt.Rectangle;
import java.awt.Robot;
import java.awt.Toolkit;
import java.awt.Window;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

import javax.imageio.ImageIO;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.process.ImageProcessor;

/** Pictures of what a user sees, step by step, and the questions that both ways through DiffEdit have to answer. */
final class Steps {

	/** What both ways describe. */
	static final String SOURCE = "green nuclei and red rings on a bright background", TARGET = "cyan nuclei and red rings on a bright background";

	private static final int PAUSE_MILLIS = 700, ZOOM = 3;

	private final Path folder;
	private final String way;
	private int number;

	Steps(final Path folder, final String way) {
		this.folder = folder;
		this.way = way;
	}

	/** Waits for ImageJ and opens an image there, three times enlarged. */
	ImagePlus open(final Path file) {
		Program.waitFor(() -> IJ.getInstance() != null && IJ.getInstance().isShowing(), "ImageJ's window");
		see("start");
		IJ.open(file.toString());
		Program.waitFor(() -> WindowManager.getCurrentImage() != null && WindowManager.getCurrentImage().getWindow() != null, "the image");
		final ImagePlus image = WindowManager.getCurrentImage();
		Forms.onEventThread(() -> {
			for (int i = 1; i < ZOOM; i++) image.getCanvas().zoomIn(image.getWidth() / 2, image.getHeight() / 2);
			image.getWindow().setLocation(20, 140);
		});
		see("image");
		return image;
	}

	/** Takes a picture of the whole screen; nothing in the window may be cut. */
	void see(final String what, final Window window) {
		see(what);
		Program.require(CutTexts.in(window).isEmpty(), what + ": cut is \"" + CutTexts.in(window).orElse("") + '"');
	}

	/** Takes a picture of the whole screen. */
	void see(final String what) {
		IJ.wait(PAUSE_MILLIS);
		Forms.settle();
		final Path file = folder.resolve(String.format("%s-%02d-%s.png", way, ++number, what.replace(' ', '-')));
		try {
			ImageIO.write(new Robot().createScreenCapture(new Rectangle(Toolkit.getDefaultToolkit().getScreenSize())), "png", file.toFile());
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
		catch (final AWTException e) {
			throw new IllegalStateException(e);
		}
	}

	/** What the titles of an image's results begin with. */
	static String name(final ImagePlus image) {
		return image.getTitle().replaceFirst("\\.[a-z]+$", "");
	}

	/** Waits for an image of this title. */
	static ImagePlus result(final String title) {
		Program.waitFor(() -> WindowManager.getImage(title) != null && WindowManager.getImage(title).getWindow() != null, title);
		return WindowManager.getImage(title);
	}

	/** An edit differs from its image within the mask, and nowhere else. */
	static void requireEdit(final ImagePlus image, final ImagePlus mask, final ImagePlus edit) {
		final ImageProcessor before = image.getProcessor(), after = edit.getProcessor(), labels = mask.getProcessor();
		int changed = 0;
		for (int i = 0; i < before.getPixelCount(); i++) {
			final boolean same = before.get(i) == after.get(i);
			Program.require(same || labels.get(i) > 0, "changed outside of the mask: pixel " + i);
			if (!same) changed++;
		}
		Program.require(changed > 0, "the edit changes nothing");
	}
}
