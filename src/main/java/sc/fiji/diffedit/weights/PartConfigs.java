package sc.fiji.diffedit.weights;

import java.nio.file.Path;
import java.util.Optional;

import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;

/** Configs of parts as they count, which is not always as they stand in their files. */
final class PartConfigs {

	private PartConfigs() {}

	/** The file in a part's folder with its config. */
	static String fileName(final String part) {
		if (part.endsWith("scheduler")) return "scheduler_config.json";
		if (part.startsWith("tokenizer")) return "tokenizer_config.json";
		return part.startsWith("feature_extractor") || part.startsWith("image_processor") ? "preprocessor_config.json" : "config.json";
	}

	/**
	 * The config of a part as its network reads it.
	 *
	 * @throws DiffEditException if the weights beside it were quantised
	 */
	static Config read(final String part, final Path file) {
		final Config config = unquantised(Config.read(file));
		return part.startsWith("text_encoder") ? unquantised(ofTexts(config)) : config;
	}

	/** The text half of a whole CLIP's config. */
	private static Config ofTexts(final Config config) {
		if (!config.json().has("text_config") || config.json().has("hidden_size")) return config;
		final Config texts = config.getConfig("text_config");
		if (!texts.has("projection_dim") && config.has("projection_dim")) texts.json().add("projection_dim", config.json().get("projection_dim"));
		return texts;
	}

	/** @throws DiffEditException if the weights beside a config are not numbers but what a quantiser made of them */
	private static Config unquantised(final Config config) {
		if (!config.has("quantization_config")) return config;
		final String quantiser = config.getConfig("quantization_config").getString("quant_method", "an unknown quantiser");
		throw new DiffEditException(config.source() + " says that the weights were quantised by " + quantiser
			+ ", which cannot be read here; take the model in float32, float16 or bfloat16.");
	}

	/** What the user says of the prediction counts. */
	static Config predicting(final Optional<String> type, final Config config) {
		if (type.isEmpty()) return config;
		final JsonObject json = config.json().deepCopy();
		json.addProperty("prediction_type", type.get());
		return new Config(config.source(), json);
	}

	/** The class that {@code model_index.json} names counts, whatever a scheduler's own config says: as in diffusers. */
	static Config ofClass(final String indexed, final Config config) {
		if (indexed == null || indexed.equals(config.getString("_class_name", ""))) return config;
		final JsonObject json = config.json().deepCopy();
		json.addProperty("_class_name", indexed);
		return new Config(config.source(), json);
	}
}
