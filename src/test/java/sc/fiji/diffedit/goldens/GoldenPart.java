package sc.fiji.diffedit.goldens;

import java.nio.file.Files;
import java.nio.file.Path;

import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.weights.ModelFolder;
import sc.fiji.diffedit.weights.Weights;

/**
 * The one network a component case is about: {@code sd1/unet} is a part of a model folder, {@code taesd} and {@code bk-small/unet} are
 * folders of their own.
 */
final class GoldenPart implements AutoCloseable {

	private final ModelFolder folder;
	private final String part;

	private GoldenPart(final ModelFolder folder, final String part) {
		this.folder = folder;
		this.part = part;
	}

	static GoldenPart of(final GoldenCase golden) {
		final Path model = golden.model();
		if (!Files.exists(model.resolveSibling(ModelFolder.INDEX))) return new GoldenPart(ModelFolder.open(model), ModelFolder.WHOLE);
		return new GoldenPart(ModelFolder.open(model.getParent()), model.getFileName().toString());
	}

	Config config() {
		return folder.config(part);
	}

	Weights weights() {
		return folder.weights(part);
	}

	@Override
	public void close() {
		folder.close();
	}
}
