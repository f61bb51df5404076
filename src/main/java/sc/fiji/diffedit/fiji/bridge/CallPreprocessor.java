package sc.fiji.diffedit.fiji.bridge;

import org.scijava.Priority;
import org.scijava.convert.ConvertService;
import org.scijava.module.Module;
import org.scijava.module.process.AbstractPreprocessorPlugin;
import org.scijava.module.process.PreprocessorPlugin;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import ij.Macro;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.Sentences;

/**
 * Gives a command its inputs as the caller means them, before anyone else: what a macro or script has written, its own image,
 * and the default of what was left out, so that no form opens. A user gets the active image, and the form.
 * <p>
 * Fiji's own look into a macro's options comes next. It finds {@code steps=3} in {@code source=[a steps=3 b]} too and takes the
 * options of any macro further up for the command's; it is shown empty ones until {@link OptionsBack}.
 */
@Plugin(type = PreprocessorPlugin.class, priority = 2 * Priority.VERY_HIGH + 1)
public class CallPreprocessor extends AbstractPreprocessorPlugin {

	/** What counts as options but says nothing. */
	static final String NO_OPTIONS = " ";

	@Parameter
	private Calls calls;
	@Parameter
	private ConvertService convert;

	@Override
	public void process(final Module module) {
		if (!Calls.isOurs(module)) return;
		final Call call = calls.of(module);
		try {
			new CallInputs(module, call, new CallValues(convert, call)).fill();
		}
		catch (final DiffEditException e) {
			cancel(Sentences.shown(e.getMessage()));
			return;
		}
		if (!call.direct()) Macro.setOptions(NO_OPTIONS);
	}
}
