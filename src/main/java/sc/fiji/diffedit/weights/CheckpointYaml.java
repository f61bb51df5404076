package sc.fiji.diffedit.weights;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.KnownNames;
import sc.fiji.diffedit.config.SmallFile;

/**
 * The training config that lies beside a checkpoint under its name, {@code model.yaml} beside {@code model.safetensors}, as CompVis,
 * Stability AI and A1111 have it. Every key is read, known to change nothing ({@code yaml-keys.txt}) or told; where one says that something else
 * is computed than here ({@code yaml-values.txt}), the file is refused.
 */
final class CheckpointYaml {

	private static final SmallFile FILE = new SmallFile("a training config", 1 << 20, "write it again, or move it away from the model of its name");
	private static final KnownNames KNOWN = KnownNames.read(CheckpointYaml.class, "yaml-keys.txt");
	private static final YamlValues NEEDED = YamlValues.read("yaml-values.txt");
	private static final Pattern TEXT_LAYER = Pattern.compile("model\\.params\\.(cond_stage_config|conditioner_config\\.params\\.emb_models\\.\\d+)\\.params\\.layer(_idx)?");
	private static final String PARAMS = "model.params.", DISCRETIZATION = "denoiser_config.params.discretization_config.params.";

	private final String source;
	private final Map<String, String> values;

	private CheckpointYaml(final String source, final String text) {
		this.source = source;
		this.values = PlainYaml.read(source, text);
		NEEDED.require(source, values);
	}

	static CheckpointYaml read(final Path file) {
		final String source = file.getFileName().toString();
		return new CheckpointYaml(source, FILE.read(file, source));
	}

	/**
	 * What the network predicts, in diffusers' words; empty if the file does not say.
	 *
	 * @throws DiffEditException if it says something unknown
	 */
	Optional<String> predictionType() {
		final String scaling = values.getOrDefault(PARAMS + "denoiser_config.params.scaling_config.target", "");
		if (scaling.endsWith(".VScaling")) return Optional.of("v_prediction");
		if (scaling.endsWith(".EpsScaling")) return Optional.of("epsilon");
		if (!scaling.isEmpty()) throw unknown("scaling_config", scaling, "EpsScaling or VScaling");
		final String word = values.getOrDefault(PARAMS + "parameterization", values.getOrDefault("parameterization", ""));
		return switch (word) {
			case "" -> Optional.empty();
			case "v" -> Optional.of("v_prediction");
			case "eps" -> Optional.of("epsilon");
			case "x0" -> Optional.of("sample");
			default -> throw unknown("parameterization", word, "eps, v or x0");
		};
	}

	/** The first number of a linear schedule's roots of betas. */
	Optional<Double> betaStart() {
		return number("linear_start").or(() -> number(DISCRETIZATION + "linear_start"));
	}

	/** The last one. */
	Optional<Double> betaEnd() {
		return number("linear_end").or(() -> number(DISCRETIZATION + "linear_end"));
	}

	/** How many timesteps the model was trained with. */
	Optional<Integer> timesteps() {
		return whole("timesteps").or(() -> whole("denoiser_config.params.num_idx")).or(() -> whole(DISCRETIZATION + "num_timesteps"));
	}

	/** A number of {@code model.params}, such as {@code scale_factor}; empty if the file does not have it. */
	Optional<Double> number(final String key) {
		final String value = values.getOrDefault(PARAMS + key, "");
		try {
			final Optional<Double> number = YamlValues.isNothing(value) ? Optional.empty() : Optional.of(Double.valueOf(value));
			if (number.stream().allMatch(Double::isFinite)) return number;
		}
		catch (final NumberFormatException e) {
			// it gets the sentence of what is not finite
		}
		throw unknown(key, value, "a number");
	}

	/** The same for a whole number. */
	private Optional<Integer> whole(final String key) {
		return number(key).map(number -> {
			if (number.intValue() != number) throw unknown(key, values.get(PARAMS + key), "a whole number");
			return number.intValue();
		});
	}

	/**
	 * What the file says of the UNet and its weights do not show, in diffusers' words: {@code attention_head_dim} (heads, for all levels or of each)
	 * and {@code sample_size}. All configs of Stability AI have an {@code image_size} of 64, also those of models for 768 pixels, so that 64 says nothing.
	 *
	 * @param channels of each level
	 */
	Map<String, Object> unet(final int... channels) {
		final Map<String, Object> unet = new LinkedHashMap<>();
		whole("image_size").filter(size -> size > 0 && size != 64).ifPresent(size -> unet.put("sample_size", size));
		for (final String config : List.of("unet_config.params.", "network_config.params.")) {
			final int perHead = whole(config + "num_head_channels").orElse(-1);
			final int heads = whole(config + "num_heads").orElse(-1);
			if (perHead > 0) unet.put("attention_head_dim", Arrays.stream(channels).map(count -> Math.max(1, count / perHead)).boxed().toList());
			else if (heads > 0) unet.put("attention_head_dim", heads);
		}
		return unet;
	}

	/** A sentence for keys that nothing reads and that are not known to change nothing, and for texts that are read off another layer than those of the family. */
	Optional<String> notice(final Family family) {
		final List<String> unknown = new ArrayList<>(KNOWN.unknown(values.keySet()));
		unknown.addAll(otherLayers(family));
		return unknown.isEmpty() ? Optional.empty() : Optional.of(source + " has settings that are not known here (" + KnownNames.some(unknown) + "); results may differ from other programs'.");
	}

	private List<String> otherLayers(final Family family) {
		final List<String> others = new ArrayList<>();
		values.forEach((key, value) -> {
			if (!TEXT_LAYER.matcher(key).matches() || YamlValues.isNothing(value) || value.equals(layer(key, family))) return;
			others.add(key + ": " + FileFacts.shown(value));
		});
		return others;
	}

	/**
	 * What is said of the layer of a text encoder. Stable Diffusion 1 reads texts off CLIP's last layer, all others off the one before it, which
	 * SDXL's first encoder calls the hidden one of number 11; others have no number.
	 */
	private String layer(final String key, final Family family) {
		final boolean isIndex = key.endsWith("_idx");
		final String encoder = values.getOrDefault(key.replaceFirst("params\\.layer(_idx)?$", "target"), "");
		if (family == Family.SDXL && encoder.endsWith(".FrozenCLIPEmbedder")) return isIndex ? "11" : "hidden";
		if (isIndex) return "";
		return family == Family.SD1 ? "last" : "penultimate";
	}

	private DiffEditException unknown(final String key, final String value, final String wanted) {
		return PlainYaml.unknown(source, key, value, wanted);
	}
}
