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
 * Sets a command's inputs from its caller, before all other preprocessors: the options of a macro or script, its current image, and
 * defaults for everything else, so that no form opens. For a user it sets the active image and leaves the rest to the form.
 * <p>
 * Fiji's own preprocessor for macro options comes next. It would find {@code steps=3} in {@code source=[a steps=3 b]} too, and
 * would use the options of an outer macro for the command; so the options are empty until {@link OptionsBack}.
 */
@Plugin(type = PreprocessorPlugin.class, priority = 2 * Priority.VERY_HIGH + 1)
public class CallPreprocessor extends AbstractPreprocessorPlugin {

	/** Options without content. */
	static final String NO_OPTIONS = " ";

	@Parameter
	private Calls calls;
	@Parameter
	private Recording recording;
	@Parameter
	private ConvertService convert;

	@Override
	public void process(final Module module) {
		if (!Calls.isOurs(module)) return;
		final Call call = calls.start(module);
		recording.begin(module, call);
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
