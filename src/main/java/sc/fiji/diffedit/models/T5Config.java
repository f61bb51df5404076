package sc.fiji.diffedit.models;

import java.util.List;

import sc.fiji.diffedit.config.Config;

/**
 * The {@code config.json} of a {@link T5ForConditionalGeneration}, with the defaults of transformers 5.23
 * ({@code configuration_t5.py}).
 *
 * @param dModel width of a token
 * @param dKv width of a head
 * @param dFf width inside the feed-forward layer
 * @param numLayers layers of the encoder
 * @param numDecoderLayers layers of the decoder
 * @param relativeAttentionNumBuckets number of relative position buckets of the attention
 * @param relativeAttentionMaxDistance tokens beyond which all distances are one
 * @param activation {@code relu}, {@code gelu}, {@code gelu_new} or {@code silu}
 * @param isGatedAct whether the activation gates a second linear layer
 * @param tieWordEmbeddings whether words are scored by the table they are read with
 */
public record T5Config(int vocabSize, int dModel, int dKv, int dFf, int numLayers, int numDecoderLayers, int numHeads,
	int relativeAttentionNumBuckets, int relativeAttentionMaxDistance, double layerNormEpsilon, String activation,
	boolean isGatedAct, boolean tieWordEmbeddings, int decoderStartTokenId, int eosTokenId, int padTokenId)
{

	private static final List<String> ACTIVATIONS = List.of("relu", "gelu", "gelu_new", "silu");

	/** @throws sc.fiji.diffedit.DiffEditException if the config needs what this class does not have */
	public static T5Config of(final Config json) {
		for (final String key : List.of("vocab_size", "d_model", "d_kv", "d_ff", "num_layers", "num_decoder_layers", "num_heads",
			"relative_attention_num_buckets", "relative_attention_max_distance"))
		{
			if (json.has(key) && json.getInt(key, 1) < 1) throw json.unsupported(key, "a number above 0");
		}
		final String feedForward = json.getString("feed_forward_proj", "relu");
		final boolean gated = feedForward.startsWith("gated-");
		final String named = gated ? feedForward.substring("gated-".length()) : feedForward;
		final String activation = feedForward.equals("gated-gelu") ? "gelu_new" : named;
		if (!ACTIVATIONS.contains(activation)) throw json.unsupported("feed_forward_proj", "relu, gelu, silu or gated-gelu");
		final int buckets = json.getInt("relative_attention_num_buckets", 32);
		final int distance = json.getInt("relative_attention_max_distance", 128);
		if (buckets < 4 || distance <= buckets / 2) {
			throw json.unsupported("relative_attention_num_buckets", "at least 4, and fewer than twice relative_attention_max_distance");
		}
		final int layers = json.getInt("num_layers", 6);
		return new T5Config(json.getInt("vocab_size", 32128), json.getInt("d_model", 512), json.getInt("d_kv", 64), json.getInt("d_ff", 2048),
			layers, json.getInt("num_decoder_layers", layers), json.getInt("num_heads", 8), buckets, distance,
			json.getDouble("layer_norm_epsilon", 1e-6), activation, gated, json.getBoolean("tie_word_embeddings", true),
			json.getInt("decoder_start_token_id", json.getInt("pad_token_id", 0)), json.getInt("eos_token_id", 1), json.getInt("pad_token_id", 0));
	}
}
