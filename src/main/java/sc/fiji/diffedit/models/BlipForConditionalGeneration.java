package sc.fiji.diffedit.models;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.nn.Leaves;
import sc.fiji.diffedit.nn.Parts;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Kernels;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.Weights;

/**
 * BLIP (Li et al. 2022; transformers {@code modeling_blip.py}, {@code modeling_blip_text.py}): looks at an image and says
 * what it sees.
 */
public final class BlipForConditionalGeneration implements Network {

	private static final class Programs {

		static final Kernels KERNELS = Kernels.load("layers", "blip");
	}

	private final BlipConfig config;
	private final Patches patches;
	private final List<VisionLayer> eyes = new ArrayList<>();
	private final VisionNorm norm;
	private final TokenEmbeddings embeddings;
	private final List<TextLayer> layers = new ArrayList<>();
	private final List<Block> blocks;

	/** The same on the CPU. */
	public BlipForConditionalGeneration(final BlipConfig config, final Weights weights, final DType dtype) {
		this(config, weights, dtype, Device.CPU);
	}

	/**
	 * Checks the checkpoint against the config; loads nothing yet.
	 *
	 * @param dtype type to compute in
	 * @param device where its tensors live
	 * @throws DiffEditException if they do not belong together
	 */
	public BlipForConditionalGeneration(final BlipConfig config, final Weights weights, final DType dtype, final Device device) {
		this.config = config;
		final Parts root = Parts.of(weights, Programs.KERNELS, dtype, device);
		final Parts vision = root.at("vision_model");
		patches = new Patches(vision.at("embeddings"), config.vision());
		for (int i = 0; i < config.vision().numHiddenLayers(); i++) eyes.add(new VisionLayer(vision.at("encoder.layers", i), config.vision()));
		norm = new VisionNorm(vision, config.vision());
		embeddings = new TokenEmbeddings(root.at("text_decoder"), config.text());
		for (int i = 0; i < config.text().numHiddenLayers(); i++) {
			layers.add(new TextLayer(root.at("text_decoder.bert.encoder.layer", i), config));
		}
		blocks = root.blocks();
	}

	/**
	 * Looks at images.
	 *
	 * @param pixels from the image processor, shape (batch, 3, size, size)
	 * @return the encoder's hidden states for cross-attention, shape (batch, tokens, width)
	 * @throws DiffEditException if the images have another size
	 */
	public Tensor encodeImage(final Tensor pixels) {
		final int size = config.vision().imageSize();
		if (pixels.size(1) != 3 || pixels.size(2) != size || pixels.size(3) != size) {
			throw new DiffEditException("The captioner got an image of shape " + Arrays.toString(pixels.shape()) + "; it takes " + size + " x "
				+ size + " pixels. Take the preprocessor_config.json of the same model.");
		}
		try (Scope scope = Scope.open()) {
			Tensor x = patches.forward(pixels.to(dtype()));
			for (final VisionLayer layer : eyes) {
				try (Tensor before = x) {
					x = layer.forward(before);
				}
			}
			return scope.keep(norm.forward(x));
		}
	}

	/** Begins captions, one row per image that {@link #encodeImage} gave embeddings. */
	public TextDecoder describe(final Tensor imageEmbeds) {
		return new Caption(imageEmbeds);
	}

	public BlipConfig config() {
		return config;
	}

	@Override
	public List<Block> blocks() {
		return blocks;
	}

	/** Rows of a caption under way. */
	private final class Caption implements TextDecoder {

		private final DecoderCache cache;

		Caption(final Tensor imageEmbeds) {
			try (Scope scope = Scope.open()) {
				cache = new DecoderCache(layers.stream().map(layer -> layer.imageKeys(imageEmbeds)).toList());
			}
		}

		@Override
		public int rows() {
			return cache.rows();
		}

		@Override
		public Tensor next(final long[][] tokens) {
			check(tokens, cache.length());
			try (Scope scope = Scope.open()) {
				final int position = cache.length();
				final boolean causal = tokens[0].length > 1;
				final Tensor ids = Rows.tensor(tokens, rows()).to(cache.cross(0).device());
				Tensor x = embeddings.embed(ids, position);
				for (int i = 0; i < layers.size(); i++) {
					try (Tensor before = x) {
						final TextLayer layer = layers.get(i);
						x = layer.forward(before, cache.add(i, layer.ownKeys(before)), cache.cross(i), causal);
					}
				}
				return scope.keep(embeddings.score(x));
			}
		}

		@Override
		public void select(final int... rows) {
			cache.select(rows);
		}

		@Override
		public void close() {
			cache.close();
		}
	}

