package sc.fiji.diffedit.weights;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How LoRA files call things: which of a layer's tensors a key is, and which layer of which network. Knows the naming of
 * diffusers and PEFT ({@code unet.NAME.lora_A.weight}), of older diffusers ({@code NAME.lora.down.weight},
 * {@code processor.to_q_lora.down.weight}), of kohya's scripts ({@code lora_unet_NAME.lora_down.weight}, with the names
 * of diffusers or of the original checkpoints) and of LyCORIS ({@code lycoris_NAME.hada_w1_a}).
 */
final class LoraKeys {

	/** What a tensor of an adapter is. {@link AdapterForm} says which of them belong together. */
	enum Role {
		/** A low-rank pair; between its halves, the core of a convolution. */
		DOWN, UP, MID,
		/** The product of two low-rank pairs, number by number, each perhaps with a core. */
		HADA_W1_A, HADA_W1_B, HADA_W2_A, HADA_W2_B, HADA_T1, HADA_T2,
		/** The Kronecker product of two matrices, each whole or as a pair, the second perhaps with a core. */
		LOKR_W1, LOKR_W1_A, LOKR_W1_B, LOKR_W2, LOKR_W2_A, LOKR_W2_B, LOKR_T2,
		/** Rotations of the outputs, and what the turned outputs are multiplied with. */
		OFT_BLOCKS, RESCALE,
		/** Shares by which outputs or inputs grow, and which of them. */
		IA3, ON_INPUT,
		/** As PEFT has both: rotations of the inputs, and factors of outputs or inputs. */
		OFT_R, IA3_L,
		/** A pair for the weight itself, and a pair beside it. */
		A1, A2, B1, B2,
		/** Scales: over the rank; in place of alpha over rank; besides it. */
		ALPHA, SCALE, SCALAR,
		/** Length of each output's or each input's weights (DoRA). */
		MAGNITUDE,
		/** Beside a pair, what is added to the bias, with the pair's scale. */
		UP_BIAS,
		/** What is added to a weight or a bias as it is. */
		WEIGHT, BIAS;

		/** As LyCORIS writes it at the end of keys, but for the oldest. */
		String word() {
			return switch (this) {
				case DOWN, UP, MID -> "lora_" + name().toLowerCase(Locale.ROOT);
				case MAGNITUDE -> "dora_scale";
				case UP_BIAS -> "lora_B.bias";
				case WEIGHT -> "diff";
				case BIAS -> "diff_b";
				case IA3 -> "weight";
				case OFT_R -> "oft_R.weight";
				default -> name().toLowerCase(Locale.ROOT);
			};
		}
	}

	/** A key taken apart. */
	record Key(String layer, Role role) {}

	/** A layer by the network it belongs to and its name there, dotted or with underscores. */
	record Place(String network, String name, boolean underscores) {}

	/** What PEFT begins names with. */
	static final String PEFT = "base_model.model.";
	private static final String WEIGHT = ".weight";
	/** Endings that other files have too. */
	private static final Set<Role> SCALES = EnumSet.of(Role.ALPHA, Role.SCALE, Role.SCALAR, Role.RESCALE);
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
		endings.put(".lora_mid.weight", Role.MID);
		endings.put(".oft_R.weight", Role.OFT_R);
		for (final String half : new String[] { "a1", "a2", "b1", "b2" }) endings.put("." + half + ".weight", Role.valueOf(half.toUpperCase(Locale.ROOT)));
		for (final Role role : Role.values()) {
			if (role.name().matches("(HADA|LOKR)_.*|OFT_BLOCKS|RESCALE|ON_INPUT|IA3_L|ALPHA|SCALE|SCALAR")) endings.put("." + role.word(), role);
		}
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
		networks.put(PEFT, "unet");
		networks.put("lycoris_", "unet");
		networks.put("diffusion_model.", "unet");
		for (final String start : new String[] { "down_blocks.", "mid_block.", "up_blocks.", "time_embedding.", "conv_in.", "conv_out." }) networks.put(start, "unet");
		return networks;
	}

	/**
	 * Parses a key; empty if its suffix is unknown.
	 *
	 * @param all the file's keys, as some are told by what is beside them
	 */
	static Optional<Key> parse(final String key, final Set<String> all) {
		for (final Map.Entry<String, Role> ending : ENDINGS.entrySet()) {
			if (!key.endsWith(ending.getKey())) continue;
			final String stem = key.substring(0, key.length() - ending.getKey().length());
			return Optional.of(new Key(ending.getKey().startsWith("_lora") ? modern(stem + "_lora") : stem, ending.getValue()));
		}
		if (!key.endsWith(WEIGHT)) return Optional.empty();
		final String layer = key.substring(0, key.length() - WEIGHT.length());
		return all.contains(layer + "." + Role.ON_INPUT.word()) ? Optional.of(new Key(layer, Role.IA3)) : Optional.empty();
	}

	/** Whether these are the keys of an adapter, of whatever model. */
	static boolean isAdapter(final Set<String> keys) {
		return keys.stream().anyMatch(key -> parse(key, keys).filter(found -> !SCALES.contains(found.role())).isPresent());
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
			final String part = namesNoNetwork(network.getKey()) && isText(name) ? "text_encoder" : network.getValue();
			return Optional.of(new Place(part, withoutTextModel(part, name), network.getKey().endsWith("_")));
		}
		return Optional.empty();
	}

	/** Files of PEFT and of LyCORIS itself do not name the network: its layers do. */
	private static boolean namesNoNetwork(final String beginning) {
		return beginning.equals(PEFT) || beginning.equals("lycoris_");
	}

	private static boolean isText(final String name) {
		return name.matches("text_model[._].*|encoder[._]layers[._].*");
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
			if (!tensor.endsWith(WEIGHT) || tensor.startsWith("embeddings.")) continue;
			final String layer = tensor.substring(0, tensor.length() - WEIGHT.length());
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
