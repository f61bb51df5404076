package sc.fiji.diffedit.fiji.commands;

import sc.fiji.diffedit.memory.MemoryPlan;

/** The field of forms that says how much memory a command may take for how much speed. */
final class Memory {

	static final String LABEL = "Memory";
	static final String DESCRIPTION = "Each next one needs less memory and more time. Automatic: the fastest that fits. Macros may write a whole plan, such as memory=[preset=low;vae_tiling=off].";
	/** Labels of {@link sc.fiji.diffedit.memory.Preset}, which annotations need as constants. */
	static final String AUTOMATIC = "Automatic", FAST = "Fast", BALANCED = "Balanced", LOW = "Low memory", LOWEST = "Lowest memory";

	private Memory() {}

	/** @throws sc.fiji.diffedit.DiffEditException if this is neither a preset nor a plan */
	static MemoryPlan of(final String answer) {
		return answer == null ? MemoryPlan.AUTOMATIC : MemoryPlan.parse(answer);
	}
}
