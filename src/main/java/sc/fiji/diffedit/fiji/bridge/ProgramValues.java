package sc.fiji.diffedit.fiji.bridge;

import java.util.Collection;

import org.scijava.Priority;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.module.process.AbstractPostprocessorPlugin;
import org.scijava.module.process.PostprocessorPlugin;
import org.scijava.plugin.Plugin;

import sc.fiji.diffedit.fiji.inputs.FormService;

/**
 * Marks outputs for programs only, such as latents or a difference map, as resolved. Fiji cannot display them and would open its
 * console with a warning.
 */
@Plugin(type = PostprocessorPlugin.class, priority = Priority.LOW)
public class ProgramValues extends AbstractPostprocessorPlugin {

	@Override
	public void process(final Module module) {
		for (final ModuleItem<?> output : module.getInfo().outputs()) {
			if (isOurs(module.getOutput(output.getName()))) module.resolveOutput(output.getName());
		}
	}

	/** Whether a value is an instance of a DiffEdit class, or a list of such values. */
	private static boolean isOurs(final Object value) {
		if (value instanceof Collection<?> several) return !several.isEmpty() && several.stream().allMatch(ProgramValues::isOurs);
		return value != null && value.getClass().getName().startsWith(FormService.OURS);
	}
}
