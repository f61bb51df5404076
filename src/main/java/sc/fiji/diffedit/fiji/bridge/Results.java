package sc.fiji.diffedit.fiji.bridge;

import org.scijava.Priority;
import org.scijava.module.Module;
import org.scijava.module.process.AbstractPostprocessorPlugin;
import org.scijava.module.process.PostprocessorPlugin;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

/** Shows what a command returns, before Fiji would: first its images, then its texts. Then the call is recorded. */
@Plugin(type = PostprocessorPlugin.class, priority = Priority.LOW)
public class Results extends AbstractPostprocessorPlugin {

	@Parameter
	private Calls calls;
	@Parameter
	private Recording recording;

	@Override
	public void process(final Module module) {
		if (!Calls.isOurs(module)) return;
		final Call call = calls.of(module);
		show(module, call);
		recording.end(module, call);
	}

	/** Shows all outputs that have not been shown yet. */
	static void show(final Module module, final Call call) {
		ResultImages.show(module, call);
		ResultTexts.show(module, call);
	}
}
