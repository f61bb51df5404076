package sc.fiji.diffedit.weights;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How LoRA files call things: which of a layer's tensors a key is, and which layer of which network. Knows the naming of
 * diffusers and PEFT ({@code unet.NAME.lora_A.weight}), of older diffusers ({@code NAME.lora.down.weight},
 * {@code processor.to_q_lora.down.weight}), and of kohya's scripts ({@code lora_unet_NAME.lora_down.weight}, with the names
 * of diffusers or, for SDXL, of SGM).
 */
final class LoraKeys {

	/** What a tensor of a LoRA is. */
	enum Role {
		/** The low-rank pair and its scale. */
		DOWN, UP, ALPHA,
		/** Length of each output's or each input's weights (DoRA). */
		MAGNITUDE,
		/** Beside a pair, what is added to the bias, with the pair's scale. */
		UP_BIAS,
		/** What is added to a weight or a bias as it is. */
		WEIGHT, BIAS
	}

	/** A key taken apart. */
	record Key(String layer, Role role) {}

	/** A layer by the network it belongs to and its name there, dotted or with underscores. */
	record Place(String network, String name, boolean underscores) {}

	private static final Map<String, Role> ENDINGS = endings();
	private static final Pattern PROCESSOR = Pattern.compile("(.*)\\.processor\\.to_(q|k|v|out)_lora");
	private static final Pattern OLD_TEXT = Pattern.compile("(.*\\.self_attn)\\.to_(q|k|v|out)_lora");
	private static final Map<String, String> NETWORKS = networks();

	private LoraKeys() {}

	private static Map<String, Role> endings() {
		final Map<String, Role> endings = new LinkedHashMap<>();
		for (final String middle : new String[] { "", ".default" }) {
			endings.put(".lora_A" + middle + ".weight", Role.DOWN);
			endings.put(".lora_B" + middle + ".weight", Role.UP);
			endings.put(".lora_B" + middle + ".bias", Role.UP_BIAS);
			endings.put(".lora_magnitude_vector" + middle + ".weight", Role.MAGNITUDE);
			endings.put(".lora_magnitude_vector" + middle, Role.MAGNITUDE);
		}
		for (final String stem : new String[] { ".lora_", ".lora.", ".lora_linear_layer.", "_lora." }) {
			endings.put(stem + "down.weight", Role.DOWN);
			endings.put(stem + "up.weight", Role.UP);
		}
		endings.put(".dora_scale", Role.MAGNITUDE);
		endings.put(".diff", Role.WEIGHT);
		endings.put(".diff_b", Role.BIAS);
		endings.put(".w_norm", Role.WEIGHT);
		endings.put(".b_norm", Role.BIAS);
		endings.put(".alpha", Role.ALPHA);
		return endings;
	}

	/** The order matters: longer beginnings first. */
	private static Map<String, String> networks() {
		final Map<String, String> networks = new LinkedHashMap<>();
		networks.put("lora_unet_", "unet");
		networks.put("lora_te1_", "text_encoder");
		networks.put("lora_te2_", "text_encoder_2");
		networks.put("lora_te_", "text_encoder");
		networks.put("text_encoder_2.", "text_encoder_2");
		networks.put("text_encoder.", "text_encoder");
		networks.put("unet.base_model.model.", "unet");
		networks.put("unet.", "unet");
		networks.put("base_model.model.", "unet");
		networks.put("lycoris_", "unet");
		networks.put("diffusion_model.", "unet");
		for (final String start : new String[] { "down_blocks.", "mid_block.", "up_blocks.", "time_embedding.", "conv_in.", "conv_out." }) networks.put(start, "unet");
		return networks;
	}

	/** Parses a key; empty if its suffix is unknown. */
	static Optional<Key> parse(final String key) {
		for (final Map.Entry<String, Role> ending : ENDINGS.entrySet()) {
			if (!key.endsWith(ending.getKey())) continue;
			final String stem = key.substring(0, key.length() - ending.getKey().length());
			return Optional.of(new Key(ending.getKey().startsWith("_lora") ? modern(stem + "_lora") : stem, ending.getValue()));
		}
		return Optional.empty();
	}

	/** {@code attn1.processor.to_out_lora} is a layer beside {@code attn1.to_out.0}. */
	private static String modern(final String layer) {
		final Matcher processor = PROCESSOR.matcher(layer);
		if (processor.matches()) return processor.group(1) + ".to_" + processor.group(2) + (processor.group(2).equals("out") ? ".0" : "");
		final Matcher text = OLD_TEXT.matcher(layer);
		return text.matches() ? text.group(1) + "." + text.group(2) + "_proj" : layer;
	}

	/** The network and name of a layer; empty if the layer's name does not identify a network. */
	static Optional<Place> place(final String layer) {
		for (final Map.Entry<String, String> network : NETWORKS.entrySet()) {
			if (!layer.startsWith(network.getKey())) continue;
			final boolean bare = network.getKey().contains("block") || network.getKey().startsWith("time_") || network.getKey().startsWith("conv_");
			final String name = bare ? layer : layer.substring(network.getKey().length());
			final String part = isOfPeft(network.getKey()) && isText(name) ? "text_encoder" : network.getValue();
			return Optional.of(new Place(part, withoutTextModel(part, name), network.getKey().endsWith("_")));
		}
		return Optional.empty();
	}

	/** PEFT's own files do not name the network: its layers do. */
	private static boolean isOfPeft(final String beginning) {
		return beginning.equals("base_model.model.");
	}

	private static boolean isText(final String name) {
		return name.startsWith("text_model.") || name.startsWith("encoder.layers.");
	}

	private static String withoutTextModel(final String network, final String name) {
		if (network.equals("unet") || !name.startsWith("text_model")) return name;
		return name.substring("text_model".length() + 1);
	}

	/** The layers of a network by all names that LoRA files have for them. */
	static Map<String, String> layersByName(final String network, final Weights base) {
		final Map<String, String> layers = new HashMap<>();
		final Optional<NameTable> original = network.equals("unet") ? SingleFile.UNetShape.ofDiffusers(base.names()).map(SingleFile.UNetShape::names) : Optional.empty();
		for (final String tensor : base.names()) {
			if (!tensor.endsWith(".weight") || tensor.startsWith("embeddings.")) continue;
			final String layer = tensor.substring(0, tensor.length() - ".weight".length());
			layers.put(layer, layer);
			layers.put(layer.replace('.', '_'), layer);
			original.flatMap(table -> table.toOriginal(layer)).ifPresent(name -> {
				layers.putIfAbsent(name.replace('.', '_'), layer);
				layers.putIfAbsent(name, layer);
			});
		}
		return layers;
	}
}
