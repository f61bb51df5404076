package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.OneLine;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.config.KnownNames;
import sc.fiji.diffedit.tensor.DType;

/**
 * What a file or folder is, without reading its numbers.
 *
 * @param path the inspected file or folder
 * @param kind as text: model folder, checkpoint in one file, LoRA, ...
 * @param family the family of Stable Diffusion, if it can be determined
 * @param parts its parts with their weights
 * @param pipelines what it serves
 * @param missing what it lacks, one sentence each
 * @param facts what it says of itself, what was found beside it and what was guessed, a line each
 */
public record Inspection(Path path, String kind, Optional<Family> family, List<Part> parts, List<String> pipelines, List<String> missing, List<String> facts) {

	/**
	 * A part of a model.
	 *
	 * @param name as in {@code model_index.json}
	 * @param className class of diffusers or transformers
	 * @param numbers how many numbers it has, by the type in which they are stored
	 * @param bytes of its tensors as they are stored
	 * @param inFloat32 bytes of its tensors when floating point numbers are cast to that type
	 * @param inFloat16 the same for 16 bits
	 */
	public record Part(String name, String className, Map<String, Long> numbers, long bytes, long inFloat32, long inFloat16) {

		static Part of(final String name, final String className, final Weights weights) {
			final Map<String, Long> numbers = new TreeMap<>();
			for (final String tensor : weights.names()) {
				final String type = weights.quantised(tensor).map(stored -> stored.type().name()).orElse(weights.dtype(tensor).name()).toLowerCase(Locale.ROOT);
				numbers.merge(type, QuantisedTensor.count(weights.shape(tensor)), Long::sum);
			}
			return new Part(name, className, numbers, weights.storedByteCount(), weights.byteCount(DType.FLOAT32), weights.byteCount(DType.FLOAT16));
		}
	}

	/**
	 * Looks at a file or folder.
	 *
	 * @throws DiffEditException if it is damaged or of an unknown kind
	 */
	public static Inspection of(final Path path) {
		if (LoraSettings.isAdapterFolder(path)) return ofAdapter(path);
		if (Files.isDirectory(path)) return ofModel(path, ModelOptions.DEFAULTS);
		// Headers alone are read, so it does not matter on which drive the numbers lie.
		try (WeightsFile file = WeightsFile.open(path, WeightAccess.MAPPED)) {
			if (SingleFile.is(file)) return ofModel(path, ModelOptions.DEFAULTS);
			return ofFile(path, file);
		}
	}

	// -- files that are no models --

	private static Inspection ofFile(final Path path, final WeightsFile file) {
		final Optional<String> foreign = ForeignModels.byTensors(file);
		if (foreign.isPresent()) return single(path, file, foreign.get() + ", which is not supported");
		if (LoraKeys.isAdapter(file.names())) return ofAdapter(path);
		if (SingleFile.isVae(file, "") || SingleFile.isVae(file, SingleFile.VAE) || file.has("decoder.mid_block.resnets.0.conv1.weight")) {
			return single(path, file, "autoencoder in one file");
		}
		final Optional<String> tiny = TinyAutoencoder.kind(file);
		if (tiny.isPresent()) return single(path, file, tiny.get());
		if (TextEncoderNames.isOpenClip(file, "") || TextEncoderNames.isLlama(file) || file.names().stream().anyMatch(name -> name.endsWith("embeddings.token_embedding.weight"))) {
			return single(path, file, "text encoder in one file");
		}
		if (file.has("conv_in.weight") && file.has("time_embedding.linear_1.weight")) return single(path, file, "UNet in one file");
		try {
			final List<TextualInversion> words = TextualInversion.readAll(path);
			final String kind = words.stream().map(word -> "textual inversion '" + word.token() + "' of " + word.count() + " vectors").collect(Collectors.joining(", "));
			return single(path, file, kind, words.stream().flatMap(word -> word.unused().stream()).toList());
		}
		catch (final DiffEditException e) {
			return single(path, file, "tensors of an unknown kind (" + file.names().size() + ")");
		}
	}

	private static Inspection single(final Path path, final WeightsFile file, final String kind) {
		return single(path, file, kind, List.of());
	}

