package sc.fiji.diffedit.weights;

import java.util.Optional;
import java.util.Set;

/**
 * A file of one part, or of what is added to models, which somebody takes for a whole model.
 *
 * @param kind what it is
 * @param option as what it can be named for a model
 */
record LonePart(String kind, String option) {

	private static final Set<String> WORDS = Set.of("emb_params", "clip_l", "clip_g", "string_to_param");

	/** Of the kinds that are read here; empty for others. */
	static Optional<LonePart> of(final Weights file) {
		final Set<String> names = file.names();
		if (LoraKeys.isAdapter(names)) return Optional.of(new LonePart("a LoRA or another adapter", "lora"));
		if (SingleFile.isVae(file, "") || SingleFile.isVae(file, SingleFile.VAE) || file.has("decoder.mid_block.resnets.0.conv1.weight") || TinyAutoencoder.kind(file).isPresent()) return Optional.of(new LonePart("an autoencoder", "vae"));
		if (file.has("conv_in.weight") && file.has("time_embedding.linear_1.weight")) return Optional.of(new LonePart("a UNet alone", "unet"));
		final boolean isText = TextEncoderNames.isOpenClip(file, "") || TextEncoderNames.isLlama(file) || names.stream().anyMatch(name -> name.endsWith("embeddings.token_embedding.weight"));
		if (isText) return Optional.of(new LonePart("a text encoder", "text_encoder"));
		final boolean isWord = names.stream().anyMatch(WORDS::contains) || names.size() == 1 && file.shape(names.iterator().next()).length <= 2;
		return isWord ? Optional.of(new LonePart("a word of textual inversion", "word")) : Optional.empty();
	}

	/** What it is and what to do with it, as the end of a sentence. */
	String advice() {
		return " but " + kind + ". Choose a model, and name this file beside it (" + option + ": FILE).";
	}
}
