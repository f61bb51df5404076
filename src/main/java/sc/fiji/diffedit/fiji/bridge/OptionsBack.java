package sc.fiji.diffedit.fiji.bridge;

import org.scijava.Priority;
import org.scijava.module.Module;
import org.scijava.module.process.AbstractPreprocessorPlugin;
import org.scijava.module.process.PreprocessorPlugin;
import org.scijava.plugin.Plugin;

import ij.Macro;

/**
 * Removes the empty options set by {@link CallPreprocessor} after Fiji's own preprocessor has read them, since SciJava's threads are reused.
 */
@Plugin(type = PreprocessorPlugin.class, priority = 2 * Priority.VERY_HIGH - 1)
public class OptionsBack extends AbstractPreprocessorPlugin {

	@Override
	public void process(final Module module) {
		if (CallPreprocessor.NO_OPTIONS.equals(PerThread.options(Thread.currentThread()))) Macro.setOptions(null);
	}
}