	private static Inspection single(final Path path, final WeightsFile file, final String kind, final List<String> unused) {
		final List<String> facts = FileFacts.of(file);
		tellUnused(unused, facts);
		return new Inspection(path, kind, Optional.empty(), List.of(Part.of("", "", file)), List.of(), List.of(), facts);
	}

	private static Inspection ofAdapter(final Path path) {
		try (Lora lora = Lora.open(path)) {
			final String kind = lora.forms() + " for " + String.join(", ", lora.networks()) + " (" + Counted.of(lora.layerNames().size(), "layer") + ")";
			final List<String> facts = new ArrayList<>(FileFacts.of(lora.file()));
			if (Files.isDirectory(path)) facts.addAll(FileFacts.of(path));
			lora.guess().ifPresent(guess -> facts.add("guessed: " + guess));
			tellUnused(lora.unused(), facts);
			final String served = lora.family().map(family -> "models of " + family.title()).orElse("models of the family it was made for, which it does not say") + ", as an adapter";
			return new Inspection(path, kind, lora.family(), List.of(Part.of("", "", lora.file())), List.of(served), List.of(), facts);
		}
	}

	// -- models --

	private static Inspection ofModel(final Path path, final ModelOptions options) {
		try (ModelFolder model = ModelFolder.open(path, options)) {
			final List<String> missing = new ArrayList<>();
			final List<Part> parts = new ArrayList<>();
			for (final String part : model.parts()) inspect(model, part, parts, missing);
			final boolean single = model instanceof SingleFileModel;
			final Optional<Family> family = model instanceof SingleFileModel file ? Optional.of(file.family()) : family(model);
			final boolean component = model.parts().equals(List.of(ModelFolder.WHOLE));
			if (!component) family.ifPresent(known -> SingleFileConfigs.expected(known).stream().filter(part -> !model.parts().contains(part)).sorted()
				.forEach(part -> missing.add("no part '" + part + "'")));
			final String kind = single ? "checkpoint in one file" : component ? "single part (" + model.className(ModelFolder.WHOLE) + ")" : "model folder (" + model.index().getString("_class_name", "") + ")";
			return new Inspection(path, kind, family, parts, component ? List.of() : pipelines(model, family), missing, facts(model));
		}
	}

	private static List<String> facts(final ModelFolder model) {
		final List<String> facts = new ArrayList<>(model.facts());
		model.parts().stream().filter(part -> model.standardTokenizer(part).isPresent()).forEach(part -> facts.add(part + ": CLIP's own, which comes with DiffEdit"));
		model.neighbours().stream().filter(Files::exists).forEach(file -> facts.add("found beside it: " + file.getFileName()));
		model.notices().forEach(notice -> facts.add("guessed: " + notice));
		tellUnused(KnownNames.HARMLESS_TENSORS.of(KnownNames.FILE).unknown(model.leftOut()), facts);
		return facts;
	}

	private static void tellUnused(final Collection<String> tensors, final List<String> facts) {
		if (!tensors.isEmpty()) facts.add("not used: " + Counted.of(tensors.size(), "tensor") + " (" + KnownNames.some(tensors) + ")");
	}

	private static void inspect(final ModelFolder model, final String part, final List<Part> parts, final List<String> missing) {
		final String name = part.isEmpty() ? "its one part" : "part '" + part + "'";
		if (!model.has(part)) {
			missing.add(name + " is named, but not there");
			return;
		}
		final boolean needsWeights = !part.startsWith("tokenizer") && !part.endsWith("scheduler") && !part.startsWith("feature_extractor") && !part.startsWith("image_processor");
		try {
			if (part.startsWith("tokenizer")) {
				if (model.standardTokenizer(part).isEmpty() && !model.has(part, "tokenizer.json") && !(model.has(part, "vocab.json") && model.has(part, "merges.txt"))) missing.add(name + " has no vocabulary");
			}
			else model.config(part);
		}
		catch (final DiffEditException e) {
			missing.add(e.getMessage());
		}
		if (!needsWeights) return;
		try {
			parts.add(Part.of(part, model.className(part), model.weights(part)));
		}
		catch (final DiffEditException e) {
			missing.add(e.getMessage());
		}
	}

