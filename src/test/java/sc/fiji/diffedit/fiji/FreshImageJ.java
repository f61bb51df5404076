package sc.fiji.diffedit.fiji;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import ij.ImagePlus;
import ij.Prefs;
import ij.WindowManager;
import ij.macro.Interpreter;

/**
 * After each test class, takes what it has left in ImageJ's lists of images, and ends batch mode: titles and the active image of the
 * next class would depend on it. Works for all classes by itself.
 */
public final class FreshImageJ implements AfterAllCallback {

	@Override
	public void afterAll(final ExtensionContext context) {
		final int[] ids = WindowManager.getIDList();
		for (final int id : ids == null ? new int[0] : ids) take(WindowManager.getImage(id));
		Interpreter.batchMode = false;
		Prefs.intelByteOrder = true;                           // of TIFF files; another order is read where preferences are loaded
		WindowManager.setTempCurrentImage(null);
	}

	private static void take(final ImagePlus image) {
		Interpreter.removeBatchModeImage(image);
		image.changes = false;
		image.close();
	}
}
