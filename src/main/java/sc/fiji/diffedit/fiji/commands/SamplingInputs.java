package sc.fiji.diffedit.fiji.commands;

import org.scijava.plugin.Attr;
import org.scijava.plugin.Parameter;

/** How noise becomes an image. */
final class SamplingInputs extends SeedInput {

	@Parameter(label = "Steps", min = "1", persist = false, attrs = @Attr(name = HINT, value = "more: finer, slower"),
		description = "Steps of the noise schedule.", callback = MemoryLine.CHANGED)
	private int steps;
	@Parameter(label = "Weight of the words", persist = false, attrs = @Attr(name = HINT, value = "higher: closer to the words"),
		description = "How much the description counts.", callback = MemoryLine.CHANGED)
	private double guidance;

	/**
	 * @param steps the default
	 * @param guidance the default
	 */
	SamplingInputs(final int steps, final double guidance) {
		this.steps = steps;
		this.guidance = guidance;
	}

	/**
	 * @param stepsHelp which steps these are
	 * @param guidanceHelp what is guided
	 */
	SamplingInputs(final int steps, final String stepsHelp, final double guidance, final String guidanceHelp) {
		this(steps, guidance);
		setHelp("steps", stepsHelp);
		setHelp("guidance", guidanceHelp);
	}

	int steps() {
		return steps;
	}

	double guidance() {
		return guidance;
	}
}