	/** By the width of the words where it is that of a public model, else by what text encoders there are. */
	static Optional<Family> family(final ModelFolder model) {
		if (!model.has("unet") || !model.has("unet", "config.json")) return Optional.empty();
		final Config unet = model.config("unet");
		final boolean added = unet.has("addition_embed_type");
		final int[] width = unet.getInts("cross_attention_dim");
		final Family known = width.length == 0 ? null : Family.of(width[0], added);
		if (known != null) return Optional.of(known);
		if (model.has("text_encoder_2")) return Optional.of(model.has("text_encoder") ? Family.SDXL : Family.SDXL_REFINER);
		if (added || !model.has("text_encoder", "config.json")) return Optional.empty();
		return Optional.of(model.config("text_encoder").getString("hidden_act", "quick_gelu").equals("gelu") ? Family.SD2 : Family.SD1);
	}

	private static List<String> pipelines(final ModelFolder model, final Optional<Family> family) {
		final int channels;
		try {
			channels = model.weights("unet").has("conv_in.weight") ? (int) model.weights("unet").size("conv_in.weight", 1) : 0;
		}
		catch (final DiffEditException e) {
			return List.of();
		}
		if (channels == 9) return List.of("inpainting (9 channels)");
		if (channels != 4) return List.of();
		if (family.filter(Family.SDXL_REFINER::equals).isPresent()) return List.of("image-to-image", "refining of SDXL");
		final List<String> all = new ArrayList<>(List.of("text-to-image", "image-to-image", "inpainting"));
		diffEdit(model).ifPresent(part -> all.add(0, part));
		return all;
	}

	/** What of DiffEdit: models distilled with guidance cannot be walked back to noise, and those trained as EDM have no schedule for DDIM. */
	private static Optional<String> diffEdit(final ModelFolder model) {
		if (model.has("scheduler") && model.config("scheduler").has("sigma_data")) return Optional.empty();
		return Optional.of(model.weights("unet").has("time_embedding.cond_proj.weight") ? "DiffEdit's masks" : "DiffEdit");
	}

	/** Whether it is a model of several parts, and not one part, an adapter or words for one. */
	public boolean isModel() {
		return parts.stream().noneMatch(part -> part.name().isEmpty());
	}

	/** The same of a model that lacks something more. */
	public Inspection lacking(final String sentence) {
		return new Inspection(path, kind, family, parts, pipelines, Stream.concat(missing.stream(), Stream.of(sentence)).toList(), facts);
	}

	// -- telling --

	/** Bytes of all tensors as they are stored. */
	public long bytes() {
		return sum(Part::bytes);
	}

	/** Bytes on disk, of the file or of everything in the folder. */
	public long bytesOnDisk() {
		try (Stream<Path> files = Files.walk(path)) {
			return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
		}
		catch (final IOException e) {
			throw new DiffEditException(path + " cannot be read (" + e.getMessage() + ").", e);
		}
	}

	/** The lines of the report, without control characters of names. */
	public List<String> lines() {
		final List<String> lines = new ArrayList<>();
		lines.add(path + ": " + kind);
		family.ifPresent(known -> lines.add("family: " + known.title()));
		for (final Part part : parts) {
			lines.add((part.name().isEmpty() ? "weights" : part.name()) + ": " + (part.className().isEmpty() ? "" : part.className() + ", ")
				+ part.numbers().entrySet().stream().map(entry -> count(entry.getValue()) + " numbers in " + entry.getKey()).collect(Collectors.joining(", "))
				+ ", " + size(part.bytes()));
		}
		lines.add("on disk: " + size(bytesOnDisk()) + "; in memory: " + size(bytes()) + " as stored, " + size(sum(Part::inFloat32)) + " in float32, " + size(sum(Part::inFloat16)) + " in float16 or bfloat16");
		if (!pipelines.isEmpty()) lines.add((missing.isEmpty() ? "serves: " : "would serve, were nothing missing: ") + String.join(", ", pipelines));
		lines.addAll(facts);
		missing.forEach(sentence -> lines.add("missing: " + sentence));
		return lines.stream().map(OneLine::of).toList();
	}

	private long sum(final ToLongFunction<Part> bytes) {
		return parts.stream().mapToLong(bytes).sum();
	}

	private static String count(final long numbers) {
		return numbers < 1_000_000 ? String.valueOf(numbers) : String.format(Locale.ROOT, "%.1f million", numbers / 1e6);
	}

	static String size(final long bytes) {
		return bytes < 1_000_000 ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3) : bytes < 1_000_000_000 ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
			: String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
	}
}
