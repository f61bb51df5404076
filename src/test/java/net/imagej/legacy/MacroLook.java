package net.imagej.legacy;

import org.scijava.convert.ConvertService;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.module.process.AbstractPreprocessorPlugin;
import org.scijava.plugin.Parameter;
import org.scijava.thread.ThreadService;

import ij.IJ;
import ij.Macro;

/** Looks for each key in the options of the nearest thread up the line that has any, wherever it stands in the text. */
public class MacroLook extends AbstractPreprocessorPlugin {

	@Parameter
	private ConvertService convert;
	@Parameter
	private ThreadService threads;

	@Override
	public void process(final Module module) {
		final String options = options();
		if (!IJ.isMacro() || options == null) return;
		for (final ModuleItem<?> input : module.getInfo().inputs()) {
			final String value = Macro.getValue(options, input.getName(), null);
			if (value == null || !convert.supports(value, input.getType())) continue;
			module.setInput(input.getName(), convert.convert(value, input.getType()));
			module.resolveInput(input.getName());
		}
	}

	private String options() {
		String found = null;
		for (Thread thread = Thread.currentThread(); found == null && thread != null; thread = threads.getParent(thread)) found = options(thread);
		return found;
	}

	/** ImageJ tells a thread of the right name its own options only; Fiji rewrites ImageJ, this borrows its table. */
	private static String options(final Thread thread) {
		try {
			final java.lang.reflect.Field table = Macro.class.getDeclaredField("table");
			table.setAccessible(true);
			return (String) ((java.util.Map<?, ?>) table.get(null)).get(thread);
		}
		catch (final ReflectiveOperationException e) {
			throw new IllegalStateException(e);
		}
	}
}
