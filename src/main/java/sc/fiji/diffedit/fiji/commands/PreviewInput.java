package sc.fiji.diffedit.fiji.commands;

import org.scijava.plugin.Parameter;

import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.inputs.InputGroup;

/** Whether images are shown on their way. */
final class PreviewInput extends InputGroup {

	@Parameter(label = "Show the image on its way", persist = false, description = "Show the image on its way in a small window, which takes a little time per step.")
	private boolean preview = false;

	boolean isOn() {
		return preview;
	}

	/** It changes no result. */
	@Override
	protected Provenance addTo(final Provenance made) {
		return made;
	}
}