	private void check(final long[][] tokens, final int position) {
		if (position > 0 && tokens[0].length > 1) throw new IllegalArgumentException("after the start, one token at a time");
		final int most = config.text().maxPositionEmbeddings();
		if (position + tokens[0].length > most) {
			throw new DiffEditException("The caption and its beginning are longer than the " + most + " tokens that this captioner can say; allow fewer.");
		}
		for (final long[] row : tokens) {
			for (final long id : row) {
				if (id < 0 || id >= config.text().vocabSize()) {
					throw new DiffEditException("The tokenizer gives token " + id + ", but the captioner knows " + config.text().vocabSize()
						+ "; take tokenizer and model from the same folder.");
				}
			}
		}
	}

	// -- blocks; x is (batch, tokens, width) --

	private static final class Patches extends Block {

		private final int patchSize;

		Patches(final Parts parts, final BlipConfig.Vision config) {
			super(parts, new Leaves().conv("patch_embedding", 3, config.hiddenSize(), config.patchSize(), config.patchSize(), 1)
				.parameter("class_embedding", 1, 1, config.hiddenSize())
				.parameter("position_embedding", 1, config.tokens(), config.hiddenSize()));
			this.patchSize = config.patchSize();
		}

		Tensor forward(final Tensor pixels) {
			return call("blip_patches", pixels, patchSize);
		}
	}

	private static final class VisionLayer extends Block {

		private final BlipConfig.Vision config;

		VisionLayer(final Parts parts, final BlipConfig.Vision config) {
			super(parts, leaves(config.hiddenSize(), config.intermediateSize()));
			this.config = config;
		}

		private static Leaves leaves(final int width, final int inner) {
			return new Leaves().layerNorm("layer_norm1", width).linear("self_attn.qkv", width, 3L * width)
				.linear("self_attn.projection", width, width).layerNorm("layer_norm2", width).linear("mlp.fc1", width, inner)
				.linear("mlp.fc2", inner, width);
		}

		Tensor forward(final Tensor x) {
			return call("blip_vision_layer", x, config.numAttentionHeads(), config.layerNormEps());
		}
	}

	private static final class VisionNorm extends Block {

		private final double eps;

		VisionNorm(final Parts vision, final BlipConfig.Vision config) {
			super(vision, new Leaves().layerNorm("post_layernorm", config.hiddenSize()));
			this.eps = config.layerNormEps();
		}

		Tensor forward(final Tensor x) {
			return call("blip_vision_norm", x, eps);
		}
	}

	/** The table of words, by which they are read and scored. */
	private static final class TokenEmbeddings extends Block {

		private final double eps;

		TokenEmbeddings(final Parts decoder, final BlipConfig.Text config) {
			super(decoder, leaves(config, config.hiddenSize()));
			this.eps = config.layerNormEps();
		}

		private static Leaves leaves(final BlipConfig.Text config, final int width) {
			return new Leaves().embedding("bert.embeddings.word_embeddings", config.vocabSize(), width)
				.embedding("bert.embeddings.position_embeddings", config.maxPositionEmbeddings(), width)
				.layerNorm("bert.embeddings.LayerNorm", width).linear("cls.predictions.transform.dense", width, width)
				.layerNorm("cls.predictions.transform.LayerNorm", width).parameter("cls.predictions.bias", config.vocabSize());
		}

		Tensor embed(final Tensor ids, final int position) {
			return call("blip_embed", ids, position, dtype().torchCode(), eps);
		}

		Tensor score(final Tensor x) {
			return call("blip_score", x, eps);
		}
	}

	private static final class TextLayer extends Block {

		private final BlipConfig.Text config;

		TextLayer(final Parts parts, final BlipConfig config) {
			super(parts, leaves(config.text(), config.vision().hiddenSize()));
			this.config = config.text();
		}

		private static Leaves leaves(final BlipConfig.Text config, final int imageWidth) {
			final int width = config.hiddenSize();
			return attention(attention(new Leaves(), "attention", width, width), "crossattention", width, imageWidth)
				.linear("intermediate.dense", width, config.intermediateSize()).linear("output.dense", config.intermediateSize(), width)
				.layerNorm("output.LayerNorm", width);
		}

		private static Leaves attention(final Leaves leaves, final String name, final int width, final int keys) {
			return leaves.linear(name + ".self.query", width, width).linear(name + ".self.key", keys, width)
				.linear(name + ".self.value", keys, width).linear(name + ".output.dense", width, width)
				.layerNorm(name + ".output.LayerNorm", width);
		}

		Tensor ownKeys(final Tensor x) {
			return call("blip_keys", x, "attention", config.numAttentionHeads());
		}

		Tensor imageKeys(final Tensor imageEmbeds) {
			return call("blip_keys", imageEmbeds, "crossattention", config.numAttentionHeads());
		}

		Tensor forward(final Tensor x, final Tensor own, final Tensor image, final boolean causal) {
			return call("blip_text_layer", x, own, image, config.numAttentionHeads(), causal, config.layerNormEps());
		}
	}
}
