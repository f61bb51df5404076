package sc.fiji.diffedit.fiji.bridge;

import java.util.Collection;

import org.scijava.Priority;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.module.process.AbstractPostprocessorPlugin;
import org.scijava.module.process.PostprocessorPlugin;
import org.scijava.plugin.Plugin;

/**
 * Outputs that are for programs only, such as latents or a difference map that a script gives back. Fiji has nothing to show
 * them with, and would open its console to say so.
 */
@Plugin(type = PostprocessorPlugin.class, priority = Priority.LOW)
public class ProgramValues extends AbstractPostprocessorPlugin {

	@Override
	public void process(final Module module) {
		for (final ModuleItem<?> output : module.getInfo().outputs()) {
			if (isOurs(module.getOutput(output.getName()))) module.resolveOutput(output.getName());
		}
	}

	/** Whether a value is of one of DiffEdit's classes, or a list of such values. */
	private static boolean isOurs(final Object value) {
		if (value instanceof Collection<?> several) return !several.isEmpty() && several.stream().allMatch(ProgramValues::isOurs);
		return value != null && value.getClass().getName().startsWith(Calls.OURS);
	}
}
