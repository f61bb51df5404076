package sc.fiji.diffedit.fiji.bridge;

import java.util.List;

import org.scijava.Cancelable;
import org.scijava.Context;
import org.scijava.module.Module;
import org.scijava.module.ModuleRunner;
import org.scijava.module.process.PreprocessorPlugin;
import org.scijava.plugin.PluginService;

/**
 * Runs one command on the caller's thread: SciJava's preprocessors including this plugin's form, the command itself with its
 * progress, and the display of its outputs.
 */
final class CommandRun {

	private final Context context;
	private final Module module;
	private final Call call;

	/** @param call of the command */
	CommandRun(final Context context, final Module module, final Call call) {
		this.context = context;
		this.module = module;
		this.call = call;
	}

	/**
	 * Runs the command.
	 *
	 * @return {@code null} if it has finished, the reason if it was cancelled (empty if by the user)
	 */
	String run() {
		try (Progress progress = new Progress(context)) {
			new ModuleRunner(context, module, preprocessors(), List.of()).run();
		}
		if (module instanceof Cancelable cancelable && cancelable.isCanceled()) {
			final String reason = cancelable.getCancelReason();
			return reason == null ? "" : reason;
		}
		Results.show(module, call);
		context.service(Recording.class).end(module, call);
		return null;
	}

	/** All preprocessors except those that use a SciJava user interface. */
	private List<PreprocessorPlugin> preprocessors() {
		final PluginService plugins = context.service(PluginService.class);
		return plugins.getPluginsOfType(PreprocessorPlugin.class).stream().filter(plugin -> !plugin.getClassName().startsWith("org.scijava.ui."))
			.map(plugins::createInstance).toList();
	}
}
