package sc.fiji.diffedit.fiji.bridge;

import java.awt.GraphicsEnvironment;

import org.scijava.ItemVisibility;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;

import ij.IJ;
import ij.macro.Interpreter;

import sc.fiji.diffedit.fiji.TextReport;

/** Shows what a command gives back: images as images, texts as texts. Regions are put where users look by the command itself. */
final class Outputs {

	private final Module module;
	private final Call call;

	Outputs(final Module module, final Call call) {
		this.module = module;
		this.call = call;
	}

	void show() {
		ResultImages.show(module, call);
		for (final ModuleItem<?> output : module.getInfo().outputs()) {
			if (!module.isOutputResolved(output.getName()) && output.getVisibility() != ItemVisibility.INVISIBLE) show(output, module.getOutput(output.getName()));
		}
	}

	private void show(final ModuleItem<?> output, final Object value) {
		if (value instanceof String || value instanceof Number || value instanceof Boolean) showText(output, value.toString());
	}

	private static void showText(final ModuleItem<?> output, final String text) {
		if (GraphicsEnvironment.isHeadless() || Interpreter.isBatchMode()) IJ.log(text);
		else if (output.getType() == String.class) TextReport.show(Labels.of(output), text);
		else IJ.log(Labels.of(output) + ": " + text);
	}
}
