package sc.fiji.diffedit.fiji.bridge;

import java.awt.GraphicsEnvironment;
import java.util.Collection;
import java.util.List;

import org.scijava.module.Module;
import org.scijava.module.ModuleItem;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.ImageWindow;
import ij.macro.Interpreter;

import sc.fiji.diffedit.fiji.OutputStyle;

/**
 * Returns a command's images to its caller before the caller continues, as ImageJ's own commands do: the last one becomes the
 * active image, and all are listed, in windows, in batch mode and without a display. Images shown
 * {@linkplain OutputStyle#BESIDE beside} another one do not become active.
 */
final class ResultImages {

	private static final int LONGEST_MILLIS = 1000, PAUSE_MILLIS = 50;

	private ResultImages() {}

	/** Shows all images that have not been shown yet. */
	static void show(final Module module, final Call call) {
		ImagePlus active = call.image();
		ImagePlus beside = null;
		for (final ModuleItem<?> output : module.getInfo().outputs()) {
			final List<ImagePlus> images = images(module.getOutput(output.getName()));
			if (images.isEmpty() || module.isOutputResolved(output.getName())) continue;
			images.forEach(image -> show(image, call));
			module.resolveOutput(output.getName());
			if (output.get(OutputStyle.BESIDE) != null) beside = images.get(images.size() - 1);
			else active = images.get(images.size() - 1);
		}
		if (beside != null && active != null && isShown(call)) activate(active, beside, call);
		sayAgain(module);
	}

	/** The images of an output: a single one, or all of a list. */
	private static List<ImagePlus> images(final Object output) {
		final Collection<?> all = output instanceof Collection<?> several ? several : List.of(output == null ? "" : output);
		return all.stream().filter(ImagePlus.class::isInstance).map(ImagePlus.class::cast).toList();
	}

	/** Without a display a script reads them from the outputs, and listed images would never be closed. */
	private static boolean isShown(final Call call) {
		return !GraphicsEnvironment.isHeadless() || call.waiting();
	}

	private static void show(final ImagePlus image, final Call call) {
		if (!isShown(call)) return;
		if (GraphicsEnvironment.isHeadless() && call.inMacro() && !Interpreter.isBatchMode()) startList(call.image());
		image.show();
		if (!call.direct()) WindowManager.setTempCurrentImage(null);          // SciJava's threads are reused
		WindowManager.setTempCurrentImage(call.thread(), image.getWindow() == null ? image : null);
	}

	/** Activates an image that is open already, although another one has just been shown. */
	private static void activate(final ImagePlus image, final ImagePlus shown, final Call call) {
		if (image.getWindow() != null && !Interpreter.isBatchMode()) {
			WindowManager.setTempCurrentImage(call.thread(), null);
			if (shown.getWindow() != null) waitUntilActive(shown.getWindow());
			IJ.selectWindow(image.getID());
			return;
		}
		WindowManager.setTempCurrentImage(call.thread(), image);
		final boolean listed = Interpreter.getBatchModeImage(image.getID()) != null;
		if (listed) Interpreter.activateImage(image);                         // otherwise ImageJ would never forget it
	}

	/** The desktop activates a new window a little later than it was shown, or never; what is activated earlier would lose to it. */
	private static void waitUntilActive(final ImageWindow window) {
		for (int waited = 0; !window.isActive() && waited < LONGEST_MILLIS; waited += PAUSE_MILLIS) IJ.wait(PAUSE_MILLIS);
		IJ.wait(PAUSE_MILLIS);                                                // until ImageJ knows, which hears of it after the window
	}

	/** Showing an image clears the status bar. */
	private static void sayAgain(final Module module) {
		if (module.getInfo().getOutput(OutputStyle.NOTICES) == null) return;
		if (module.getOutput(OutputStyle.NOTICES) instanceof List<?> notices && !notices.isEmpty()) IJ.showStatus(notices.get(notices.size() - 1).toString());
	}

	/** Without a display plain ImageJ has only one current image; in batch mode, which ends with the macro, it has a list. */
	private static void startList(final ImagePlus first) {
		Interpreter.batchMode = true;
		Interpreter.addBatchModeImage(first);
	}
}
