package sc.fiji.diffedit.fiji.commands;

import org.scijava.ItemVisibility;
import org.scijava.Priority;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.module.process.AbstractPostprocessorPlugin;
import org.scijava.module.process.PostprocessorPlugin;
import org.scijava.plugin.Plugin;

import ij.gui.Roi;

import sc.fiji.diffedit.fiji.inputs.PluginCommand;

/**
 * Selections, invisible outputs and results that are not wanted need no display of their own: the command has put them
 * where they belong. Without this SciJava would warn that it cannot show them, or open windows.
 */
@Plugin(type = PostprocessorPlugin.class, priority = Priority.LOW)
public class SelectionOutputs extends AbstractPostprocessorPlugin {

	@Override
	public void process(final Module module) {
		if (!(module.getDelegateObject() instanceof PluginCommand)) return;
		for (final ModuleItem<?> output : module.getInfo().outputs()) {
			final boolean shownElsewhere = Roi.class.isAssignableFrom(output.getType()) || output.getVisibility() == ItemVisibility.INVISIBLE;
			if (shownElsewhere || module.getOutput(output.getName()) == null) module.resolveOutput(output.getName());
		}
	}
}
