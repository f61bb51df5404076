package sc.fiji.diffedit.fiji.commands;

import java.awt.GraphicsEnvironment;

import ij.ImagePlus;
import ij.macro.Interpreter;
import ij.process.ColorProcessor;

import sc.fiji.diffedit.fiji.Pictures;
import sc.fiji.diffedit.tensor.Picture;

/** A small window that shows an image on its way; it closes when the image is done. */
final class PreviewWindow implements AutoCloseable {

	/** Longer side of the picture, in pixels. */
	static final int EDGE = 128;

	private final boolean visible;
	private ImagePlus window;

	PreviewWindow(final boolean visible) {
		this.visible = visible;
	}

	/** Whether a window would be visible: there is a display, and no macro in batch mode. */
	static boolean canBeSeen() {
		return !GraphicsEnvironment.isHeadless() && !Interpreter.isBatchMode();
	}

	void show(final Picture picture) {
		final ImagePlus image = Pictures.toImagePlus(picture, "On its way");
		if (window == null || window.getWidth() != image.getWidth() || window.getHeight() != image.getHeight()) {
			close();
			window = image;
			if (visible) window.show();
		}
		else window.setProcessor((ColorProcessor) image.getProcessor());
	}

	/** What is shown now; null for nothing. */
	ImagePlus image() {
		return window;
	}

	@Override
	public void close() {
		if (window == null) return;
		window.changes = false;
		window.close();
		window = null;
	}
}
