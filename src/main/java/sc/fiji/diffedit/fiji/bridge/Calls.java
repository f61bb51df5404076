package sc.fiji.diffedit.fiji.bridge;

import java.awt.GraphicsEnvironment;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

import org.scijava.event.EventHandler;
import org.scijava.log.LogService;
import org.scijava.module.Module;
import org.scijava.module.event.ModuleCanceledEvent;
import org.scijava.module.event.ModuleErroredEvent;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.service.AbstractService;
import org.scijava.service.SciJavaService;
import org.scijava.service.Service;
import org.scijava.thread.ThreadService;

import sc.fiji.diffedit.fiji.form.Labels;
import sc.fiji.diffedit.fiji.inputs.FormService;

/**
 * Stores the call of each running command, and reports a failed or cancelled command to its caller: SciJava only shows the reason,
 * where there is a user interface, and lets the macro continue.
 */
@Plugin(type = Service.class)
public class Calls extends AbstractService implements SciJavaService {

	private final Map<Module, Call> calls = Collections.synchronizedMap(new WeakHashMap<>());

	@Parameter
	private ThreadService threads;
	@Parameter
	private Recording recording;
	@Parameter
	private LogService log;

	private FailedProcess process;

	@Override
	public void initialize() {
		process = new FailedProcess(log);
	}

	/** Whether the module is one of DiffEdit's commands. */
	static boolean isOurs(final Module module) {
		return module.getInfo().getDelegateClassName().startsWith(FormService.OURS);
	}

	/** The call of a module that starts: some modules, such as those of options, run again and again. */
	Call start(final Module module) {
		final Call call = Call.of(threads);
		calls.put(module, call);
		return call;
	}

	/** The call of this module; must be called on the thread that runs it. */
	Call of(final Module module) {
		return calls.computeIfAbsent(module, key -> Call.of(threads));
	}

	@EventHandler
	private void onCancel(final ModuleCanceledEvent event) {
		end(event.getModule(), event.getReason());
	}

	@EventHandler
	private void onError(final ModuleErroredEvent event) {
		end(event.getModule(), event.getException().toString());
	}

	/** In plain ImageJ, failures are handled where the command was called. */
	private void end(final Module module, final String reason) {
		final Call call = calls.remove(module);
		if (call != null) recording.drop(call);
		if (call == null || call.direct()) return;
		end(call, Labels.of(module.getInfo()), reason == null ? "" : reason);
		process.failed(call);
	}

	/** Aborts the caller's macro. Without a display the reason is printed. */
	static void end(final Call call, final String title, final String reason) {
		if (GraphicsEnvironment.isHeadless()) System.err.println(reason.isEmpty() ? title + " was cancelled." : title + ": " + reason);
		call.endMacro(reason);
	}
}
