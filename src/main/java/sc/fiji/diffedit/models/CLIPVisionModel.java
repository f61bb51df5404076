package sc.fiji.diffedit.models;


import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.nn.Leaves;
import sc.fiji.diffedit.nn.Parts;
import sc.fiji.diffedit.tensor.Kernels;
import sc.fiji.diffedit.tensor.Tensor;

/** The image half of CLIP (Radford et al. 2021; transformers {@code modeling_clip.py}) as a part of a larger network. */
final class CLIPVisionModel {

	static final class Programs {

		static final Kernels KERNELS = Kernels.load("layers", "clip", "clip_vision");
	}

	private final CLIPVisionConfig config;
	private final Sequence layers;

	/** @param parts made with {@link Programs#KERNELS}; names there begin with {@code embeddings}, {@code encoder}, ... */
	CLIPVisionModel(final CLIPVisionConfig config, final Parts parts) {
		this.config = config;
		layers = new Sequence().add(new Embeddings(parts.at("embeddings"), config)::forward).add(new FirstNorm(parts, config)::forward);
		for (int i = 0; i < config.numHiddenLayers(); i++) {
			layers.add(new CLIPLayer(parts.at("encoder.layers", i), config.hiddenSize(), config.intermediateSize(),
				config.numAttentionHeads(), config.layerNormEps(), config.hiddenAct(), false)::forward);
		}
		layers.add(new Pooled(parts, config)::forward);
	}

	/**
	 * The whole image in one vector.
	 *
	 * @param pixels normalised, (batch, 3, edge, edge)
	 * @return shape (batch, width)
	 */
	Tensor forward(final Tensor pixels) {
		final long[] shape = pixels.shape();
		if (shape.length != 4 || shape[1] != config.numChannels() || shape[2] != config.imageSize() || shape[3] != config.imageSize()) {
			throw new DiffEditException("The image encoder got " + pixels + "; it needs (batch, " + config.numChannels() + ", "
				+ config.imageSize() + ", " + config.imageSize() + "): take the feature extractor of the same model.");
		}
		return layers.forward(pixels);
	}

	private static final class Embeddings extends Block {

		private final int patch;

		Embeddings(final Parts parts, final CLIPVisionConfig config) {
			super(parts, new Leaves().convNoBias("patch_embedding", config.numChannels(), config.hiddenSize(), config.patchSize(), config.patchSize())
				.parameter("class_embedding", config.hiddenSize()).embedding("position_embedding", config.tokens(), config.hiddenSize()));
			this.patch = config.patchSize();
		}

		Tensor forward(final Tensor pixels) {
			return call("clip_patches", pixels, patch);
		}
	}

	/** {@code pre_layrnorm}, spelled as in every checkpoint. */
	private static final class FirstNorm extends Block {

		private static final String NAME = "pre_layrnorm";
		private final double eps;

		FirstNorm(final Parts parts, final CLIPVisionConfig config) {
			super(parts, new Leaves().layerNorm(NAME, config.hiddenSize()));
			this.eps = config.layerNormEps();
		}

		Tensor forward(final Tensor x) {
			return call("clip_norm", x, NAME, eps);
		}
	}

	/** The norm over the first token. */
	private static final class Pooled extends Block {

		private final double eps;

		Pooled(final Parts parts, final CLIPVisionConfig config) {
			super(parts, new Leaves().layerNorm("post_layernorm", config.hiddenSize()));
			this.eps = config.layerNormEps();
		}

		Tensor forward(final Tensor x) {
			return call("clip_pooled", x, eps);
		}
	}
}
