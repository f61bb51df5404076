package sc.fiji.diffedit.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.ModelSettings;
import sc.fiji.diffedit.config.UserPath;
import sc.fiji.diffedit.weights.ModelFolder;

/**
 * Finds models in folders named by the user, which may belong to other programs (A1111's {@code models/Stable-diffusion},
 * {@code models/Lora}, {@code embeddings}; ComfyUI's {@code models/checkpoints}, {@code models/loras}), and in caches of the
 * Hugging Face hub ({@code models--ORG--NAME/snapshots/COMMIT}). Nothing here touches the network.
 *
 * @param folders folders with models in them, searched in this order
 * @param caches folders in the Hugging Face hub's layout
 */
public record ModelPlaces(List<Path> folders, List<Path> caches) {

	private static final Pattern REPOSITORY = Pattern.compile("([\\w][\\w.-]*/)?([\\w][\\w.-]*)(?:@([\\w][\\w./-]*))?");
	private static final List<String> CHECKPOINTS = List.of("models/Stable-diffusion", "models/checkpoints", "checkpoints", "models/diffusers", "");
	private static final List<String> LORAS = List.of("models/Lora", "models/LyCORIS", "models/loras", "loras");
	private static final List<String> EMBEDDING_FOLDERS = List.of("embeddings", "models/embeddings");
	private static final List<String> AUTOENCODERS = List.of("models/VAE", "models/vae", "vae");

	public ModelPlaces {
		folders = List.copyOf(folders);
		caches = List.copyOf(caches);
	}

	/** The folders named by the user, and the caches of this machine. */
	public static ModelPlaces of(final List<Path> folders) {
		return new ModelPlaces(folders, cachesOf(System.getenv(), UserPath.of(System.getProperty("user.home"))));
	}

	/**
	 * The folders in the system property {@code diffedit.models} (separated as in a class path), those of the user's settings,
	 * and the caches of this machine, the one of the settings first.
	 */
	public static ModelPlaces ofSettings() {
		final ModelSettings settings = ModelSettings.read();
		final List<Path> folders = new ArrayList<>(ModelSettings.paths(System.getProperty("diffedit.models", "")));
		folders.addAll(settings.folders());
		final ModelPlaces places = of(folders.stream().distinct().toList());
		return new ModelPlaces(places.folders, Stream.concat(settings.cache().stream(), places.caches.stream()).distinct().toList());
	}

	/** The hub's caches, by the same variables as in Python: {@code HF_HUB_CACHE}, {@code HUGGINGFACE_HUB_CACHE}, {@code HF_HOME}, {@code XDG_CACHE_HOME}. */
	static List<Path> cachesOf(final Map<String, String> environment, final Path home) {
		final List<Path> caches = new ArrayList<>();
		for (final String name : new String[] { "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE" }) {
			if (environment.containsKey(name)) caches.add(Path.of(environment.get(name)));
		}
		if (environment.containsKey("HF_HOME")) caches.add(Path.of(environment.get("HF_HOME")).resolve("hub"));
		final Path cache = environment.containsKey("XDG_CACHE_HOME") ? Path.of(environment.get("XDG_CACHE_HOME")) : home.resolve(".cache");
		caches.add(cache.resolve("huggingface/hub"));
		return caches.stream().distinct().toList();
	}

	/** The cache for downloaded models: the first one. */
	public Path sharedCache() {
		return caches.get(0);
	}

	/**
	 * Finds a model: a path, a name in one of the folders (with or without the file's extension), or a repository in a cache,
	 * as {@code org/name} or {@code org/name@revision}.
	 *
	 * @throws DiffEditException if there is none; the message lists the places searched
	 */
	public Path find(final String name) {
		final Optional<Path> path = existing(name);
		if (path.isPresent()) return path.get();
		return named(models(), name).or(() -> inCaches(name)).orElseThrow(() -> new DiffEditException("There is no model '" + name + "': it is neither a path nor in "
			+ String.join(", ", Stream.concat(folders.stream(), caches.stream()).map(Path::toString).toList()) + "."));
	}

	/** The first file or folder with this name, with or without its extension. */
	public static Optional<Path> named(final List<Path> paths, final String name) {
		return paths.stream().filter(path -> {
			final String file = path.getFileName().toString();
			return file.equals(name) || Files.isRegularFile(path) && file.contains(".") && file.substring(0, file.lastIndexOf('.')).equals(name);
		}).findFirst();
	}

