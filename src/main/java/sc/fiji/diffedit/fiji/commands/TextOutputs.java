package sc.fiji.diffedit.fiji.commands;

import java.awt.GraphicsEnvironment;

import org.scijava.Priority;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.module.process.AbstractPostprocessorPlugin;
import org.scijava.module.process.PostprocessorPlugin;
import org.scijava.plugin.Plugin;

import ij.IJ;
import ij.macro.Interpreter;

import sc.fiji.diffedit.fiji.TextReport;
import sc.fiji.diffedit.fiji.forms.PluginCommand;

/** In Fiji each text output would open one more window; those of DiffEdit's commands share one per command. */
@Plugin(type = PostprocessorPlugin.class, priority = Priority.LOW)
public class TextOutputs extends AbstractPostprocessorPlugin {

	@Override
	public void process(final Module module) {
		if (GraphicsEnvironment.isHeadless() || IJ.getInstance() == null || Interpreter.isBatchMode()) return;
		if (!(module.getDelegateObject() instanceof PluginCommand)) return;
		for (final ModuleItem<?> output : module.getInfo().outputs()) {
			if (module.isOutputResolved(output.getName()) || !(module.getOutput(output.getName()) instanceof String text)) continue;
			TextReport.show(output.getLabel(), text);
			module.resolveOutput(output.getName());
		}
	}
}
