package sc.fiji.diffedit.memory;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

import sc.fiji.diffedit.NotEnoughMemory;

/** A run that lacks memory is tried again with the next smaller plan, until there is none. */
public final class SmallerPlans {

	private SmallerPlans() {}

	/** The same plan with the next preset that needs less memory; empty after the last. Parts that are set stay as they are. */
	public static Optional<MemoryPlan> after(final MemoryPlan plan) {
		return switch (plan.preset()) {
			case AUTOMATIC, FAST -> Optional.of(plan.withPreset(Preset.BALANCED));
			case BALANCED -> Optional.of(plan.withPreset(Preset.LOW_MEMORY));
			case LOW_MEMORY -> Optional.of(plan.withPreset(Preset.LOWEST_MEMORY));
			case LOWEST_MEMORY -> Optional.empty();
		};
	}

	/**
	 * Runs something.
	 *
	 * @param first the plan to begin with
	 * @param attempt runs under a plan; what it does before it fails is done again
	 * @param notes receives a sentence before each further attempt
	 * @throws NotEnoughMemory if memory lacks under the smallest plan too
	 */
	public static <T> T run(final MemoryPlan first, final Function<MemoryPlan, T> attempt, final Consumer<String> notes) {
		MemoryPlan plan = first;
		while (true) {
			try {
				return attempt.apply(plan);
			}
			catch (final RuntimeException e) {
				if (!NotEnoughMemory.is(e)) throw e;
				final Optional<MemoryPlan> smaller = after(plan);
				if (smaller.isEmpty()) throw explained(e);
				plan = smaller.get();
				notes.accept("There is not enough memory; trying again with the preset " + plan.preset().label() + ".");
			}
		}
	}

	private static NotEnoughMemory explained(final RuntimeException e) {
		if (e instanceof NotEnoughMemory known) return known;
		return new NotEnoughMemory("The device refused memory even with the preset " + Preset.LOWEST_MEMORY.label()
			+ "; close other programs, take a smaller image, fewer images at once, or 16-bit numbers (bfloat16 or float16).", e);
	}
}
