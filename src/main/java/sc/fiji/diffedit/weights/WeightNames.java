package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import sc.fiji.diffedit.DiffEditException;

/** How diffusers and transformers call the files of weights. */
public final class WeightNames {

	static final String DIFFUSERS = "diffusion_pytorch_model";
	static final String TRANSFORMERS = "model";

	private static final List<String> SAFE = List.of(DIFFUSERS, TRANSFORMERS);
	private static final List<String> BIN = List.of(DIFFUSERS, "pytorch_model");
	private static final Pattern VARIANT = Pattern.compile("(?:diffusion_pytorch_model|pytorch_model|model)\\.(?:safetensors\\.index\\.|bin\\.index\\.)?"
		+ "([A-Za-z0-9_]+?)(?:-\\d+-of-\\d+)?\\.(?:safetensors|bin|json)(?:\\.index\\.json)?");

	private static final Pattern OTHERS = Pattern.compile(".*\\.(msgpack|onnx|onnx_data|pb|xml|h5|tflite|gguf|safetensors|bin|pt|pth|ckpt)");

	private WeightNames() {}

	/** File names of whole weights and of indexes of shards, best first; variant null for the plain ones. */
	public static List<String> candidates(final String variant) {
		final List<String> names = new ArrayList<>();
		for (final String stem : SAFE) add(names, stem, "safetensors", variant);
		for (final String stem : BIN) add(names, stem, "bin", variant);
		return names;
	}

	private static void add(final List<String> names, final String stem, final String kind, final String variant) {
		if (variant == null) {
			names.add(stem + "." + kind);
			names.add(stem + "." + kind + ".index.json");
			return;
		}
		names.add(stem + "." + variant + "." + kind);
		names.add(stem + "." + kind + ".index." + variant + ".json");
		names.add(stem + "." + variant + "." + kind + ".index.json");
	}

	/** A variant may also be a complete model in a folder of that name, as revisions are often stored. */
	static Path revision(final Path model, final Optional<String> variant) {
		final Path below = variant.filter(FolderWall::isPlainName).map(model::resolve).orElse(model);
		return Files.isRegularFile(below.resolve(ModelFolder.INDEX)) ? below : model;
	}

	/** The files of a part's weights, best first: the requested variant, the plain files, the only variant; safetensors before pickles. */
	static List<String> of(final ModelFolder model, final String part, final Optional<String> variant) {
		final List<String> found = new ArrayList<>();
		variant.ifPresent(name -> found.addAll(of(model, part, name)));
		found.addAll(of(model, part, (String) null));
		if (!found.isEmpty()) return found;
		final List<String> variants = model.variants(part);
		if (variants.contains("fp16")) return of(model, part, "fp16");
		return variants.size() == 1 ? of(model, part, variants.get(0)) : found;
	}

	private static List<String> of(final ModelFolder model, final String part, final String variant) {
		return candidates(variant).stream().filter(name -> model.has(part, name)).toList();
	}

	/** The variants of which a folder has files. */
	static List<String> variants(final Path folder) {
		try (Stream<Path> files = Files.list(folder)) {
			return files.map(file -> VARIANT.matcher(file.getFileName().toString())).filter(Matcher::matches).map(match -> match.group(1))
				.filter(name -> !name.equals("index")).distinct().sorted().toList();
		}
		catch (final IOException e) {
			throw new DiffEditException(folder + " cannot be read (" + e.getMessage() + ").", e);
		}
	}

	/** The exception for a part without weights, with the files that it has in their place: those of other programs, or under other names. */
	static DiffEditException missing(final Path root, final String part, final Optional<String> variant) {
		final List<String> others = others(root.resolve(part));
		return new DiffEditException(root + " has no weights for " + (part.isEmpty() ? "its model" : "'" + part + "'") + ": neither safetensors nor .bin, whole or in shards"
			+ variant.map(name -> ", plain or of the variant " + name).orElse("") + (others.isEmpty() ? "" : ", but " + String.join(", ", others) + (others.size() == 1 ? ", which is" : ", which are") + " not read under such a name or of such a kind")
			+ ". Copy or download the model again" + (others.isEmpty() ? "." : ", with the files for PyTorch."));
	}

	private static List<String> others(final Path folder) {
		try (Stream<Path> files = Files.list(folder)) {
			return files.map(file -> file.getFileName().toString()).filter(name -> OTHERS.matcher(name).matches()).sorted().limit(3).toList();
		}
		catch (final IOException e) {
			return List.of();   // the part has no folder
		}
	}
}
