package sc.fiji.diffedit.models;

import java.util.List;

import sc.fiji.diffedit.config.Config;

/**
 * The {@code vision_config} of CLIP, with the defaults of transformers 5.23 ({@code configuration_clip.py}).
 *
 * @param hiddenSize width of a patch
 * @param intermediateSize width inside the feed-forward layer
 * @param imageSize edge of an image in pixels
 * @param patchSize edge of a patch in pixels
 * @param hiddenAct {@code quick_gelu} or {@code gelu}
 */
public record CLIPVisionConfig(int hiddenSize, int intermediateSize, int numHiddenLayers, int numAttentionHeads,
	int numChannels, int imageSize, int patchSize, String hiddenAct, double layerNormEps)
{

	private static final List<String> ACTIVATIONS = List.of("quick_gelu", "gelu");

	/** @throws sc.fiji.diffedit.DiffEditException if the config needs what {@link CLIPVisionModel} does not have */
	public static CLIPVisionConfig of(final Config json) {
		for (final String key : List.of("hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
			"num_channels", "image_size", "patch_size"))
		{
			if (json.has(key) && json.getInt(key, 1) < 1) throw json.unsupported(key, "a number above 0");
		}
		if (!ACTIVATIONS.contains(json.getString("hidden_act", "quick_gelu"))) throw json.unsupported("hidden_act", "quick_gelu or gelu");
		final CLIPVisionConfig config = new CLIPVisionConfig(json.getInt("hidden_size", 768), json.getInt("intermediate_size", 3072),
			json.getInt("num_hidden_layers", 12), json.getInt("num_attention_heads", 12), json.getInt("num_channels", 3),
			json.getInt("image_size", 224), json.getInt("patch_size", 32), json.getString("hidden_act", "quick_gelu"),
			json.getDouble("layer_norm_eps", 1e-5));
		if (config.hiddenSize % config.numAttentionHeads != 0) {
			throw json.unsupported("num_attention_heads", "a number that divides hidden_size (" + config.hiddenSize + ")");
		}
		if (config.patchSize > config.imageSize) throw json.unsupported("patch_size", "at most image_size (" + config.imageSize + ")");
		return config;
	}

	/** Patches of an image, and the one token that stands for all of it. */
	public int tokens() {
		final int edge = imageSize / patchSize;
		return edge * edge + 1;
	}
}
