package sc.fiji.diffedit.weights;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import sc.fiji.diffedit.DiffEditException;

/**
 * How a model is opened.
 *
 * @param variant the variant of the weight files, such as {@code fp16} for {@code model.fp16.safetensors}; empty for the
 *          plain files, or for the only variant there is
 * @param companion for a checkpoint in one file, a folder in diffusers format that has its configs and tokenizers
 * @param separateParts files or folders that take the place of a part's own weights
 * @param reading whether weights are memory-mapped or copied
 * @param predictionType what the UNet predicts, whatever the model's files say: {@code epsilon}, {@code v_prediction} or {@code sample}; empty
 *          for what they say
 */
public record ModelOptions(Optional<String> variant, Optional<Path> companion, Map<String, Path> separateParts, WeightAccess reading, Optional<String> predictionType) {

	/** The parts of models that have a meaning here, and can come from elsewhere. */
	public static final List<String> PARTS = List.of("unet", ModelFolder.VAE, "text_encoder", "text_encoder_2", "tokenizer", "tokenizer_2", "scheduler", "safety_checker", "feature_extractor");

	private static final Set<String> PREDICTION_TYPES = Set.of("epsilon", "v_prediction", "sample");

	/** Plain files, nothing separate. */
	public static final ModelOptions DEFAULTS = new ModelOptions(Optional.empty(), Optional.empty(), Map.of(), WeightAccess.AUTOMATIC, Optional.empty());

	public ModelOptions {
		separateParts = Map.copyOf(separateParts);
		if (predictionType.filter(type -> !PREDICTION_TYPES.contains(type)).isPresent()) {
			throw new DiffEditException("A UNet cannot predict '" + predictionType.get() + "'; write epsilon, v_prediction or sample.");
		}
	}

	public ModelOptions withVariant(final String name) {
		return new ModelOptions(Optional.of(name), companion, separateParts, reading, predictionType);
	}

	public ModelOptions withCompanion(final Path folder) {
		return new ModelOptions(variant, Optional.of(folder), separateParts, reading, predictionType);
	}

	/** Takes the weights of a part ({@code vae}, {@code text_encoder}) from elsewhere: a file, or a folder with its config. */
	public ModelOptions withPart(final String part, final Path path) {
		final Map<String, Path> more = new LinkedHashMap<>(separateParts);
		more.put(part, path);
		return new ModelOptions(variant, companion, more, reading, predictionType);
	}

	public ModelOptions withReading(final WeightAccess reading) {
		return new ModelOptions(variant, companion, separateParts, reading, predictionType);
	}

	/**
	 * Says what the UNet predicts, before all that the model's files say.
	 *
	 * @throws DiffEditException if it is none of {@code epsilon}, {@code v_prediction} and {@code sample}
	 */
	public ModelOptions withPredictionType(final String type) {
		return new ModelOptions(variant, companion, separateParts, reading, Optional.of(type));
	}
}
