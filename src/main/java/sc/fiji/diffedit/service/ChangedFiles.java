package sc.fiji.diffedit.service;

import java.nio.file.Path;

import sc.fiji.diffedit.DiffEditException;

/** Files of a loaded model were modified after it was opened, so its results would belong to neither the old nor the new model. */
final class ChangedFiles extends DiffEditException {

	private static final long serialVersionUID = 1L;

	ChangedFiles(final String model, final Path file) {
		super(file + " has changed while model '" + model + "' was in memory, so that its results could be wrong: none of them is stored, and the model was unloaded."
			+ " Run the command again when the file is complete; a script borrows the model again.");
	}
}
