package sc.fiji.diffedit.hub;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;

/** What a command wants of its model, and so which of the models on this machine it can use. */
public enum ModelKind {

	/** Makes and edits images. */
	DIFFUSION(""),
	/** BLIP: describes images. */
	CAPTIONER("blip"),
	/** T5: writes prompts. */
	WRITER("t5");

	private final String type;

	/** @param type the {@code model_type} in the folder's config; empty for pipelines and checkpoints, which have none */
	ModelKind(final String type) {
		this.type = type;
	}

	/** All models of this kind in some places. */
	public List<Path> in(final ModelPlaces places) {
		return type.isEmpty() ? places.models() : places.loneModels().stream().filter(this::isConfigured).toList();
	}

	private boolean isConfigured(final Path folder) {
		final Path config = folder.resolve("config.json");
		try {
			return Files.isRegularFile(config) && Config.read(config).getString("model_type", "").equals(type);
		}
		catch (final DiffEditException e) {
			return false;                                                  // damaged: of no kind
		}
	}
}
