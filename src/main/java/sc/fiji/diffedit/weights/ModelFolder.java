package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;

/**
 * A model folder as diffusers writes it: {@code model_index.json} names the parts, each a folder with its config and its weights. A
 * folder with a {@code config.json} in its place is a single part without a name. A checkpoint in one file is seen as a folder too.
 * <p>
 * No file outside the folder is ever read, whatever the names and links inside it say; only in the cache of the Hugging
 * Face hub links may lead to other places within that cache. Closing the folder closes its weights; their tensors stay
 * valid.
 */
public class ModelFolder implements AutoCloseable {

	/** The one part of a folder that holds a single component. */
	public static final String WHOLE = "";

	static final String VAE = "vae";

	/** The file that names the parts. */
	public static final String INDEX = "model_index.json";

	private final Path root;
	private final FolderWall wall;
	private final Config index;
	private final ModelOptions options;
	private final Map<String, Weights> opened = new LinkedHashMap<>();
	private final Map<Path, WeightsFile> files = new HashMap<>();
	private final List<AutoCloseable> resources = new ArrayList<>();

	ModelFolder(final Path root, final Config index, final ModelOptions options) throws IOException {
		this.root = root.toRealPath();
		this.wall = new FolderWall(this.root);
		this.index = index == null ? readIndex() : index;
		this.options = options;
	}

	/**
	 * Opens a folder or a checkpoint in one file.
	 *
	 * @throws DiffEditException if this is not a model; the message names what is missing
	 */
	public static ModelFolder open(final Path model) {
		return open(model, ModelOptions.DEFAULTS);
	}

	/** Opens a folder or a checkpoint in one file. */
	public static ModelFolder open(final Path model, final ModelOptions options) {
		UnusedOptions.requireParts(options);
		try {
			if (Files.isRegularFile(model)) return SingleFileModel.openCheckpoint(model, options);
			if (!Files.isDirectory(model)) throw new DiffEditException("There is no folder or file " + model + "; choose a model folder.");
			return new ModelFolder(WeightNames.revision(model, options.variant()), null, options);
		}
		catch (final IOException e) {
			throw new DiffEditException(model + " cannot be read (" + e.getMessage() + ").", e);
		}
	}

	private Config readIndex() {
		if (wall.exists(INDEX)) return PartClasses.checked(root.getFileName().toString(), Config.read(wall.inside(INDEX)));
		if (!wall.exists("config.json")) {
			throw new DiffEditException(root + " holds neither " + INDEX + " nor config.json; choose a folder in diffusers format.");
		}
		ForeignModels.refuse(root.getFileName().toString(), ForeignModels.byClass(Config.read(wall.inside("config.json")).getString("_class_name", "")));
		return new Config(root.getFileName() + "/" + INDEX, new JsonObject());
	}

	/** The place on disk: a folder, or a checkpoint in one file. */
	public final Path root() {
		return root;
	}

	/** {@code model_index.json}; empty when the folder holds a single part. */
	public final Config index() {
		return index;
	}

	/** The parts that {@code model_index.json} names and that are not null, in its order, and those that come from elsewhere. */
	public final List<String> parts() {
		if (index.json().size() == 0) return List.of(WHOLE);
		final Set<String> parts = new LinkedHashSet<>();
		for (final String key : index.json().keySet()) {
			if (FolderWall.isPlainName(key) && PartClasses.of(index.json().get(key)) != null) parts.add(key);
		}
		parts.addAll(new TreeSet<>(options.separateParts().keySet())); // Map.copyOf has another order in each Java
		return List.copyOf(parts);
	}

	/** Whether the model names this part and has it. */
	public boolean has(final String part) {
		return parts().contains(part) && (part.isEmpty() || options.separateParts().containsKey(part) || wall.exists(part));
	}

	/** Whether a part has a file. */
	public boolean has(final String part, final String name) {
		return has(part) && wall.exists(part.isEmpty() ? name : part + "/" + name);
	}

