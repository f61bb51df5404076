package sc.fiji.diffedit.models;

import java.util.List;

import sc.fiji.diffedit.config.Config;

/**
 * The {@code config.json} of a {@link CLIPTextModel}, with the defaults of transformers 5.23
 * ({@code configuration_clip.py}).
 *
 * @param vocabSize number of tokens in the table
 * @param hiddenSize width of a token
 * @param intermediateSize width inside the feed-forward layer
 * @param projectionDim width of the projected pooled output, where the model has a projection
 * @param maxPositionEmbeddings most tokens of one prompt
 * @param hiddenAct {@code quick_gelu} or {@code gelu}
 * @param eosTokenId token that ends a prompt; 2 stands for "the largest number", as old configs write it
 */
public record CLIPTextConfig(int vocabSize, int hiddenSize, int intermediateSize, int projectionDim, int numHiddenLayers,
	int numAttentionHeads, int maxPositionEmbeddings, String hiddenAct, double layerNormEps, int eosTokenId)
{

	private static final List<String> ACTIVATIONS = List.of("quick_gelu", "gelu");

	/** @throws sc.fiji.diffedit.DiffEditException if the config needs what this class does not have */
	public static CLIPTextConfig of(final Config json) {
		for (final String key : List.of("vocab_size", "hidden_size", "intermediate_size", "projection_dim", "num_hidden_layers",
			"num_attention_heads", "max_position_embeddings"))
		{
			if (json.has(key) && json.getInt(key, 1) < 1) throw json.unsupported(key, "a number above 0");
		}
		if (!ACTIVATIONS.contains(json.getString("hidden_act", "quick_gelu"))) throw json.unsupported("hidden_act", "quick_gelu or gelu");
		if (json.getBoolean("use_attention_mask", false)) throw json.unsupported("use_attention_mask", "false");
		final int width = json.getInt("hidden_size", 512);
		final int heads = json.getInt("num_attention_heads", 8);
		if (width % heads != 0) throw json.unsupported("num_attention_heads", "a number that divides hidden_size (" + width + ")");
		return new CLIPTextConfig(json.getInt("vocab_size", 49408), width, json.getInt("intermediate_size", 2048),
			json.getInt("projection_dim", 512), json.getInt("num_hidden_layers", 12), heads,
			json.getInt("max_position_embeddings", 77), json.getString("hidden_act", "quick_gelu"),
			json.getDouble("layer_norm_eps", 1e-5), json.getInt("eos_token_id", 49407));
	}
}
