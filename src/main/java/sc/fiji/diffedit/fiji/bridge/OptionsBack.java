package sc.fiji.diffedit.fiji.bridge;

import org.scijava.Priority;
import org.scijava.module.Module;
import org.scijava.module.process.AbstractPreprocessorPlugin;
import org.scijava.module.process.PreprocessorPlugin;
import org.scijava.plugin.Plugin;

import ij.Macro;

/** Takes away the empty options of {@link CallPreprocessor}, after Fiji's own look into them: SciJava's threads are used again. */
@Plugin(type = PreprocessorPlugin.class, priority = 2 * Priority.VERY_HIGH - 1)
public class OptionsBack extends AbstractPreprocessorPlugin {

	@Override
	public void process(final Module module) {
		if (CallPreprocessor.NO_OPTIONS.equals(PerThread.options(Thread.currentThread()))) Macro.setOptions(null);
	}
}
