package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import com.google.gson.Gson;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;

/**
 * A checkpoint in one file, seen as a model folder. What the user names for a part counts first, then what the file says, then what
 * lies beside it ({@link Neighbours}), then a companion folder if one is named, then what follows from the shapes and the habits of
 * the family. Such files hold no tokenizer: where none of those places has one, it is CLIP's own, which comes with the program.
 */
final class SingleFileModel extends ModelFolder {

	private final Path path;
	private final WeightsFile stored;
	private final SingleFile file;
	private final SingleFileConfigs configs;
	private final Optional<ModelFolder> companion;
	private final ModelOptions options;
	private final Neighbours neighbours;
	private final Optional<CheckpointYaml> yaml;
	private final CheckpointSchedule schedule;

	private SingleFileModel(final WeightsFile weights, final SingleFile file, final SingleFileConfigs configs, final Optional<ModelFolder> companion,
		final ModelOptions options) throws IOException
	{
		super(weights.path(), companion.filter(folder -> isOf(folder, file.family())).map(folder -> withOwnParts(folder.index(), file, configs, options)).orElseGet(configs::index), options);
		this.path = weights.path();
		this.stored = weights;
		this.file = file;
		this.configs = configs;
		this.companion = companion;
		this.options = options;
		this.neighbours = Neighbours.of(path);
		this.yaml = neighbours.yaml().map(CheckpointYaml::read);
		this.schedule = CheckpointSchedule.of(options.predictionType(), file, weights, yaml,
			companion.filter(folder -> folder.has("scheduler")).map(folder -> folder.config("scheduler")), configs);
		keep(weights);
		companion.ifPresent(this::keep);
	}

	/** The index of a companion, with the classes of the parts that the file itself holds, or a file beside it. */
	private static Config withOwnParts(final Config companion, final SingleFile file, final SingleFileConfigs configs, final ModelOptions options) {
		final JsonObject own = configs.index().json(), json = companion.json().deepCopy();
		file.parts().keySet().forEach(part -> json.add(part, own.get(part)));
		if (options.separateParts().containsKey(VAE)) json.add(VAE, own.get(VAE));
		return new Config(companion.source(), json);
	}

	static ModelFolder openCheckpoint(final Path path, final ModelOptions options) throws IOException {
		final WeightsFile weights = WeightsFile.open(path, options.reading());
		ModelFolder companion = null;
		try {
			companion = options.companion().map(ModelFolder::open).orElse(null);
			final Optional<ModelFolder> folder = Optional.ofNullable(companion);
			final SingleFile file = new SingleFile(weights, folder.flatMap(Inspection::family));
			refuseOtherFamily(file, folder);
			return new SingleFileModel(weights, file, new SingleFileConfigs(file, weights), folder, withNeighbours(path, options));
		}
		catch (final RuntimeException | IOException e) {
			weights.close();
			if (companion != null) companion.close();
			throw e;
		}
	}

	/** An autoencoder beside the file takes the place of its own, unless the user names another. */
	private static ModelOptions withNeighbours(final Path path, final ModelOptions options) {
		if (options.separateParts().containsKey(VAE)) return options;
		return Neighbours.of(path).vae().map(vae -> options.withPart(VAE, vae)).orElse(options);
	}

	/** The refiner takes tokenizer and text encoder of XL's base. */
	private static void refuseOtherFamily(final SingleFile file, final Optional<ModelFolder> companion) {
		final Optional<Family> other = companion.flatMap(Inspection::family).filter(family -> family != file.family() && !(family.isXl() && file.family().isXl()));
		if (other.isPresent()) {
			throw new DiffEditException(file.source() + " is " + file.family().title() + ", but its companion " + companion.get().root().getFileName() + " is "
				+ other.get().title() + "; name a model folder of the same family.");
		}
	}

	private static boolean isOf(final ModelFolder companion, final Family family) {
		return Inspection.family(companion).filter(other -> other != family).isEmpty();
	}

	/** The family of the checkpoint. */
	Family family() {
		return file.family();
	}

	@Override
	public boolean has(final String part) {
		if (!parts().contains(part)) return false;
		if (file.parts().containsKey(part) || options.separateParts().containsKey(part) || part.equals("scheduler")) return true;
		return companion.filter(folder -> folder.has(part)).isPresent() || isTokenizer(part) && (neighbours.tokenizer(part).isPresent() || takesClip(part));
	}

	@Override
	public boolean has(final String part, final String name) {
		return place(part).filter(folder -> FolderWall.isPlainName(name) && Files.isRegularFile(folder.resolve(name))).isPresent()
			|| companion.filter(folder -> folder.has(part, name)).isPresent();
	}

	private static boolean isTokenizer(final String part) {
		return part.startsWith("tokenizer");
	}

	/** The folder of a part that the user named, or of a tokenizer that lies beside the file. */
	private Optional<Path> place(final String part) {
		final Optional<Path> named = Optional.ofNullable(options.separateParts().get(part)).map(separate -> PartFolder.of(separate, part)).filter(Files::isDirectory);
		return named.or(() -> isTokenizer(part) ? neighbours.tokenizer(part) : Optional.empty());
	}

	/** Whether a text encoder reads the tokens of CLIP. */
	private boolean takesClip(final String tokenizer) {
		final String encoder = tokenizer.replace("tokenizer", "text_encoder");
		return hasWeights(encoder) && weights(encoder).size("embeddings.token_embedding.weight", 0) == ClipFiles.SIZE;
	}

	@Override
	public Optional<ClipFiles> standardTokenizer(final String part) {
		if (!isTokenizer(part) || place(part).isPresent() || companion.filter(folder -> folder.has(part)).isPresent() || !takesClip(part)) return Optional.empty();
		return Optional.of(new ClipFiles(file.family() == Family.SD1 || file.family() == Family.SDXL && part.equals("tokenizer") ? ClipFiles.END : ClipFiles.BANG));
	}

