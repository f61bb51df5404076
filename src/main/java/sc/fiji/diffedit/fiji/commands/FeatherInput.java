package sc.fiji.diffedit.fiji.commands;

import org.scijava.plugin.Parameter;

import sc.fiji.diffedit.fiji.inputs.InputGroup;

/** How softly an edit is pasted into its image. */
final class FeatherInput extends InputGroup {

	@Parameter(label = "Soft edge (pixels)", min = "0", persist = false, description = "Pixels over which the edit fades in, within the mask.")
	private double feather = 0;

	double feather() {
		return feather;
	}
}
