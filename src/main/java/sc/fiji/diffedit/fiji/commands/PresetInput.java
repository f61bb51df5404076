package sc.fiji.diffedit.fiji.commands;

import org.scijava.plugin.Parameter;

import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.inputs.InputGroup;

/** Settings under a name; they are set before the command runs. */
final class PresetInput extends InputGroup {

	@Parameter(label = "Preset", required = false, persist = false,
		description = "draft is a quick look, standard the defaults, careful compares twice as often; own ones can be saved. In macros what is given besides wins; a file may be named by its path.")
	private String preset = "";

	/** The values are told instead. */
	@Override
	protected Provenance addTo(final Provenance made) {
		return made;
	}
}
