package sc.fiji.diffedit.fiji.commands;

import org.scijava.plugin.Parameter;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.inputs.InputGroup;
import sc.fiji.diffedit.service.DemoModel;

/** The model that a command runs. */
class ModelInput extends InputGroup {

	@Parameter(label = "Model", persist = false, description = "demo, or the folder of a model in diffusers' format.", callback = MemoryLine.CHANGED)
	private String model = DemoModel.NAME;

	/** A diffusion model; one ships with the plugin. */
	ModelInput() {}

	/** @param help of a model of which none ships with the plugin */
	ModelInput(final String help) {
		model = "";
		setHelp("model", help);
	}

	/** Its name or folder, as it was written. */
	final String name() {
		return model;
	}

	/**
	 * The folder of a model of which none ships with the plugin.
	 *
	 * @param wanted the kind of model required, for the message
	 */
	final String folder(final String wanted) {
		if (model == null || model.isBlank()) throw new DiffEditException("No model is named; give the folder of " + wanted + ".");
		return model.strip();
	}

	/** The run itself reports what it has loaded. */
	@Override
	protected Provenance addTo(final Provenance made) {
		return made;
	}
}
