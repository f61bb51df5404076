package sc.fiji.diffedit.weights;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.KnownNames;
import sc.fiji.diffedit.config.SmallFile;

/**
 * The training config that lies beside a checkpoint under its name, {@code model.yaml} beside {@code model.safetensors}, as CompVis,
 * Stability AI and A1111 have it. Of YAML it knows what those files use: keys within keys by indentation, and plain values; keys within
 * braces, anchors and texts of several lines are refused.
 */
final class CheckpointYaml {

	private static final SmallFile FILE = new SmallFile("a training config", 1 << 20, "write it again, or move it away from the model of its name");
	private static final Pattern LINE = Pattern.compile("(\\s*)['\"]?([\\w.-]+)['\"]?\\s*:\\s*(.*)");
	/** Lines without a key: nothing, the start or end of a document, an item of a list, and further numbers of a list in brackets. Nothing reads lists. */
	private static final Pattern NO_KEY = Pattern.compile("|---|\\.\\.\\.|-(\\s.*)?|[\\[\\]\\d.,\\s]+");
	private static final Pattern OTHER_YAML = Pattern.compile("[&*|>!].*|\\{.*[^\\s{}].*");
	private static final KnownNames KNOWN = KnownNames.read(CheckpointYaml.class, "yaml-keys.txt");
	private static final String PARAMS = "model.params.", LAYER = PARAMS + "cond_stage_config.params.layer";

	private record Level(int indent, String path) {}

	private final String source;
	private final Map<String, String> values = new LinkedHashMap<>();

	private CheckpointYaml(final String source, final String text) {
		this.source = source;
		final Deque<Level> levels = new ArrayDeque<>();
		for (final String commented : text.replaceFirst("^\uFEFF", "").lines().toList()) {
			final String line = commented.replaceFirst("(^|\\s)#.*", "");
			if (NO_KEY.matcher(line.strip()).matches()) continue;
			final Matcher key = LINE.matcher(line);
			if (!key.matches()) throw unknown("the line", line.strip(), "a key with a colon behind it");
			final int indent = key.group(1).length();
			while (!levels.isEmpty() && levels.peek().indent() >= indent) levels.pop();
			final String path = (levels.isEmpty() ? "" : levels.peek().path() + ".") + key.group(2);
			levels.push(new Level(indent, path));
			if (OTHER_YAML.matcher(key.group(3).strip()).matches()) throw unknown(path, key.group(3).strip(), "keys in lines of their own and plain values");
			values.put(path, key.group(3).strip().replaceAll("^['\"]|['\"]$", ""));
		}
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

	/** A number of {@code model.params}, such as {@code linear_start}; empty if the file does not have it. */
	Optional<Double> number(final String key) {
		final String value = values.getOrDefault(PARAMS + key, "");
		try {
			final Optional<Double> number = value.isEmpty() ? Optional.empty() : Optional.of(Double.valueOf(value));
			if (number.stream().allMatch(Double::isFinite)) return number;
		}
		catch (final NumberFormatException e) {
			// it gets the sentence of what is not finite
		}
		throw unknown(key, value, "a number");
	}

	/** The same for a whole number. */
	Optional<Integer> whole(final String key) {
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

	/** A sentence for keys that nothing reads and that are not known to change nothing. */
	Optional<String> notice() {
		final List<String> unknown = new ArrayList<>(KNOWN.unknown(values.keySet()));
		if (!values.getOrDefault(LAYER, "last").matches("last|penultimate")) unknown.add(LAYER + ": " + FileFacts.shown(values.get(LAYER)));
		return unknown.isEmpty() ? Optional.empty() : Optional.of(source + " has settings that are not known here (" + KnownNames.some(unknown) + "); results may differ from other programs'.");
	}

	private DiffEditException unknown(final String key, final String value, final String wanted) {
		return new DiffEditException(source + " has " + key + " '" + FileFacts.shown(value) + "', but " + wanted + " is needed; correct it, or move the file away from the model of its name.");
	}
}
