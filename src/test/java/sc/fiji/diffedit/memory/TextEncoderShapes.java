package sc.fiji.diffedit.memory;

import java.util.List;

import sc.fiji.diffedit.models.CLIPTextConfig;
import sc.fiji.diffedit.weights.Shapes;

/** Names and shapes of a CLIP text encoder's checkpoint of any size, without numbers. */
public final class TextEncoderShapes extends Shapes {

	public TextEncoderShapes(final CLIPTextConfig config) {
		final long width = config.hiddenSize();
		tensor("embeddings.token_embedding.weight", config.vocabSize(), width);
		tensor("embeddings.position_embedding.weight", config.maxPositionEmbeddings(), width);
		for (int i = 0; i < config.numHiddenLayers(); i++) {
			final String layer = "encoder.layers." + i + ".";
			for (final String name : List.of("q_proj", "k_proj", "v_proj", "out_proj")) layer(layer + "self_attn." + name, width, width);
			layer(layer + "layer_norm1", width);
			layer(layer + "layer_norm2", width);
			layer(layer + "mlp.fc1", config.intermediateSize(), width);
			layer(layer + "mlp.fc2", width, config.intermediateSize());
		}
		layer("final_layer_norm", width);
	}
}
