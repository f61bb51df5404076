package sc.fiji.diffedit.fiji.commands;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.scijava.command.DynamicCommandInfo;
import org.scijava.module.MethodCallException;
import org.scijava.module.ModuleItem;
import org.scijava.module.MutableModuleItem;
import org.scijava.options.OptionsPlugin;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.ModelSettings;
import sc.fiji.diffedit.config.UserSettings;
import sc.fiji.diffedit.fiji.Sentences;
import sc.fiji.diffedit.fiji.inputs.FormInfo;
import sc.fiji.diffedit.memory.MemoryPlan;
import sc.fiji.diffedit.service.DiffusionModelService;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.tensor.Device;

/**
 * What holds for all runs of this user where a call says nothing else. The values are those of {@link UserSettings} and
 * {@link ModelSettings}; this is their form. An input that a macro leaves out stays as it is.
 */
@Plugin(type = OptionsPlugin.class, headless = true, menu = { @Menu(label = "Edit"), @Menu(label = "Options"), @Menu(label = DiffEditOptions.ENTRY) }, label = "DiffEdit Options",
	description = "Sets what holds for all commands, macros and scripts that say nothing else: where models are, where and how they compute, and what is kept in memory.")
public class DiffEditOptions extends OptionsPlugin {

	/** ImageJ finds commands by the label of their menu entry. Where two would have the same one, its own, too, end in a space: {@code Edit > Options > Reset... }. */
	static final String ENTRY = "DiffEdit... ";

	@Parameter
	private DiffusionModelService models;

	@Parameter(label = "Model folders", required = false, persist = false,
		description = "Folders of models, or the folders where A1111 or ComfyUI are installed; separated by : (on Windows by ;).")
	private String folders;
	@Parameter(label = "Cache for downloads", required = false, persist = false,
		description = "A cache in the layout of the Hugging Face hub; empty for the one that other programs share.")
	private String cache;
	@Parameter(label = "Compute on", choices = { "auto", "cpu", "cuda:0", "cuda:1", "mps" }, persist = false,
		description = "auto: the first graphics card if PyTorch can use one, else the processor. Numbers differ by rounding between devices; each result's info names its device.")
	private String device;
	@Parameter(label = "Precision", choices = { "float32", "bfloat16", "float16", "auto" }, persist = false,
		description = "float32 is exact, the 16-bit types need half the memory and round more; auto: the fastest here. Each result's info names it.")
	private String dtype;
	@Parameter(label = "Memory use", choices = { DiffusionModelInputs.AUTOMATIC, DiffusionModelInputs.FAST, DiffusionModelInputs.BALANCED, DiffusionModelInputs.LOW,
		DiffusionModelInputs.LOWEST }, persist = false, description = "Each next one needs less memory and more time. Automatic: the fastest that fits. Macros may write a whole plan.")
	private String memory;
	@Parameter(label = "Memory for models (GB, 0: automatic)", min = "0", persist = false,
		description = "How much the weights of all models together may take on a device: idle ones leave for a new one. A single model may take more. 0 is 70 % of its memory.")
	private Double memoryLimit;
	@Parameter(label = "Result cache (MB, 0: off, -1: automatic)", min = "-1", persist = false,
		description = "Results of networks that later runs with the same image or prompts use again; images are the same with and without it. -1: an eighth of Java's memory.")
	private Integer resultCache;
	@Parameter(label = "Unload after idle minutes (0: never)", min = "0", persist = false, description = "A model that has not been used for this long leaves memory.")
	private Integer idleMinutes;
	@Parameter(label = "Offline", persist = false, description = "No server is asked for anything: Download Model... and Install Engine... take files only.")
	private Boolean offline;
	@Parameter(label = "Show notices", persist = false, description = "Notices about a result in ImageJ's log and status bar. The result's info has them in any case.")
	private Boolean notices;

	private boolean defaultsSet;

