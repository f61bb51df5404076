package sc.fiji.diffedit.fiji.commands;

import java.util.Optional;

import org.scijava.plugin.Parameter;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.inputs.InputGroup;
import sc.fiji.diffedit.fiji.inputs.Warning;
import sc.fiji.diffedit.service.DemoModel;

/** The model that a command runs. */
class ModelInput extends InputGroup {

	@Parameter(label = "Model", persist = false, description = "One of the list, or the name, folder or file of another one: in diffusers' format, or a checkpoint in one file. demo comes with the plugin.", callback = MemoryLine.CHANGED)
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

	/** Why the model that is named cannot be used. @param check looks at it, and fails if it cannot */
	final Optional<Warning> foresee(final Runnable check) {
		return model == null || model.isBlank() ? Optional.empty() : Warning.ofFailure("model", check);
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
