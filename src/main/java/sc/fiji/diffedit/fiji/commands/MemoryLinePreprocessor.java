package sc.fiji.diffedit.fiji.commands;

import java.awt.GraphicsEnvironment;

import org.scijava.ItemVisibility;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.module.process.AbstractPreprocessorPlugin;
import org.scijava.module.process.PreprocessorPlugin;
import org.scijava.plugin.Plugin;
import org.scijava.widget.InputHarvester;

import ij.Macro;

/**
 * Works out the {@link MemoryLine} of a form that is about to be shown, when the answers of the last time stand in it. Where
 * nothing is left to be asked it counts as an answer itself: a macro that gives every input must not bring up a form with
 * nothing but this line.
 */
@Plugin(type = PreprocessorPlugin.class, priority = InputHarvester.PRIORITY + 0.5)
public class MemoryLinePreprocessor extends AbstractPreprocessorPlugin {

	@Override
	public void process(final Module module) {
		if (!(module.getDelegateObject() instanceof ModelForm form)) return;
		if (!isAsking(module)) module.resolveInput(MemoryLine.FIELD);
		else if (!GraphicsEnvironment.isHeadless() && Macro.getOptions() == null) form.estimateMemory();
	}

	private static boolean isAsking(final Module module) {
		for (final ModuleItem<?> input : module.getInfo().inputs()) {
			if (input.getVisibility() == ItemVisibility.NORMAL && !module.isInputResolved(input.getName())) return true;
		}
		return false;
	}
}
