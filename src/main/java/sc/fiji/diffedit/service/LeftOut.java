package sc.fiji.diffedit.service;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.config.KnownNames;
import sc.fiji.diffedit.models.Network;
import sc.fiji.diffedit.weights.ModelFolder;
import sc.fiji.diffedit.weights.ModelOptions;

/**
 * What a model's files hold and nothing has read after it was loaded, apart from what is known to change no numbers: nobody shall
 * get other numbers than elsewhere without a word.
 */
final class LeftOut {

	private static final List<String> TOKENIZERS = List.of("tokenizer", "tokenizer_2");

	private final Map<String, Config> configs = new LinkedHashMap<>();
	private final Map<String, Set<String>> parameters = new LinkedHashMap<>();

	/** The config of a part, always the same one, which remembers what is read of it. */
	Config config(final String part, final ModelFolder folder) {
		return configs.computeIfAbsent(part, folder::config);
	}

	/** A network that has been made of a part's weights. */
	void built(final String part, final Network network) {
		parameters.computeIfAbsent(part, name -> new LinkedHashSet<>()).addAll(network.parameterNames());
	}

	/** One sentence for tensors and one for keys, where there are any. */
	List<String> sentences(final ModelFolder folder) {
		final List<String> sentences = new ArrayList<>();
		final List<String> tensors = tensors(folder);
		final List<String> keys = keys(folder);
		final String from = folder.root().getFileName().toString();
		if (!tensors.isEmpty()) sentences.add(from + " has " + count(tensors, "tensor") + " not used here (" + KnownNames.some(tensors) + "); results may differ from other programs'.");
		if (!keys.isEmpty()) sentences.add(from + " has " + count(keys, "setting") + " not known here (" + KnownNames.some(keys) + "); results may differ from other programs'.");
		scheduler(folder).ifPresent(sentences::add);
		return sentences;
	}

	/**
	 * What is wrong with the model's scheduler, which text to image would say when it runs, and DiffEdit, which always walks as DDIM does, would not;
	 * else whether the file itself has another noise schedule.
	 */
	private Optional<String> scheduler(final ModelFolder folder) {
		try {
			return Optional.ofNullable(configs.get("scheduler")).flatMap(config -> StoredSchedule.sentence(folder, config));
		}
		catch (final DiffEditException e) {
			return Optional.of(e.getMessage());
		}
	}

	private static String count(final List<String> names, final String what) {
		return names.size() == 1 ? "a " + what + " that is" : Counted.of(names.size(), what) + " that are";
	}

	/** A file with more in it than a part has names of its own; of a file that was named for the UNet, markers and noise schedule are read. */
	private List<String> tensors(final ModelFolder folder) {
		final KnownNames ofFile = KnownNames.HARMLESS_TENSORS.of(KnownNames.FILE);
		final List<String> names = new ArrayList<>(ofFile.unknown(folder.leftOut()));
		parameters.forEach((part, used) -> {
			final List<String> unknown = KnownNames.HARMLESS_TENSORS.of(part).unknown(folder.weights(part).names());
			(part.equals("unet") && folder.unetFile().isPresent() ? ofFile.unknown(unknown) : unknown).stream().filter(name -> !used.contains(name)).forEach(name -> names.add(part + "/" + name));
		});
		return names;
	}

	private List<String> keys(final ModelFolder folder) {
		final List<String> keys = new ArrayList<>();
		KnownNames.HARMLESS_KEYS.of("model_index").unknown(folder.index().unread()).stream().filter(key -> !ModelOptions.PARTS.contains(key) && !isNoPart(folder.index().json().get(key)))
			.forEach(key -> keys.add(ModelFolder.INDEX + ": " + key));
		configs.forEach((part, config) -> harmless(part).unknown(config.unread()).forEach(key -> keys.add(part + ": " + key)));
		notFollowed(folder).forEach(key -> keys.add("scheduler: " + key));
		for (final String part : TOKENIZERS) tokenizerKeys(folder, part).forEach(key -> keys.add(part + ": " + key));
		KnownNames.PIPELINES.unknown(List.of(folder.index().getString("_class_name", ""))).forEach(name -> keys.add(ModelFolder.INDEX + ": " + name));
		return keys;
	}

	/** Latents are never clipped: diffusers sees to that for Stable Diffusion 1 and 2 too, but clips those of SDXL, and thresholds all, where it is told to. */
	private List<String> notFollowed(final ModelFolder folder) {
		final Config scheduler = configs.get("scheduler");
		if (scheduler == null) return List.of();
		final List<String> keys = new ArrayList<>();
		if (scheduler.getBoolean("thresholding", false)) keys.add("thresholding");
		if (folder.has("text_encoder_2") && scheduler.getBoolean("clip_sample", false)) keys.add("clip_sample");
		return keys;
	}

	private static List<String> tokenizerKeys(final ModelFolder folder, final String part) {
		final List<String> keys = new ArrayList<>();
		for (final String file : List.of("tokenizer_config.json", "special_tokens_map.json")) {
			if (folder.has(part, file)) keys.addAll(KnownNames.TOKENIZER_KEYS.unknown(Config.read(folder.file(part, file)).unread()));
		}
		return keys;
	}

	private static KnownNames harmless(final String part) {
		return switch (part) {
			case "scheduler" -> KnownNames.SCHEDULER_KEYS;
			case "feature_extractor" -> KnownNames.IMAGE_PROCESSOR_KEYS;
			default -> KnownNames.HARMLESS_KEYS.of(part);
		};
	}

	/** {@code [null, null]}, as diffusers names a part that a pipeline could have and does not. */
	private static boolean isNoPart(final JsonElement entry) {
		return entry.isJsonArray() && entry.getAsJsonArray().asList().stream().allMatch(JsonNull.INSTANCE::equals);
	}
}
