package sc.fiji.diffedit.memory;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import sc.fiji.diffedit.models.CLIPTextConfig;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.Weights;

/** Names and shapes of a CLIP text encoder's checkpoint of any size, without numbers. */
final class TextEncoderShapes implements Weights {

	private final Map<String, long[]> shapes = new LinkedHashMap<>();

	TextEncoderShapes(final CLIPTextConfig config) {
		final long width = config.hiddenSize();
		shapes.put("embeddings.token_embedding.weight", new long[] { config.vocabSize(), width });
		shapes.put("embeddings.position_embedding.weight", new long[] { config.maxPositionEmbeddings(), width });
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

	private void layer(final String name, final long... shape) {
		shapes.put(name + ".weight", shape);
		shapes.put(name + ".bias", new long[] { shape[0] });
	}

	@Override
	public Set<String> names() {
		return shapes.keySet();
	}

	@Override
	public long[] shape(final String name) {
		return shapes.get(name);
	}

	@Override
	public DType dtype(final String name) {
		return DType.FLOAT32;
	}

	@Override
	public Tensor get(final String name) {
		throw new UnsupportedOperationException("there are no numbers");
	}

	@Override
	public String source() {
		return "shapes";
	}
}
