package sc.fiji.diffedit.weights;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;

/** What somebody named for a part of a model: the part's own folder, a whole model, a file of the part alone, or a checkpoint in one file. */
final class PartFolder {

	private static final String TINY = "encoder.layers.0.";

	private PartFolder() {}

	/** Whether a folder holds a tokenizer. */
	static boolean isTokenizer(final Path folder) {
		return Files.isRegularFile(folder.resolve("vocab.json")) || Files.isRegularFile(folder.resolve("tokenizer.json"));
	}

	/** The folder of a part: below a whole model, around a file such as {@code tokenizer.json}, else what was named. */
	static Path of(final Path named, final String part) {
		if (Files.isDirectory(named)) return Files.isRegularFile(named.resolve(ModelFolder.INDEX)) && Files.isDirectory(named.resolve(part)) ? named.resolve(part) : named;
		final boolean describes = named.getFileName().toString().matches(".*\\.(json|txt)");
		return describes ? named.toAbsolutePath().getParent() : named;
	}

	/**
	 * The weights of a part.
	 *
	 * @param model the model that they become a part of, which closes them
	 */
	static Weights weights(final Path named, final String part, final ModelFolder model) {
		if (Files.isDirectory(named)) {
			final ModelFolder folder = model.openFolder(named);
			return folder.weights(folder.has(part) ? part : ModelFolder.WHOLE);
		}
		final Weights file = ScaledWeights.of(model.openFile(named));
		if (SingleFile.is(file)) return ofCheckpoint(file, part);
		if (part.equals(ModelFolder.VAE)) {
			for (final String prefix : new String[] { "", SingleFile.VAE }) {
				if (SingleFile.isVae(file, prefix)) return SingleFile.vae(file, prefix);
			}
		}
		if (part.equals(ModelFolder.VAE)) return isTiny(file) ? file : StateNames.normalised(file, "AutoencoderKL");
		if (part.startsWith("text_encoder") && TextEncoderNames.isOpenClip(file, "")) return TextEncoderNames.openClip(file, "", part.endsWith("_2"));
		if (part.startsWith("text_encoder") && TextEncoderNames.isLlama(file)) return TextEncoderNames.llama(file);
		return StateNames.normalised(file, model.className(part));
	}

	/** Whether weights are those of a tiny autoencoder (TAESD) in diffusers' names. */
	private static boolean isTiny(final Weights file) {
		return file.has(TINY + "weight");
	}

	/** The config of a tiny autoencoder in a file of its own: diffusers' defaults, and the channels that it has. */
	static Optional<Config> tinyConfig(final Weights file) {
		if (!isTiny(file)) return Optional.empty();
		final JsonObject config = new JsonObject();
		config.addProperty("_class_name", "AutoencoderTiny");
		final JsonArray channels = new JsonArray();
		for (int i = 0; i < 4; i++) channels.add(file.size(TINY + "weight", 0));
		config.add("encoder_block_out_channels", channels);
		config.add("decoder_block_out_channels", channels);
		return Optional.of(new Config(file.source(), config));
	}

	private static Weights ofCheckpoint(final Weights checkpoint, final String part) {
		final SingleFile file = new SingleFile(checkpoint, Optional.of(Family.SD1));
		final Weights weights = file.parts().get(part);
		if (weights == null) throw new DiffEditException(checkpoint.source() + " holds " + String.join(", ", file.parts().keySet()) + " and no " + part + "; name another file.");
		return weights;
	}
}
