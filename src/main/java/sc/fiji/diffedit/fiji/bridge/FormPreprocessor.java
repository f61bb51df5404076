package sc.fiji.diffedit.fiji.bridge;

import org.scijava.module.Module;
import org.scijava.module.process.AbstractPreprocessorPlugin;
import org.scijava.module.process.PreprocessorPlugin;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.widget.InputHarvester;

import sc.fiji.diffedit.fiji.CommandProgress;
import sc.fiji.diffedit.fiji.form.Form;

/**
 * Shows the form of a command of ours to a user, in Fiji just before its choosers of files and its own form, which find nothing left to ask. Macros,
 * scripts, batch mode and a machine without a display never see it.
 */
@Plugin(type = PreprocessorPlugin.class, priority = InputHarvester.PRIORITY + 2)
public class FormPreprocessor extends AbstractPreprocessorPlugin {

	@Parameter
	private Calls calls;
	@Parameter
	private Recording recording;

	@Override
	public void process(final Module module) {
		if (!Calls.isOurs(module) || !calls.of(module).mayAsk()) return;
		if (Form.fill(getContext(), module)) recording.filledIn(module, calls.of(module));
		else cancel(CommandProgress.BY_USER);
	}
}