	/**
	 * The class of diffusers or transformers that a part is made of, such as {@code UNet2DConditionModel}.
	 *
	 * @throws DiffEditException if there is no such part
	 */
	public final String className(final String part) {
		requirePart(part);
		if (tinyConfig(part).isPresent()) return "AutoencoderTiny";
		if (!part.isEmpty() && separateConfig(part).isEmpty()) return Optional.ofNullable(PartClasses.of(index.json().get(part))).orElse("");
		final Config config = config(part);
		if (config.has("_class_name")) return config.getString("_class_name", "");
		return config.getStrings("architectures").stream().findFirst().orElse("");
	}

	/** The config of a part: {@code config.json}, or the file that schedulers, tokenizers and image processors have in its place. */
	public Config config(final String part) {
		final Optional<Config> tiny = tinyConfig(part);
		if (tiny.isPresent()) return tiny.get();
		final Optional<Path> separate = separateConfig(part);
		final Config config = PartConfigs.read(part, separate.orElseGet(() -> file(part, PartConfigs.fileName(part))));
		if (!part.equals("scheduler")) return config;
		return PartConfigs.predicting(options.predictionType(), separate.isEmpty() ? marked(PartConfigs.ofClass(PartClasses.of(index.json().get(part)), config)) : config);
	}

	/** The config of a tiny autoencoder that was named as a file of its own. */
	final Optional<Config> tinyConfig(final String part) {
		final Path named = options.separateParts().get(part);
		return part.equals(VAE) && named != null && Files.isRegularFile(named) && separateConfig(part).isEmpty() ? TinyAutoencoder.config(weights(part)) : Optional.empty();
	}

	/** The config of the scheduler with what a file says that was named for the UNet. */
	final Config marked(final Config scheduler) {
		return namedUnet().map(file -> FileMarkers.of(file).in(scheduler)).orElse(scheduler);
	}

	final Optional<WeightsFile> namedUnet() {
		return Optional.ofNullable(options.separateParts().get("unet")).filter(Files::isRegularFile).map(this::openFile);
	}

	/** The file with the UNet, where it is one with more in it or was named; markers and a noise schedule beside the weights count there. */
	public Optional<WeightsFile> unetFile() {
		return namedUnet();
	}

	/** Tensors of files that hold several parts, or were named for one, which belong to none, under the names that they have there. */
	public Set<String> leftOut() {
		final Set<String> left = new LinkedHashSet<>();
		options.separateParts().entrySet().stream().filter(named -> PartFolder.isWeights(named.getValue())).forEach(named -> left.addAll(PartFolder.leftOut(weights(named.getKey()))));
		return left;
	}

	/** The config of a part that comes from another folder. */
	final Optional<Path> separateConfig(final String part) {
		return Optional.ofNullable(options.separateParts().get(part)).map(named -> PartFolder.of(named, part)).map(folder -> folder.resolve(PartConfigs.fileName(part)))
			.filter(Files::isRegularFile);
	}

	/**
	 * A file of a part.
	 *
	 * @throws DiffEditException if part or file are missing or lie outside the folder
	 */
	public Path file(final String part, final String name) {
		requirePart(part);
		final String path = part.isEmpty() ? name : part + "/" + name;
		if (!wall.exists(path)) throw new DiffEditException(root + " has no file " + path + "; the model is incomplete: copy or download it again.");
		return wall.inside(path);
	}

	/**
	 * The folder of a part.
	 *
	 * @throws DiffEditException if there is no such part, or if it or something in it lies outside this folder
	 */
	public Path directory(final String part) {
		requirePart(part);
		final Path separate = options.separateParts().get(part);
		if (separate != null && Files.isDirectory(PartFolder.of(separate, part))) return PartFolder.of(separate, part);
		return FolderWall.contained(part.isEmpty() ? root : wall.inside(part), wall.allowed());
	}

