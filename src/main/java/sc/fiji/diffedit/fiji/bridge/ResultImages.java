package sc.fiji.diffedit.fiji.bridge;

import java.awt.GraphicsEnvironment;
import java.util.Collection;
import java.util.List;

import org.scijava.Priority;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.module.process.AbstractPostprocessorPlugin;
import org.scijava.module.process.PostprocessorPlugin;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import ij.ImagePlus;
import ij.WindowManager;
import ij.macro.Interpreter;

/**
 * Makes a command's images known to its caller before the caller goes on, as ImageJ's own commands do: the last one is the
 * active image, and all are listed, in windows, in batch mode and without a display.
 */
@Plugin(type = PostprocessorPlugin.class, priority = Priority.LOW)
public class ResultImages extends AbstractPostprocessorPlugin {

	@Parameter
	private Calls calls;

	@Override
	public void process(final Module module) {
		if (!Calls.isOurs(module)) return;
		final Call call = calls.of(module);
		for (final ModuleItem<?> output : module.getInfo().outputs()) {
			final List<ImagePlus> images = images(module.getOutput(output.getName()));
			if (images.isEmpty() || module.isOutputResolved(output.getName())) continue;
			images.forEach(image -> show(image, call));
			module.resolveOutput(output.getName());
		}
	}

	/** The images that an output holds: itself, or all of a list. */
	static List<ImagePlus> images(final Object output) {
		final Collection<?> all = output instanceof Collection<?> several ? several : List.of(output == null ? "" : output);
		return all.stream().filter(ImagePlus.class::isInstance).map(ImagePlus.class::cast).toList();
	}

	/** Without a display a script takes them from the outputs, and nobody would ever close them. */
	static void show(final ImagePlus image, final Call call) {
		if (GraphicsEnvironment.isHeadless() && !call.waiting()) return;
		if (GraphicsEnvironment.isHeadless() && call.inMacro() && !Interpreter.isBatchMode()) startList(call.image());
		image.show();
		if (!call.direct()) WindowManager.setTempCurrentImage(null);          // SciJava's threads are used again
		WindowManager.setTempCurrentImage(call.thread(), image.getWindow() == null ? image : null);
	}

	/** Without a display plain ImageJ knows one image only; in batch mode, which ends with the macro, it keeps a list. */
	private static void startList(final ImagePlus first) {
		Interpreter.batchMode = true;
		Interpreter.addBatchModeImage(first);
	}
}
