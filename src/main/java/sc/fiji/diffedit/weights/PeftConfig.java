package sc.fiji.diffedit.weights;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.config.KnownNames;

/** PEFT's {@code adapter_config.json}: what the tensors beside it do not tell of LoRA, LoHa, LoKr, OFT and IA3 as PEFT has them. */
final class PeftConfig {

	/** Where there is none. */
	static final PeftConfig NONE = new PeftConfig(new Config("adapter_config.json", new JsonObject()));

	private static final KnownNames HARMLESS = KnownNames.read(PeftConfig.class, "adapter-keys.txt");
	private static final String FILE = "adapter_config.json", TYPE = "peft_type", START = "init_lora_weights";
	private static final String READ = "(lora_)?alpha|use_rslora|alpha_pattern|r|rank_pattern|feedforward_modules|use_cayley_neumann|num_cayley_neumann_terms|coft|eps|block_share";
	private static final int MOST_TERMS = 100;

	private final Config config;

	private PeftConfig(final Config config) {
		this.config = config;
	}

	/**
	 * The config beside a file that PEFT has written.
	 *
	 * @throws DiffEditException if it is for another kind of adapter, or asks for something unknown
	 */
	static PeftConfig beside(final Path file) {
		final Path beside = file.resolveSibling(FILE);
		if (!file.getFileName().toString().startsWith("adapter_model.") || !Files.isRegularFile(beside)) return NONE;
		return new PeftConfig(checked(Config.read(beside)));
	}

	/** @throws DiffEditException if these settings are for another kind of adapter, or ask for something unknown */
	static Config checked(final Config config) {
		if (!config.getString(TYPE, "LORA").matches("LORA|LOHA|LOKR|OFT|IA3")) throw config.unsupported(TYPE, "LORA, LOHA, LOKR, OFT or IA3");
		if (config.getBoolean("fan_in_fan_out", false)) throw config.unsupported("fan_in_fan_out", "false");
		for (final String key : config.json().keySet()) {
			if (!key.matches(READ) && !HARMLESS.unknown(List.of(key)).isEmpty() && isSet(config.json().get(key))) throw config.unsupported(key, "no " + key);
		}
		requireOwnWeights(config);
		if (config.getString(TYPE, "").equals("OFT")) requireNewRotations(config);
		return config;
	}

	/** Some beginnings of training change the model's weights, so that the adapter belongs to others than the model's own. */
	private static void requireOwnWeights(final Config config) {
		final JsonElement start = config.json().get(START);
		if (start != null && start.isJsonPrimitive() && start.getAsString().matches("(?i)(pissa|corda|olora|loftq|lora_ga).*")) {
			throw config.unsupported(START, "an adapter to the model's own weights: save it again with path_initial_model_for_weight_conversion, or merge it into the model");
		}
	}

	/** PEFT has changed what the same tensors of OFT mean twice, and does not read the older ones itself. */
	private static void requireNewRotations(final Config config) {
		if (!config.has("oft_block_size")) throw config.unsupported(TYPE, "OFT of PEFT 0.16 or newer, which writes oft_block_size");
		final String version = config.getString("peft_version", "0.0");
		if (config.getBoolean("use_cayley_neumann", false) && version.matches("0\\.(\\d|1[0-7])(\\D.*)?")) {
			throw config.unsupported("use_cayley_neumann", "the series of PEFT 0.18 or newer, and this adapter is of " + (version.equals("0.0") ? "an older version" : "version " + version));
		}
	}

	/** Whether a value says something: PEFT writes every key that it knows. */
	private static boolean isSet(final JsonElement value) {
		if (value.isJsonNull()) return false;
		if (value.isJsonObject()) return !value.getAsJsonObject().isEmpty();
		if (value.isJsonArray()) return !value.getAsJsonArray().isEmpty();
		return !value.getAsString().equals("false");
	}

	/** Whether there is one. */
	boolean isThere() {
		return !config.json().isEmpty();
	}

	/** The value of a key, under the name that it has for LoRA: others call {@code lora_alpha} {@code alpha}. */
	Optional<JsonElement> get(final String key) {
		return Optional.ofNullable(config.json().get(key)).or(() -> Optional.ofNullable(config.json().get(key.replace("lora_", ""))));
	}

	/** The rank that LoKr divides alpha by also where both of its matrices are whole; 0 for other kinds. */
	long rank(final String layer) {
		if (!config.getString(TYPE, "").equals("LOKR")) return 0;
		final Config ranks = config.getConfig("rank_pattern");
		final Optional<String> pattern = ranks.json().keySet().stream().filter(key -> new LayerPattern(config.source(), "rank_pattern", key).fits(layer)).findFirst();
		final long rank = pattern.isPresent() ? ranks.getInt(pattern.get(), 8) : config.getInt("r", 8);
		if (rank < 1) throw config.unsupported("r", "a number above 0");
		return rank;
	}

	/** Whether IA3 has factors of a layer's inputs, and not of its outputs. */
	boolean isFeedforward(final String layer) {
		final JsonElement modules = config.json().get("feedforward_modules");
		if (modules == null || modules.isJsonNull()) return false;
		if (modules.isJsonPrimitive()) return new LayerPattern(config.source(), "feedforward_modules", modules.getAsString()).isAll(layer);
		return config.getStrings("feedforward_modules").stream().anyMatch(layer::endsWith);
	}

	/** How many terms of its series PEFT takes for Cayley's formula in OFT; 0 for the formula itself. */
	int cayleyTerms() {
		if (!config.getBoolean("use_cayley_neumann", false)) return 0;
		final int terms = config.getInt("num_cayley_neumann_terms", 5);
		if (terms < 1 || terms > MOST_TERMS) throw config.unsupported("num_cayley_neumann_terms", "1 to " + MOST_TERMS);
		return terms;
	}

	/** What bounds the rotations of OFT (COFT), before it is shared out among the blocks; 0 for nothing. */
	double bound() {
		return config.getBoolean("coft", false) ? config.getDouble("eps", 6e-5) : 0;
	}

	/** Whether all blocks of OFT turn by the same rotation. */
	boolean isShared() {
		return config.getBoolean("block_share", false);
	}
}