	/** Whether a part has weights, and not only a config. */
	public boolean hasWeights(final String part) {
		return has(part) && (options.separateParts().containsKey(part) || !partFiles(part).isEmpty());
	}

	final void requirePart(final String part) {
		if (has(part)) return;
		if (parts().contains(WHOLE)) throw new DiffEditException(root + " is a single part of a model (" + className(WHOLE) + ") and has no '" + part + "'; choose the folder with " + INDEX + " around it.");
		throw new DiffEditException(root + " has no part '" + part + "'"
			+ (parts().contains(part) ? ", though " + INDEX + " names it; copy or download the folder again." : "; it has " + String.join(", ", parts()) + "."));
	}

	/**
	 * The weights of a part, under the names its network uses, whichever way they are stored. Opened once and kept until
	 * the folder is closed.
	 */
	public final synchronized Weights weights(final String part) {
		requirePart(part);
		Weights weights = opened.get(part);
		if (weights == null) {
			final Path separate = options.separateParts().get(part);
			weights = separate == null ? openWeights(part) : PartFolder.weights(separate, part, this);
			opened.put(part, weights);
		}
		return weights;
	}

	Weights openWeights(final String part) {
		for (final String name : partFiles(part)) {
			final Weights weights = name.endsWith(".json") ? ShardedWeights.open(file(part, name), shard -> openFile(file(part, shard))) : openFile(file(part, name));
			return StateNames.normalised(ScaledWeights.of(weights), className(part));
		}
		throw WeightNames.missing(root, part, options.variant());
	}

	/** CLIP's own tokenizer, where the model has none and its text encoder reads CLIP's tokens. */
	public Optional<ClipFiles> standardTokenizer(final String part) {
		return Optional.empty();
	}

	/** What the model says of itself, such as its licence, a line each. */
	List<String> facts() {
		return FileFacts.of(root);
	}

	/** What the user should know of how the model was read, such as what was guessed, and which of their options play no role. */
	public List<String> notices() {
		return UnusedOptions.of(this, options);
	}

	/** Files besides the model's own that are read if they lie beside it, or beside a part, under its name; most models have few or none of them. */
	public List<Path> neighbours() {
		return Optional.ofNullable(options.separateParts().get(VAE)).flatMap(TinyAutoencoder::otherHalf).stream().toList();
	}

	/** The files of a part's weights, best first: the requested variant, the plain files, the only variant; safetensors before pickles. */
	private List<String> partFiles(final String part) {
		return WeightNames.of(this, part, options.variant());
	}

	/** The variants of a part's weight files, such as {@code fp16}. */
	public final List<String> variants(final String part) {
		if (part.isEmpty()) return WeightNames.variants(root);
		return wall.exists(part) && Files.isDirectory(wall.inside(part)) ? WeightNames.variants(wall.inside(part)) : List.of();
	}

	/** Another folder, opened as this one and closed with it. */
	final ModelFolder openFolder(final Path path) {
		return keep(open(path, ModelOptions.DEFAULTS.withReading(options.reading())));
	}

	final WeightsFile openFile(final Path path) {
		return files.computeIfAbsent(path, file -> keep(WeightsFile.open(file, options.reading())));
	}

	/** The files from which weights were opened so far. */
	public final synchronized List<Path> weightFiles() {
		return resources.stream().flatMap(resource -> resource instanceof ModelFolder folder ? folder.weightFiles().stream()
			: resource instanceof WeightsFile file ? Stream.of(file.path()) : Stream.empty()).toList();
	}

	/** Closes something with this folder. */
	final <T extends AutoCloseable> T keep(final T resource) {
		resources.add(resource);
		return resource;
	}

	/** Closes all weights of this folder. */
	@Override
	public final synchronized void close() {
		for (final AutoCloseable resource : resources) {
			try {
				resource.close();
			}
			catch (final Exception e) {
				throw new DiffEditException(root + " could not be closed (" + e.getMessage() + ").", e);
			}
		}
		resources.clear();
		opened.clear();
		files.clear();
	}
}