	/** The input that was given, or else what is set. */
	@Override
	public Object getInput(final String name) {
		final Object given = super.getInput(name);
		return given == null ? present(name) : given;
	}

	private static Object present(final String name) {
		final ModelSettings places = ModelSettings.read();
		return switch (name) {
			case "folders" -> ModelSettings.text(places.folders());
			case "cache" -> places.cache().map(Path::toString).orElse("");
			default -> values(UserSettings.read()).get(name);
		};
	}

	private static Map<String, Object> values(final UserSettings set) {
		return Map.of("device", set.device(), "dtype", set.dtype(), "memory", labelled(set.memory()), "memoryLimit", set.memoryLimit(), "resultCache", set.resultCache(),
			"idleMinutes", set.idleMinutes(), "offline", set.offline(), "notices", set.notices());
	}

	/** A preset as the form has it; other plans as they are. */
	private static String labelled(final String memory) {
		final MemoryPlan plan = MemoryPlan.parse(memory);
		return plan.equals(MemoryPlan.of(plan.preset())) ? plan.preset().label() : memory;
	}

	/** With the defaults of a new installation, which are not those of the fields. */
	@Override
	@SuppressWarnings("unchecked")
	public DynamicCommandInfo getInfo() {
		final DynamicCommandInfo info = super.getInfo();
		if (defaultsSet) return info;
		defaultsSet = true;
		final Map<String, Object> defaults = new HashMap<>(values(UserSettings.DEFAULTS));
		defaults.putAll(Map.of("folders", "", "cache", ""));
		defaults.forEach((name, value) -> ((MutableModuleItem<Object>) info.getMutableInput(name, value.getClass())).setDefaultValue(value));
		return info;
	}

	@Override
	public void run() {
		try {
			final UserSettings wanted = wanted();
			check(wanted);
			ModelFolders.set((String) getInput("folders"), (String) getInput("cache"));
			wanted.write();
			models.useSettings();
			super.run();
		}
		catch (final DiffEditException e) {
			cancel(Sentences.shown(e.getMessage()));
		}
		forget();
	}

	private UserSettings wanted() {
		return new UserSettings(word("device"), word("dtype"), MemoryPlan.parse(word("memory")).toString(), (Double) getInput("memoryLimit"), (Integer) getInput("resultCache"),
			(Integer) getInput("idleMinutes"), (Boolean) getInput("offline"), (Boolean) getInput("notices"));
	}

	private String word(final String name) {
		return getInput(name).toString().strip();
	}

	/** Macros may write anything. */
	private static void check(final UserSettings wanted) {
		if (!wanted.device().equals(LoadOptions.AUTO)) Device.of(wanted.device());
		LoadOptions.of(LoadOptions.DEMO).withDtype(wanted.dtype());
		if (!(wanted.memoryLimit() >= 0) || wanted.resultCache() < -1 || wanted.idleMinutes() < 0) {
			throw new DiffEditException("memoryLimit, resultCache and idleMinutes are " + wanted.memoryLimit() + ", " + wanted.resultCache() + " and " + wanted.idleMinutes()
				+ "; write 0 or more.");
		}
	}

	// -- SciJava keeps one object for all runs, and stores options in its own way --

	/** The first of what is called in each run. */
	@Override
	public void initialize() throws MethodCallException {
		uncancel();
		super.initialize();
	}

	/** Ends a run without an effect on the next one; the reason stays for the caller. */
	@Override
	public void cancel() {
		forget();
	}

	private void forget() {
		for (final ModuleItem<?> input : getInfo().inputs()) {
			unresolveInput(input.getName());
			if (!FormInfo.isEnvironment(input)) setInput(input.getName(), null);
		}
	}

	/** Values are read when they are needed. */
	@Override
	public void load() {}

	/** Done by {@link #run()}. */
	@Override
	public void save() {}

	/** Sets all back to the defaults; folders stay. */
	@Override
	public void reset() {
		UserSettings.DEFAULTS.write();
		models.useSettings();
	}
}
