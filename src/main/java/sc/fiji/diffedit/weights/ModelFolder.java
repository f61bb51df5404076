package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;

/**
 * A model folder as diffusers writes it: {@code model_index.json} names the parts, and each part is a folder with its
 * config and its weights. A folder without {@code model_index.json} but with a {@code config.json} is a single part,
 * whose name is the empty text.
 * <p>
 * No file outside the folder is ever read, whatever the names and links inside it say; only in the cache of the Hugging
 * Face hub links may lead to other places within that cache. Closing the folder closes its weights, after which none of
 * their tensors may be in use.
 */
public final class ModelFolder implements AutoCloseable {

	/** The one part of a folder that holds a single component. */
	public static final String WHOLE = "";

	private static final String INDEX = "model_index.json";

	private final Path root;
	private final Path allowed;
	private final Config index;
	private final Map<String, Weights> opened = new LinkedHashMap<>();
	private final List<SafetensorsFile> files = new ArrayList<>();

	private ModelFolder(final Path root) throws IOException {
		this.root = root.toRealPath();
		this.allowed = allowedRoot(this.root);
		this.index = readIndex();
	}

	/**
	 * Opens a folder.
	 *
	 * @throws DiffEditException if this is no model folder; the sentence says what is missing
	 */
	public static ModelFolder open(final Path root) {
		if (!Files.isDirectory(root)) throw new DiffEditException("There is no folder " + root + "; choose a model folder.");
		try {
			return new ModelFolder(root);
		}
		catch (final IOException e) {
			throw new DiffEditException(root + " cannot be read (" + e.getMessage() + ").", e);
		}
	}

	/** In {@code CACHE/models--NAME/snapshots/REVISION} the files are links into {@code CACHE}; elsewhere links must stay in the folder. */
	private static Path allowedRoot(final Path root) {
		final Path snapshots = root.getParent();
		final Path model = snapshots == null ? null : snapshots.getParent();
		final boolean cached = model != null && model.getParent() != null && snapshots.endsWith("snapshots")
			&& model.getFileName().toString().startsWith("models--");
		return cached ? model.getParent() : root;
	}

	private Config readIndex() {
		if (exists(INDEX)) return Config.read(inside(INDEX));
		if (!exists("config.json")) {
			throw new DiffEditException(root + " holds neither " + INDEX + " nor config.json; choose a folder in diffusers format.");
		}
		return new Config(root.getFileName() + "/" + INDEX, new JsonObject());
	}

	/** The folder's place on disk. */
	public Path root() {
		return root;
	}

	/** {@code model_index.json}; empty when the folder holds a single part. */
	public Config index() {
		return index;
	}

	/** The parts that {@code model_index.json} names and that are not null, in its order. */
	public List<String> parts() {
		if (index.json().size() == 0) return List.of(WHOLE);
		final List<String> parts = new ArrayList<>();
		for (final String key : index.json().keySet()) {
			if (className(index.json().get(key)) != null) parts.add(key);
		}
		return parts;
	}

	/** Whether the folder names this part and has a folder for it. */
	public boolean has(final String part) {
		return parts().contains(part) && (part.isEmpty() || exists(part));
	}

	/** Whether a part has a file. */
	public boolean has(final String part, final String name) {
		return has(part) && exists(part.isEmpty() ? name : part + "/" + name);
	}

	/**
	 * The class of diffusers or transformers that a part is made of, such as {@code UNet2DConditionModel}.
	 *
	 * @throws DiffEditException if there is no such part
	 */
	public String className(final String part) {
		requirePart(part);
		if (!part.isEmpty()) return className(index.json().get(part));
		final Config config = config(part);
		if (config.has("_class_name")) return config.getString("_class_name", "");
		return config.getStrings("architectures").stream().findFirst().orElse("");
	}

	private static String className(final JsonElement entry) {
		if (entry == null || !entry.isJsonArray() || entry.getAsJsonArray().size() != 2) return null;
		final JsonElement name = entry.getAsJsonArray().get(1);
		return name.isJsonPrimitive() && name.getAsJsonPrimitive().isString() ? name.getAsString() : null;
	}

	/** The config of a part: {@code config.json}, or the file that schedulers, tokenizers and image processors have in its place. */
	public Config config(final String part) {
		return Config.read(file(part, configName(part)));
	}

	private static String configName(final String part) {
		if (part.endsWith("scheduler")) return "scheduler_config.json";
		if (part.startsWith("tokenizer")) return "tokenizer_config.json";
		return part.startsWith("feature_extractor") || part.startsWith("image_processor") ? "preprocessor_config.json" : "config.json";
	}

	/**
	 * A file of a part.
	 *
	 * @throws DiffEditException if part or file are missing or lie outside the folder
	 */
	public Path file(final String part, final String name) {
		requirePart(part);
		final String path = part.isEmpty() ? name : part + "/" + name;
		if (!exists(path)) throw new DiffEditException(root + " has no file " + path + "; the model is incomplete: copy or download it again.");
		return inside(path);
	}

	private void requirePart(final String part) {
		if (has(part)) return;
		throw new DiffEditException(root + " has no part '" + part + "'"
			+ (parts().contains(part) ? ", though " + INDEX + " names it; copy or download the folder again." : "; it has " + String.join(", ", parts()) + "."));
	}

	private boolean exists(final String path) {
		try {
			return Files.exists(root.resolve(path));
		}
		catch (final InvalidPathException e) {
			return false;
		}
	}

	/** A path that exists, with all links followed; refused when it leaves the allowed root. */
	private Path inside(final String path) {
		try {
			final Path real = root.resolve(path).toRealPath();
			if (real.startsWith(allowed)) return root.resolve(path).normalize().startsWith(root) ? root.resolve(path).normalize() : real;
		}
		catch (final IOException | InvalidPathException e) {
			throw new DiffEditException(root + " has no readable file " + path + " (" + e.getMessage() + ").", e);
		}
		throw new DiffEditException(path + " leads out of the model folder " + root + "; such models are not opened. Copy the file into the folder.");
	}

	/**
	 * The weights of a part, under the names its network uses, whichever way they are stored. Opened once and kept until
	 * the folder is closed.
	 */
	public synchronized Weights weights(final String part) {
		requirePart(part);
		return opened.computeIfAbsent(part, key -> StateNames.normalised(openWeights(key), className(key)));
	}

	private Weights openWeights(final String part) {
		for (final String name : new String[] { "diffusion_pytorch_model.safetensors", "model.safetensors" }) {
			if (has(part, name)) return openFile(file(part, name));
			if (has(part, name + ".index.json")) return ShardedWeights.open(file(part, name + ".index.json"), shard -> openFile(file(part, shard)));
		}
		throw new DiffEditException(root + " has no weights for " + (part.isEmpty() ? "its model" : "'" + part + "'")
			+ ": neither diffusion_pytorch_model.safetensors nor model.safetensors, whole or in shards. Copy or download the model again.");
	}

	private SafetensorsFile openFile(final Path path) {
		final SafetensorsFile file = SafetensorsFile.open(path);
		files.add(file);
		return file;
	}

	/** Closes all weights of this folder. */
	@Override
	public synchronized void close() {
		for (final SafetensorsFile file : files) file.close();
		files.clear();
		opened.clear();
	}
}
