package sc.fiji.diffedit.fiji.commands;

import org.scijava.plugin.Attr;
import org.scijava.plugin.Parameter;

import sc.fiji.diffedit.fiji.inputs.InputGroup;

/** How much of an image is left to the model. */
final class StrengthInput extends InputGroup {

	@Parameter(label = "Amount of change", min = "0", max = "1", stepSize = "0.05", persist = false, attrs = @Attr(name = HINT, value = "0: nothing, 1: everything"),
		callback = MemoryLine.CHANGED)
	private double strength;

	/**
	 * @param strength the default
	 * @param help what it does in this command
	 */
	StrengthInput(final double strength, final String help) {
		this.strength = strength;
		setHelp("strength", help);
	}

	double strength() {
		return strength;
	}
}
