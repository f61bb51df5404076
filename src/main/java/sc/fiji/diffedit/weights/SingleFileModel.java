package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;

/**
 * A checkpoint in one file, seen as a model folder. Its configs are those of a companion folder if one is named, else they
 * follow from the shapes. Such files hold no tokenizer: it comes from the companion, or from a folder of the file's own name
 * or the folders {@code tokenizer} and {@code tokenizer_2} beside it.
 */
final class SingleFileModel extends ModelFolder {

	private final Path path;
	private final SingleFile file;
	private final SingleFileConfigs configs;
	private final ModelFolder companion;
	private final ModelOptions options;

	private SingleFileModel(final Path path, final WeightsFile weights, final SingleFile file, final SingleFileConfigs configs, final ModelFolder companion,
		final ModelOptions options) throws IOException
	{
		super(path, companion == null ? configs.index() : companion.index(), options);
		this.path = path;
		this.file = file;
		this.configs = configs;
		this.companion = companion;
		this.options = options;
		keep(weights);
		if (companion != null) keep(companion);
	}

	static ModelFolder openCheckpoint(final Path path, final ModelOptions options) throws IOException {
		final WeightsFile weights = WeightsFile.open(path, options.reading());
		try {
			final SingleFile file = new SingleFile(weights);
			final ModelFolder companion = options.companion().map(ModelFolder::open).orElse(null);
			return new SingleFileModel(path, weights, file, new SingleFileConfigs(file, weights), companion, options);
		}
		catch (final RuntimeException | IOException e) {
			weights.close();
			throw e;
		}
	}

	/** The family of the checkpoint. */
	Family family() {
		return file.family();
	}

	@Override
	public boolean has(final String part) {
		if (!parts().contains(part)) return false;
		if (file.parts().containsKey(part) || options.separateParts().containsKey(part)) return true;
		if (companion != null) return companion.has(part);
		return part.equals("scheduler") || part.startsWith("tokenizer") && beside(part) != null;
	}

	@Override
	public boolean has(final String part, final String name) {
		if (companion != null) return companion.has(part, name);
		final Path folder = part.startsWith("tokenizer") ? beside(part) : null;
		return folder != null && Files.isRegularFile(folder.resolve(name));
	}

	/** The folder with a tokenizer in the neighbourhood of the file, or null. SDXL's two tokenizers differ only in what they pad with. */
	private Path beside(final String part) {
		final Path folder = path.toAbsolutePath().getParent();
		final String name = path.getFileName().toString();
		final String stem = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name;
		for (final Path candidate : new Path[] { folder.resolve(stem).resolve(part), folder.resolve(part) }) {
			if (Files.isRegularFile(candidate.resolve("vocab.json")) || Files.isRegularFile(candidate.resolve("tokenizer.json"))) return candidate;
		}
		return null;
	}

	@Override
	public Config config(final String part) {
		if (separateConfig(part).isPresent()) return Config.read(separateConfig(part).get());
		if (companion != null) return companion.config(part);
		final Config config = configs.config(part);
		return config != null ? config : Config.read(file(part, configName(part)));
	}

	@Override
	public Path file(final String part, final String name) {
		if (companion != null) return companion.file(part, name);
		final Path folder = part.startsWith("tokenizer") ? beside(part) : null;
		if (folder != null && FolderWall.isPlainName(name) && Files.isRegularFile(folder.resolve(name))) return folder.resolve(name);
		throw noFile(part + "/" + name);
	}

	@Override
	public Path directory(final String part) {
		if (companion != null) return companion.directory(part);
		final Path folder = part.startsWith("tokenizer") ? beside(part) : null;
		if (folder == null) throw noFile(part);
		try {
			return FolderWall.contained(folder, path.toRealPath().getParent());
		}
		catch (final IOException e) {
			throw new DiffEditException(folder + " cannot be read (" + e.getMessage() + ").", e);
		}
	}

	@Override
	public Set<String> leftOut() {
		return file.leftOut();
	}

	@Override
	public boolean hasWeights(final String part) {
		return file.parts().containsKey(part) || options.separateParts().containsKey(part) || companion != null && companion.hasWeights(part);
	}

	private DiffEditException noFile(final String what) {
		return new DiffEditException(file.source() + " is a checkpoint in one file and holds no " + what
			+ "; name a model folder of the same family (" + file.family().title() + ") as its companion.");
	}

	@Override
	Weights openWeights(final String part) {
		final Weights own = file.parts().get(part);
		if (own != null) return own;
		if (companion != null) return companion.weights(part);
		throw new DiffEditException(file.source() + " has no part '" + part + "'; name a file or folder that has it.");
	}
}
