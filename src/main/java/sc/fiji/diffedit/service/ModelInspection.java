package sc.fiji.diffedit.service;

import java.nio.file.Path;
import java.util.Optional;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.memory.Mover;
import sc.fiji.diffedit.schedulers.Scheduler;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.weights.Inspection;
import sc.fiji.diffedit.weights.ModelFolder;

/** What a file or folder is; a model is promised to serve only what runs, so its networks are described from its configs and the headers of its files. */
public final class ModelInspection {

	private ModelInspection() {}

	/**
	 * Looks at a file or folder, without reading its weights and without libtorch.
	 *
	 * @throws DiffEditException if it is damaged or of an unknown kind
	 */
	public static Inspection of(final Path path) {
		final Inspection found = Inspection.of(path);
		if (!found.isModel() || found.pipelines().isEmpty() || !found.missing().isEmpty()) return found;
		try {
			readSmallParts(path);
			ModelLoader.describe(LoadOptions.of(path.toString()), Device.CPU, Mover.NATIVE, Optional.empty(), () -> false);
			return found;
		}
		catch (final DiffEditException e) {
			return found.lacking(e.getMessage());
		}
	}

	private static void readSmallParts(final Path path) {
		try (ModelFolder folder = ModelFolder.open(path)) {
			if (folder.has("scheduler")) Scheduler.check(folder.config("scheduler"));
			folder.parts().stream().filter(part -> part.startsWith("tokenizer")).forEach(part -> TextParts.tokenizer(folder, part).close());
		}
	}
}
