package sc.fiji.diffedit.fiji.bridge;

import java.awt.GraphicsEnvironment;

import org.scijava.ItemVisibility;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;

import ij.IJ;
import ij.macro.Interpreter;

import sc.fiji.diffedit.fiji.TextReport;
import sc.fiji.diffedit.fiji.form.Labels;

/**
 * Shows a command's text outputs in one window per command, where Fiji would open a new one at each run. In batch mode and without
 * a display they are written to ImageJ's log instead, where macros can read them.
 */
final class ResultTexts {

	private ResultTexts() {}

	/** Shows all texts and numbers that have not been shown yet. Without a display a script reads them from the outputs. */
	static void show(final Module module, final Call call) {
		if (GraphicsEnvironment.isHeadless() && !call.direct() && !call.waiting()) return;
		for (final ModuleItem<?> output : module.getInfo().outputs()) {
			final Object value = module.getOutput(output.getName());
			if (module.isOutputResolved(output.getName()) || output.getVisibility() == ItemVisibility.INVISIBLE || !isText(value)) continue;
			show(output, value.toString());
			module.resolveOutput(output.getName());
		}
	}

	private static boolean isText(final Object value) {
		return value instanceof String || value instanceof Number || value instanceof Boolean;
	}

	private static void show(final ModuleItem<?> output, final String text) {
		if (GraphicsEnvironment.isHeadless() || IJ.getInstance() == null || Interpreter.isBatchMode()) IJ.log(text);
		else if (output.getType() == String.class) TextReport.show(Labels.of(output), text);
		else IJ.log(Labels.of(output) + ": " + text);
	}
}
