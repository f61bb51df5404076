package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.WholeFile;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Scope;

/**
 * Writes any model that can be opened as a folder in diffusers format. The folder appears under its name only when it is
 * complete and has been read back: every tensor must then be the source's, bit for bit, or its cast.
 *
 * @param dtype type for all floating point tensors; empty to keep each one's own
 * @param maxShardSize bytes above which the weights of a part are cut into several files ({@code max_shard_size} in
 *          diffusers); a single tensor may be larger
 */
public record Conversion(Optional<DType> dtype, long maxShardSize) {

	/** Types as they are, shards of 10 GB as in diffusers. */
	public static final Conversion DEFAULTS = new Conversion(Optional.empty(), 10_000_000_000L);

	private static final Gson GSON = new GsonBuilder().setPrettyPrinting().serializeNulls().disableHtmlEscaping().create();

	public Conversion {
		if (maxShardSize < 1) throw new DiffEditException("The largest shard has " + maxShardSize + " bytes; give a size such as 2GB.");
	}

	public Conversion withDtype(final DType type) {
		return new Conversion(Optional.of(type), maxShardSize);
	}

	public Conversion withMaxShardSize(final long bytes) {
		return new Conversion(dtype, bytes);
	}

	/**
	 * Writes a model.
	 *
	 * @param target a folder that does not exist yet, or is empty
	 * @param progress takes a line per part
	 * @throws DiffEditException if a part is missing or the target exists; nothing is left behind then
	 */
	public void write(final ModelFolder model, final Path target, final Consumer<String> progress) {
		final Path partial = target.resolveSibling(target.getFileName() + ".partial");
		try {
			if (Files.exists(target) && !isEmptyFolder(target)) throw new DiffEditException(target + " exists already; choose another folder.");
			if (target.toAbsolutePath().getParent() != null) Files.createDirectories(target.toAbsolutePath().getParent());
			delete(partial);
			Files.createDirectories(partial);
			for (final String part : model.parts()) writePart(model, part, partial, progress);
			if (model.index().json().size() > 0) writeJson(partial.resolve(ModelFolder.INDEX), model.index().json());
			check(model, partial, progress);
			Files.deleteIfExists(target);
			WholeFile.move(partial, target);
		}
		catch (final IOException e) {
			throw new DiffEditException(target + " cannot be written (" + WholeFile.reason(e) + "); make room there, or choose another folder.", e);
		}
		finally {
			delete(partial);
		}
	}

	private static boolean isEmptyFolder(final Path folder) throws IOException {
		if (!Files.isDirectory(folder)) return false;
		try (Stream<Path> files = Files.list(folder)) {
			return files.findAny().isEmpty();
		}
	}