	private static Optional<Path> existing(final String name) {
		try {
			return Optional.of(Path.of(name)).filter(path -> !name.isBlank() && Files.exists(path));
		}
		catch (final InvalidPathException e) {
			return Optional.empty();
		}
	}

	/** The snapshot of a repository in a cache; the revision is a branch, a tag or a commit, by default {@code main}. */
	public Optional<Path> inCaches(final String repository) {
		final Matcher name = REPOSITORY.matcher(repository);
		if (!name.matches() || repository.contains("..")) return Optional.empty();
		final String folder = folderOf((name.group(1) == null ? "" : name.group(1)) + name.group(2));
		final String revision = name.group(3) == null ? "main" : name.group(3);
		return caches.stream().map(cache -> cache.resolve(folder)).map(model -> snapshot(model, revision)).flatMap(Optional::stream).findFirst();
	}

	/** {@code models--org--name}. */
	static String folderOf(final String repository) {
		return "models--" + repository.replace("/", "--");
	}

	private static Optional<Path> snapshot(final Path model, final String revision) {
		try {
			final Path ref = model.resolve("refs").resolve(revision);
			final String commit = Files.isRegularFile(ref) && Files.size(ref) < 200 ? Files.readString(ref, StandardCharsets.UTF_8).trim() : revision;
			if (!commit.matches("[\\w][\\w.-]*")) return Optional.empty();
			final Optional<Path> named = Optional.of(model.resolve("snapshots").resolve(commit)).filter(Files::isDirectory);
			return named.isPresent() || !revision.equals("main") || Files.exists(ref) ? named : onlySnapshot(model);
		}
		catch (final IOException e) {
			return Optional.empty();
		}
	}

	/** Caches that were copied by hand often lack the references. */
	private static Optional<Path> onlySnapshot(final Path model) {
		final List<Path> snapshots = entries(model.resolve("snapshots")).filter(Files::isDirectory).toList();
		return snapshots.size() == 1 ? Optional.of(snapshots.get(0)) : Optional.empty();
	}

	// -- lists --

	/** Model folders and checkpoints in the folders, and complete models in the caches. */
	public List<Path> models() {
		final List<Path> models = new ArrayList<>();
		for (final Path folder : folders) {
			for (final String below : CHECKPOINTS) entries(folder.resolve(below)).filter(ModelPlaces::isModel).forEach(models::add);
		}
		cached().filter(ModelPlaces::isModel).forEach(models::add);
		return models.stream().distinct().toList();
	}

	/** Folders in the folders and caches that are no pipelines: a captioner or a writer of prompts is a single model. */
	List<Path> loneModels() {
		final Stream<Path> below = folders.stream().flatMap(ModelPlaces::entries);
		return Stream.concat(below, cached()).filter(folder -> Files.isDirectory(folder) && !isModel(folder)).distinct().toList();
	}

	private Stream<Path> cached() {
		return caches.stream().flatMap(ModelPlaces::entries).filter(model -> model.getFileName().toString().startsWith("models--"))
			.map(model -> snapshot(model, "main")).flatMap(Optional::stream);
	}

	/** LoRA files in the folders. */
	public List<Path> loras() {
		return files(LORAS, ".*\\.(safetensors|pt|bin)");
	}

	/** Files with textual inversions in the folders. */
	public List<Path> textualInversions() {
		return files(EMBEDDING_FOLDERS, ".*\\.(safetensors|pt|bin)");
	}

	/** Autoencoders in files of their own in the folders. */
	public List<Path> autoencoders() {
		return files(AUTOENCODERS, ".*\\.(safetensors|pt|bin|ckpt)");
	}

	private List<Path> files(final List<String> places, final String pattern) {
		final List<Path> files = new ArrayList<>();
		for (final Path folder : folders) {
			for (final String place : places) {
				entries(folder.resolve(place)).filter(file -> Files.isRegularFile(file) && file.getFileName().toString().matches(pattern)).forEach(files::add);
			}
		}
		return files.stream().distinct().toList();
	}

	private static boolean isModel(final Path path) {
		if (Files.isDirectory(path)) return Files.isRegularFile(path.resolve(ModelFolder.INDEX));
		return path.toString().matches(".*\\.(safetensors|ckpt|gguf)");
	}

	private static Stream<Path> entries(final Path folder) {
		if (!Files.isDirectory(folder)) return Stream.empty();
		try (Stream<Path> entries = Files.list(folder)) {
			return entries.sorted().toList().stream();
		}
		catch (final IOException e) {
			throw new DiffEditException(folder + " cannot be read (" + e.getMessage() + ").", e);
		}
	}
}
