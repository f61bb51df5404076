package sc.fiji.diffedit.fiji.commands;

import java.util.Optional;

import org.scijava.plugin.Parameter;

import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.memory.MemoryPlan;
import sc.fiji.diffedit.service.LoadOptions;

/** A diffusion model, the memory that it may take, and the line of further options. */
final class DiffusionModelInputs extends ModelInput {

	/** What the user has set for all runs. */
	static final String AS_SET = "As in Options";
	/** Labels of {@link sc.fiji.diffedit.memory.Preset}, which annotations need as constants. */
	static final String AUTOMATIC = "Automatic", FAST = "Fast", BALANCED = "Balanced", LOW = "Low memory", LOWEST = "Lowest memory";

	@Parameter(label = "Memory use", choices = { AS_SET, AUTOMATIC, FAST, BALANCED, LOW, LOWEST }, persist = false,
		description = "As in Options: what is set in Edit > Options > DiffEdit... . Automatic: the fastest that fits. Each next one needs less memory and more time. Macros may write a whole plan, such as memory=[preset=low;vae_tiling=off].",
		callback = MemoryLine.CHANGED)
	private String memory = AS_SET;
	@Parameter(label = "Further options", required = false, persist = false, callback = MemoryLine.CHANGED)
	private String options = "";

	private final KnownOptions known;

	DiffusionModelInputs(final KnownOptions known) {
		this.known = known;
		setHelp("options", known.help());
	}

	@Override
	protected Optional<String> wrong(final String input) {
		return input.equals("options") ? failure(() -> modelOptions().check()) : super.wrong(input);
	}

	/** @throws sc.fiji.diffedit.DiffEditException if the line contains an option that the form does not support */
	Options options() {
		return new Options(options, known.options());
	}

	/** The options of the line for the model. */
	OptionsParser modelOptions() {
		return new OptionsParser(options());
	}

	/** The model as it is to be loaded. */
	LoadOptions load() {
		final LoadOptions load = modelOptions().load(name());
		return memory == null || Choices.same(memory, AS_SET) ? load : load.withMemory(MemoryPlan.parse(memory));
	}

	@Override
	protected Provenance addTo(final Provenance made) {
		return made.with("options", options);
	}
}
