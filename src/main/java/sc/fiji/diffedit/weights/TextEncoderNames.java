package sc.fiji.diffedit.weights;

import java.util.Set;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.weights.MappedWeights.View;

/** The names of CLIP's text encoders outside of diffusers: those of OpenCLIP, of stable-diffusion.cpp and of llama.cpp. */
final class TextEncoderNames {

	/** How stable-diffusion.cpp calls queries, keys and values that it took over from OpenCLIP as one. */
	private static final String FUSED = ".self_attn.in_proj.";
	private static final String PROJECTION = "text_projection", LAYERS = "encoder.layers.";

	private TextEncoderNames() {}

	/** Those of transformers behind a prefix. Where OpenCLIP's weights have got them, they are taken apart as {@link #openClip} does. */
	static WeightsView clip(final Weights weights, final String prefix, final boolean projection) {
		if (!isFused(weights, prefix)) return new RenamedWeights(weights, name -> name.startsWith(prefix) ? StateNames.withoutTextModel(name.substring(prefix.length())) : null);
		final MappedWeights mapped = new MappedWeights(weights);
		final String last = LAYERS + (layers(weights, prefix + "text_model." + LAYERS, ".layer_norm1.weight") - 1) + ".";
		for (final String stored : weights.names()) {
			if (!stored.startsWith(prefix)) continue;
			final String name = StateNames.withoutTextModel(stored.substring(prefix.length()));
			if (!projection && (name.startsWith(last) && !last.equals(LAYERS + "0.") || name.equals(PROJECTION))) mapped.drop(stored);
			else if (name.equals(PROJECTION)) mapped.put(name + ".weight", stored, View.TRANSPOSED);
			else if (name.contains(FUSED)) putThirds(mapped, stored, name.substring(0, name.indexOf(FUSED)) + ".self_attn.", name.substring(name.lastIndexOf('.') + 1));
			else mapped.put(name, stored, View.SAME);
		}
		return mapped;
	}

	/** Whether queries, keys and values lie in one tensor under a name of stable-diffusion.cpp. */
	static boolean isFused(final Weights weights, final String prefix) {
		return weights.names().stream().anyMatch(name -> name.startsWith(prefix) && name.contains(FUSED));
	}

	private static void putThirds(final MappedWeights mapped, final String stored, final String attention, final String leaf) {
		mapped.put(attention + "q_proj." + leaf, stored, View.FIRST_THIRD);
		mapped.put(attention + "k_proj." + leaf, stored, View.SECOND_THIRD);
		mapped.put(attention + "v_proj." + leaf, stored, View.LAST_THIRD);
	}

	private static int layers(final Weights weights, final String before, final String after) {
		int layers = 0;
		while (weights.has(before + layers + after)) layers++;
		return layers;
	}

	/** Whether weights are those of an OpenCLIP text encoder, behind a prefix. */
	static boolean isOpenClip(final Weights weights, final String prefix) {
		return weights.has(prefix + "transformer.resblocks.0.attn.in_proj_weight");
	}

	/** @param projection whether the text projection and the last layer are used: SD 2 takes the hidden states before both */
	static WeightsView openClip(final Weights weights, final String prefix, final boolean projection) {
		final String blocks = prefix + "transformer.resblocks.";
		final int all = layers(weights, blocks, ".ln_1.weight");
		final boolean withoutLast = !projection && all > 1;
		final int layers = withoutLast ? all - 1 : all;
		final String last = blocks + layers + ".";
		final MappedWeights mapped = SingleFile.renamed(weights, prefix, new NameTable("open-clip", layers, 0, Set.of()));
		weights.names().stream().filter(name -> withoutLast && name.startsWith(last) || !projection && name.equals(prefix + "text_projection")).forEach(mapped::drop);
		mapped.put("embeddings.position_embedding.weight", require(weights, prefix + "positional_embedding"), View.SAME);
		if (projection) mapped.put("text_projection.weight", require(weights, prefix + "text_projection"), View.TRANSPOSED);
		for (int layer = 0; layer < layers; layer++) {
			for (final String leaf : new String[] { "weight", "bias" }) {
				putThirds(mapped, require(weights, blocks + layer + ".attn.in_proj_" + leaf), LAYERS + layer + ".self_attn.", leaf);
			}
		}
		return mapped;
	}

	private static String require(final Weights weights, final String name) {
		if (weights.has(name)) return name;
		throw new DiffEditException(weights.source() + " has no tensor '" + name + "', which its text encoder needs; the file is incomplete.");
	}

	/** Whether weights are those of a CLIP text encoder in the names of llama.cpp. */
	static boolean isLlama(final Weights weights) {
		return weights.has("t.blk.0.attn_q.weight");
	}

	/** The two layers of a perceptron have their names exchanged in older files, so their shapes tell them apart. */
	static WeightsView llama(final Weights weights) {
		final int layers = layers(weights, "t.blk.", ".attn_q.weight");
		final boolean exchanged = weights.size("t.blk.0.ffn_down.weight", 0) > weights.size("t.blk.0.ffn_down.weight", 1);
		final NameTable names = new NameTable(exchanged ? "llama-clip-exchanged" : "llama-clip", layers, 0, Set.of());
		return SingleFile.renamed(weights, "", names);
	}
}