	private static void delete(final Path folder) {
		if (!Files.exists(folder)) return;
		try (Stream<Path> all = Files.walk(folder)) {
			for (final Path path : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
		}
		catch (final IOException e) {
			throw new DiffEditException(folder + " cannot be removed (" + WholeFile.reason(e) + "); delete it by hand.", e);
		}
	}

	private static void writeJson(final Path file, final JsonObject json) throws IOException {
		Files.writeString(file, GSON.toJson(json) + "\n");
	}

	// -- parts --

	private void writePart(final ModelFolder model, final String part, final Path root, final Consumer<String> progress) throws IOException {
		final Path folder = root.resolve(part);
		Files.createDirectories(folder);
		final Optional<ClipFiles> standard = model.standardTokenizer(part);
		if (standard.isPresent()) {
			for (final Map.Entry<String, String> file : standard.get().texts().entrySet()) Files.writeString(folder.resolve(file.getKey()), file.getValue());
		}
		else if (part.startsWith("tokenizer")) copyFiles(model.directory(part), folder);
		else writeJson(folder.resolve(PartConfigs.fileName(part)), model.config(part).json());
		if (!model.hasWeights(part)) return;
		final Weights weights = stored(model, part);
		final String stem = model.className(part).matches("CLIP.*|.*SafetyChecker|T5.*|Blip.*") ? WeightNames.TRANSFORMERS : WeightNames.DIFFUSERS;
		final List<List<String>> shards = shards(weights);
		writeShards(weights, shards, folder, stem);
		progress.accept((part.isEmpty() ? "the model" : part) + ": " + Counted.of(weights.names().size(), "tensor") + " in " + shards.size() + (shards.size() == 1 ? " file" : " shards"));
	}

	/** Text encoders are written with the prefix that public repositories have and all versions of transformers read. */
	private static Weights stored(final ModelFolder model, final String part) {
		final Weights weights = model.weights(part);
		if (!model.className(part).startsWith("CLIPText")) return weights;
		return new RenamedWeights(weights, name -> name.startsWith("text_projection.") ? name : "text_model." + name);
	}

	private static void copyFiles(final Path from, final Path to) throws IOException {
		try (Stream<Path> files = Files.list(from)) {
			for (final Path file : files.filter(Files::isRegularFile).toList()) {
				final String name = file.getFileName().toString();
				if (name.matches(".*\\.(json|txt|model)")) Files.copy(file, to.resolve(name));
			}
		}
	}

	/** Tensors in the order of their names, as many in a shard as fit. */
	private List<List<String>> shards(final Weights weights) {
		final List<List<String>> shards = new ArrayList<>(List.of(new ArrayList<>()));
		long size = 0;
		for (final String name : weights.names().stream().sorted().toList()) {
			final long bytes = bytes(weights, name);
			if (size > 0 && size + bytes > maxShardSize) {
				shards.add(new ArrayList<>());
				size = 0;
			}
			shards.get(shards.size() - 1).add(name);
			size += bytes;
		}
		return shards;
	}

	private long bytes(final Weights weights, final String name) {
		return SafetensorsWriter.byteCount(weights, name, dtype.orElse(null));
	}

	private void writeShards(final Weights weights, final List<List<String>> shards, final Path folder, final String stem) throws IOException {
		final Map<String, String> format = Map.of("format", "pt");
		if (shards.size() == 1) {
			SafetensorsWriter.replace(folder.resolve(stem + ".safetensors"), weights, shards.get(0), dtype.orElse(null), format);
			return;
		}
		final Map<String, String> map = new LinkedHashMap<>();
		long total = 0;
		for (int i = 0; i < shards.size(); i++) {
			final String name = String.format("%s-%05d-of-%05d.safetensors", stem, i + 1, shards.size());
			SafetensorsWriter.replace(folder.resolve(name), weights, shards.get(i), dtype.orElse(null), format);
			for (final String tensor : shards.get(i)) {
				map.put(tensor, name);
				total += bytes(weights, tensor);
			}
		}
		final JsonObject index = new JsonObject();
		index.add("metadata", GSON.toJsonTree(Map.of("total_size", total)));
		index.add("weight_map", GSON.toJsonTree(map));
		writeJson(folder.resolve(stem + ".safetensors.index.json"), index);
	}

	// -- reading back --

	private void check(final ModelFolder model, final Path written, final Consumer<String> progress) {
		try (ModelFolder copy = ModelFolder.open(written)) {
			for (final String part : model.parts()) {
				if (model.hasWeights(part)) check(part, model.weights(part), copy.weights(part));
			}
		}
		progress.accept("read back and compared");
	}

	private void check(final String part, final Weights wanted, final Weights found) {
		boolean same = wanted.names().equals(found.names());
		for (final String name : wanted.names()) same = same && equal(wanted, found, name);
		if (!same) throw new DiffEditException("What was written of '" + part + "' reads back differently; the disk may be full or damaged.");
	}

	private boolean equal(final Weights wanted, final Weights found, final String name) {
		final DType type = SafetensorsWriter.target(wanted, name, dtype.orElse(null));
		if (found.dtype(name) != type || !java.util.Arrays.equals(wanted.shape(name), found.shape(name))) return false;
		try (Scope scope = Scope.open()) {
			final ByteBuffer expected = wanted.get(name).to(type).toBytes();
			return expected.equals(found.get(name).toBytes());
		}
	}
}
