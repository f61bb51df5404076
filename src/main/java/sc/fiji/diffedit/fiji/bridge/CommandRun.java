package sc.fiji.diffedit.fiji.bridge;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

import org.scijava.Cancelable;
import org.scijava.Context;
import org.scijava.Priority;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.module.ModuleRunner;
import org.scijava.module.process.LoadInputsPreprocessor;
import org.scijava.module.process.ModulePreprocessor;
import org.scijava.module.process.PreprocessorPlugin;
import org.scijava.module.process.SaveInputsPreprocessor;
import org.scijava.plugin.PluginInfo;
import org.scijava.plugin.PluginService;
import org.scijava.widget.InputHarvester;

import ij.IJ;

import sc.fiji.diffedit.fiji.form.Inputs;
import sc.fiji.diffedit.fiji.form.Labels;

/**
 * Runs one command on the caller's thread: SciJava's preprocessors including this plugin's form, the command itself with its
 * progress, and the display of its outputs.
 */
final class CommandRun {

	private final Context context;
	private final Module module;
	private final Call call;
	private final Set<String> neverRecorded = new HashSet<>();

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
			new ModuleRunner(context, module, chain(), List.of()).run();
		}
		if (module instanceof Cancelable cancelable && cancelable.isCanceled()) {
			final String reason = cancelable.getCancelReason();
			return reason == null ? "" : reason;
		}
		Results.show(module, call);
		return null;
	}

	/** Passes every recordable input as key and text, as Fiji's recorder does, in the order of declaration. */
	void record(final BiConsumer<String, String> option) {
		for (final ModuleItem<?> input : Inputs.of(module)) {
			final Object value = module.getInput(input.getName());
			if (value == null || neverRecorded.contains(input.getName()) || !Inputs.recordable(input)) continue;
			final String text = CallValues.text(value);
			final String quoted = MacroOptions.quote(Labels.of(input), text);
			option.accept(Inputs.key(input), escaped(text.contains(" ") ? text : quoted));
		}
	}

	/** The key as imagej-legacy writes it; ImageJ's recorder adds brackets around values with spaces. */
	private static String escaped(final String text) {
		return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
	}

	private List<ModulePreprocessor> chain() {
		final List<ModulePreprocessor> chain = new ArrayList<>();
		boolean called = false;
		boolean answered = false;
		for (final PluginInfo<PreprocessorPlugin> standard : standard()) {
			called = called || insert(chain, standard.getPriority() <= Priority.VERY_HIGH, this::noteImages);
			answered = answered || insert(chain, standard.getPriority() < InputHarvester.PRIORITY, this::tryRecording);
			chain.add(context.service(PluginService.class).createInstance(standard));
		}
		if (!called) chain.add(new Step(this::noteImages));
		if (!answered) chain.add(new Step(this::tryRecording));
		return chain;
	}

	private static boolean insert(final List<ModulePreprocessor> chain, final boolean here, final Runnable step) {
		if (here) chain.add(new Step(step));
		return here;
	}

	/** All preprocessors except those that use a SciJava user interface and, for macros, those that restore the values of the last dialog. */
	private List<PluginInfo<PreprocessorPlugin>> standard() {
		final List<String> memory = List.of(LoadInputsPreprocessor.class.getName(), SaveInputsPreprocessor.class.getName());
		return context.service(PluginService.class).getPluginsOfType(PreprocessorPlugin.class).stream()
			.filter(plugin -> !plugin.getClassName().startsWith("org.scijava.ui."))
			.filter(plugin -> call.mayAsk() || !memory.contains(plugin.getClassName())).toList();
	}

	/** An image that was active or was named by the macro is not recorded. */
	private void noteImages() {
		for (final ModuleItem<?> input : Inputs.of(module)) {
			if (input.getType() == ij.ImagePlus.class && module.isInputResolved(input.getName())) neverRecorded.add(input.getName());
		}
	}

	/** Values that cannot be recorded are reported before the work starts. */
	private void tryRecording() {
		if (IJ.recording()) record((key, text) -> {});
	}

	/** A preprocessor step of this plugin; the message of an exception becomes the cancel reason. */
	private static final class Step implements ModulePreprocessor {

		private final Runnable work;
		private boolean cancelled;
		private String reason;

		Step(final Runnable work) {
			this.work = work;
		}

		@Override
		public void process(final Module module) {
			try {
				work.run();
			}
			catch (final sc.fiji.diffedit.DiffEditException e) {
				cancel(e.getMessage());
			}
		}

		@Override
		public boolean isCanceled() {
			return cancelled;
		}

		@Override
		public void cancel(final String why) {
			cancelled = true;
			reason = why;
		}

		@Override
		public String getCancelReason() {
			return reason;
		}
	}
}