	@Override
	public Config config(final String part) {
		final Config config = ofPart(part);
		if (part.equals("scheduler")) return PartConfigs.predicting(options.predictionType(), config);
		if (part.equals(VAE) && !options.separateParts().containsKey(VAE)) yaml.flatMap(said -> said.number("scale_factor")).ifPresent(factor -> config.json().addProperty("scaling_factor", factor));
		return config;
	}

	private Config ofPart(final String part) {
		final Optional<Config> separate = tinyConfig(part).or(() -> separateConfig(part).map(config -> PartConfigs.read(part, config)));
		if (separate.isPresent()) return separate.get();
		if (part.equals("scheduler")) return marked(schedule.config());
		final Optional<Path> beside = place(part).map(folder -> folder.resolve(PartConfigs.fileName(part))).filter(Files::isRegularFile);
		if (beside.isPresent()) return PartConfigs.read(part, beside.get());
		if (part.equals("unet")) return saidBeside(unet());
		if (companion.filter(folder -> folder.has(part) && folder.className(part).equals(className(part))).isPresent()) return companion.get().config(part);
		final Config config = configs.config(part, () -> weights(part));
		return config != null ? config : PartConfigs.read(part, file(part, PartConfigs.fileName(part)));
	}

	private Config unet() {
		final Optional<Config> others = companion.filter(folder -> isOf(folder, file.family()) && folder.has("unet")).map(folder -> folder.config("unet"));
		if (others.filter(configs::isOfTheSameBlocks).isPresent()) return withChannels(others.get());
		return sized(configs.config("unet", () -> weights("unet")));
	}

	/** What the training config beside the file says counts before a companion and before the habits of the family. */
	private Config saidBeside(final Config unet) {
		final Map<String, Object> said = yaml.map(config -> config.unet(unet.getInts("block_out_channels"))).orElse(Map.of());
		if (said.isEmpty()) return unet;
		final JsonObject json = unet.json().deepCopy();
		new Gson().toJsonTree(said).getAsJsonObject().entrySet().forEach(entry -> json.add(entry.getKey(), entry.getValue()));
		return new Config(unet.source(), json);
	}

	/** A companion may be for inpainting where the file is not, or the other way round. */
	private Config withChannels(final Config config) {
		if (config.getInt("in_channels", 4) == configs.inChannels()) return config;
		final JsonObject json = config.json().deepCopy();
		json.addProperty("in_channels", configs.inChannels());
		return new Config(config.source(), json);
	}

	/** Models of Stable Diffusion 2 that predict velocity were made for 768 pixels. */
	private Config sized(final Config unet) {
		if (file.family() == Family.SD2 && schedule.config().getString("prediction_type", "").equals("v_prediction")) unet.json().addProperty("sample_size", 96);
		return unet;
	}

	@Override
	public Path file(final String part, final String name) {
		final Optional<Path> found = place(part).filter(folder -> FolderWall.isPlainName(name)).map(folder -> folder.resolve(name)).filter(Files::isRegularFile);
		if (found.isPresent()) return found.get();
		return companion.orElseThrow(() -> noFile(part + "/" + name)).file(part, name);
	}

	@Override
	public Path directory(final String part) {
		if (options.separateParts().containsKey(part)) return super.directory(part);
		final Optional<Path> found = place(part);
		if (found.isEmpty()) return companion.orElseThrow(() -> noFile(part)).directory(part);
		try {
			return FolderWall.contained(found.get(), path.toRealPath().getParent());
		}
		catch (final IOException e) {
			throw new DiffEditException(found.get() + " cannot be read (" + e.getMessage() + ").", e);
		}
	}

	@Override
	public Optional<WeightsFile> unetFile() {
		return namedUnet().or(() -> options.separateParts().containsKey("unet") ? Optional.empty() : Optional.of(stored));
	}

	@Override
	public Set<String> leftOut() {
		final Set<String> left = new LinkedHashSet<>(file.leftOut());
		left.addAll(super.leftOut());
		return left;
	}

	@Override
	public List<String> notices() {
		final boolean said = separateConfig("scheduler").isPresent() || namedUnet().flatMap(file -> FileMarkers.of(file).prediction()).isPresent();
		final Stream<String> guess = said ? Stream.empty() : schedule.guess().stream();
		return Stream.of(guess, yaml.flatMap(beside -> beside.notice(file.family())).stream(), UnusedOptions.ofFile(path, options)).flatMap(sentences -> sentences).toList();
	}

	@Override
	List<String> facts() {
		final List<String> facts = new ArrayList<>(FileFacts.of(stored));
		facts.add("predicts: " + schedule.config().getString("prediction_type", "epsilon") + (schedule.guess().isPresent() ? ", a guess" : ""));
		return facts;
	}

	@Override
	public List<Path> neighbours() {
		return Stream.concat(neighbours.files().stream(), super.neighbours().stream()).toList();
	}

	@Override
	public boolean hasWeights(final String part) {
		return file.parts().containsKey(part) || options.separateParts().containsKey(part) || companion.filter(folder -> folder.hasWeights(part)).isPresent();
	}

	private DiffEditException noFile(final String what) {
		return new DiffEditException(file.source() + " is a checkpoint in one file and holds no " + what
			+ "; name a model folder of the same family (" + file.family().title() + ") as its companion.");
	}

	@Override
	Weights openWeights(final String part) {
		final Weights own = file.parts().get(part);
		if (own != null) return own;
		return companion.orElseThrow(() -> new DiffEditException(file.source() + " has no part '" + part + "'; name a file or folder that has it.")).weights(part);
	}
}
