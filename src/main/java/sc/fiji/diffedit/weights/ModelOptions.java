package sc.fiji.diffedit.weights;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How a model is opened.
 *
 * @param variant the variant of the weight files, such as {@code fp16} for {@code model.fp16.safetensors}; empty for the
 *          plain files, or for the only variant there is
 * @param companion for a checkpoint in one file, a folder in diffusers format that has its configs and tokenizers
 * @param separateParts files or folders that take the place of a part's own weights
 * @param reading whether weights are memory-mapped or copied
 */
public record ModelOptions(Optional<String> variant, Optional<Path> companion, Map<String, Path> separateParts, WeightAccess reading) {

	/** Plain files, nothing separate. */
	public static final ModelOptions DEFAULTS = new ModelOptions(Optional.empty(), Optional.empty(), Map.of(), WeightAccess.AUTOMATIC);

	public ModelOptions {
		separateParts = Map.copyOf(separateParts);
	}

	public ModelOptions withVariant(final String name) {
		return new ModelOptions(Optional.of(name), companion, separateParts, reading);
	}

	public ModelOptions withCompanion(final Path folder) {
		return new ModelOptions(variant, Optional.of(folder), separateParts, reading);
	}

	/** Takes the weights of a part ({@code vae}, {@code text_encoder}) from elsewhere: a file, or a folder with its config. */
	public ModelOptions withPart(final String part, final Path path) {
		final Map<String, Path> more = new LinkedHashMap<>(separateParts);
		more.put(part, path);
		return new ModelOptions(variant, companion, more, reading);
	}

	public ModelOptions withReading(final WeightAccess reading) {
		return new ModelOptions(variant, companion, separateParts, reading);
	}
}
