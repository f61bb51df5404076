package sc.fiji.diffedit.models;

import java.util.List;

import sc.fiji.diffedit.config.Config;

/**
 * The {@code config.json} of a {@link BlipForConditionalGeneration}, with the defaults of transformers 5.23
 * ({@code configuration_blip.py}).
 */
public record BlipConfig(Vision vision, Text text) {

	/**
	 * The image encoder.
	 *
	 * @param imageSize edge of the image in pixels
	 * @param patchSize edge of a patch, which becomes one token
	 */
	public record Vision(int hiddenSize, int intermediateSize, int numHiddenLayers, int numAttentionHeads, int imageSize, int patchSize,
		double layerNormEps)
	{

		/** Tokens of an image: one for the whole and one per patch. */
		public int tokens() {
			final int along = imageSize / patchSize;
			return 1 + along * along;
		}
	}

	/**
	 * The text decoder.
	 *
	 * @param maxPositionEmbeddings most tokens of a caption
	 * @param bosTokenId token that begins a caption
	 * @param sepTokenId token that ends a caption
	 */
	public record Text(int vocabSize, int hiddenSize, int intermediateSize, int numHiddenLayers, int numAttentionHeads,
		int maxPositionEmbeddings, double layerNormEps, int bosTokenId, int sepTokenId, int padTokenId)
	{}

	/** @throws sc.fiji.diffedit.DiffEditException if the config needs what this class does not have */
	public static BlipConfig of(final Config json) {
		final Config vision = json.getConfig("vision_config");
		final Config text = json.getConfig("text_config");
		check(vision);
		check(text);
		return new BlipConfig(new Vision(vision.getInt("hidden_size", 768), vision.getInt("intermediate_size", 3072),
			vision.getInt("num_hidden_layers", 12), vision.getInt("num_attention_heads", 12), vision.getInt("image_size", 384),
			vision.getInt("patch_size", 16), vision.getDouble("layer_norm_eps", 1e-5)),
			new Text(text.getInt("vocab_size", 30524), text.getInt("hidden_size", 768), text.getInt("intermediate_size", 3072),
				text.getInt("num_hidden_layers", 12), text.getInt("num_attention_heads", 8), text.getInt("max_position_embeddings", 512),
				text.getDouble("layer_norm_eps", 1e-12), text.getInt("bos_token_id", 30522), text.getInt("sep_token_id", 102),
				text.getInt("pad_token_id", 0)));
	}

	private static void check(final Config json) {
		for (final String key : List.of("hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "image_size",
			"patch_size", "vocab_size", "max_position_embeddings"))
		{
			if (json.has(key) && json.getInt(key, 1) < 1) throw json.unsupported(key, "a number above 0");
		}
		if (!json.getString("hidden_act", "gelu").equals("gelu")) throw json.unsupported("hidden_act", "gelu");
		if (json.has("num_attention_heads") && json.getInt("hidden_size", 768) % json.getInt("num_attention_heads", 1) != 0) {
			throw json.unsupported("num_attention_heads", "a number that divides hidden_size");
		}
	}
}
