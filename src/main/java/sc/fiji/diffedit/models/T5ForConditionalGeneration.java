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
 * T5 (Raffel et al. 2020; transformers {@code modeling_t5.py}): reads a task and writes an answer. Attention knows distances
 * instead of places. Half precision (float16) overflows in its larger models; take float32 or bfloat16.
 */
public final class T5ForConditionalGeneration implements Network {

	private static final class Programs {

		static final Kernels KERNELS = Kernels.load("layers", "t5");
	}

	private final T5Config config;
	private final TokenEmbeddings embeddings;
	private final Distances encoderDistances;
	private final List<EncoderLayer> encoder = new ArrayList<>();
	private final FinalNorm encoderNorm;
	private final Distances decoderDistances;
	private final List<DecoderLayer> decoder = new ArrayList<>();
	private final FinalNorm decoderNorm;
	private final List<Block> blocks;

	/** The same on the CPU. */
	public T5ForConditionalGeneration(final T5Config config, final Weights weights, final DType dtype) {
		this(config, weights, dtype, Device.CPU);
	}

	/**
	 * Checks the checkpoint against the config; loads nothing yet.
	 *
	 * @param dtype type to compute in
	 * @param device where its tensors live
	 * @throws DiffEditException if they do not belong together
	 */
	public T5ForConditionalGeneration(final T5Config config, final Weights weights, final DType dtype, final Device device) {
		this.config = config;
		final Parts root = Parts.of(weights, Programs.KERNELS, dtype, device);
		embeddings = new TokenEmbeddings(root, config);
		final Parts in = root.at("encoder");
		encoderDistances = new Distances(in.at("block.0.layer.0.SelfAttention"), config, false);
		for (int i = 0; i < config.numLayers(); i++) encoder.add(new EncoderLayer(in.at("block", i), config));
		encoderNorm = new FinalNorm(in, config);
		final Parts out = root.at("decoder");
		decoderDistances = new Distances(out.at("block.0.layer.0.SelfAttention"), config, true);
		for (int i = 0; i < config.numDecoderLayers(); i++) decoder.add(new DecoderLayer(out.at("block", i), config));
		decoderNorm = new FinalNorm(out, config);
		blocks = root.blocks();
	}

	/**
	 * Reads texts.
	 *
	 * @param ids token numbers, shape (batch, tokens)
	 * @param mask 1 where a token counts, 0 for padding, same shape
	 * @return hidden states, shape (batch, tokens, width)
	 * @throws DiffEditException if a number is outside the table of tokens
	 */
	public Tensor encode(final Tensor ids, final Tensor mask) {
		check(ids.toLongArray());
		try (Scope scope = Scope.open()) {
			final int tokens = (int) ids.size(1);
			final Tensor bias = embeddings.masked(encoderDistances.bias(tokens, tokens, ids), mask);
			Tensor x = embeddings.embed(ids);
			for (final EncoderLayer layer : encoder) {
				try (Tensor before = x) {
					x = layer.forward(before, bias);
				}
			}
			return scope.keep(encoderNorm.forward(x));
		}
	}

	private void check(final long... ids) {
		for (final long id : ids) {
			if (id < 0 || id >= config.vocabSize()) {
				throw new DiffEditException("The tokenizer gives token " + id + ", but the T5 model knows " + config.vocabSize()
					+ "; take tokenizer and model from the same folder.");
			}
		}
	}

	/**
	 * Begins answers, one row per text.
	 *
	 * @param encoded hidden states that {@link #encode} gave
	 * @param mask the mask it was given
	 */
	public TextDecoder decoder(final Tensor encoded, final Tensor mask) {
		return new Answer(encoded, mask);
	}

	public T5Config config() {
		return config;
	}

	@Override
	public List<Block> blocks() {
		return blocks;
	}

	/** Rows of an answer under way. */
	private final class Answer implements TextDecoder {

		private final DecoderCache cache;
		private final Scope home = Scope.detached();
		private Tensor mask;

		Answer(final Tensor encoded, final Tensor mask) {
			try (Scope scope = Scope.open()) {
				cache = new DecoderCache(decoder.stream().map(layer -> layer.crossKeys(encoded)).toList());
				this.mask = home.adopt(mask.copy());
			}
		}

		@Override
		public int rows() {
			return cache.rows();
		}

		@Override
		public Tensor next(final long[][] tokens) {
			try (Scope scope = Scope.open()) {
				final Tensor ids = Rows.tensor(tokens, rows()).to(mask.device());
				final int fresh = tokens[0].length;
				final int length = cache.length() + fresh;
				final Tensor bias = decoderDistances.bias(fresh, length, ids);
				Tensor x = embeddings.embed(ids);
				final Tensor none = Tensor.zeros(dtype(), 1, 1, 1, 1).to(x.device());
				final Tensor crossBias = embeddings.masked(none, mask);
				for (int i = 0; i < decoder.size(); i++) {
					try (Tensor before = x) {
						final DecoderLayer layer = decoder.get(i);
						x = layer.forward(before, cache.add(i, layer.selfKeys(before)), cache.cross(i), bias, crossBias);
					}
				}
				return scope.keep(embeddings.score(decoderNorm.forward(x)));
			}
		}

		@Override
		public void select(final int... rows) {
			cache.select(rows);
			try (Scope scope = Scope.open()) {
				final Tensor before = mask;
				mask = home.adopt(before.indexSelect(0, Arrays.stream(rows).asLongStream().toArray()));
				before.close();
			}
		}

		@Override
		public void close() {
			cache.close();
			home.close();
		}
	}

	// -- blocks; x is (batch, tokens, width) --

	/** The table of words, read by both halves, and the scores of words. */
	private static final class TokenEmbeddings extends Block {

		private final T5Config config;

		TokenEmbeddings(final Parts root, final T5Config config) {
			super(root, leaves(config));
			this.config = config;
		}

		private static Leaves leaves(final T5Config config) {
			final Leaves leaves = new Leaves().embedding("shared", config.vocabSize(), config.dModel());
			return config.tieWordEmbeddings() ? leaves : leaves.linear("lm_head", config.dModel(), config.vocabSize(), false);
		}

		Tensor embed(final Tensor ids) {
			return call("t5_embed", ids, dtype().torchCode());
		}

		Tensor score(final Tensor x) {
			return call("t5_head", x, config.tieWordEmbeddings(), (double) config.dModel());
		}

		/** A bias that hides padding. */
		Tensor masked(final Tensor bias, final Tensor mask) {
			return kernels().call("t5_masked", bias, mask);
		}
	}

	/** What distances between tokens add to attention scores; the first layer's, for all layers of a half. */
	private static final class Distances extends Block {

		private final boolean causal;
		private final double spread;

		Distances(final Parts attention, final T5Config config, final boolean causal) {
			super(attention, new Leaves().embedding("relative_attention_bias", config.relativeAttentionNumBuckets(), config.numHeads()));
			this.causal = causal;
			final int exact = config.relativeAttentionNumBuckets() / (causal ? 2 : 4);
			this.spread = Math.log((double) config.relativeAttentionMaxDistance() / exact);
		}

		Tensor bias(final int queries, final int keys, final Tensor ids) {
			return call("t5_bias", queries, keys, causal, spread).to(ids.device());
		}
	}

	private static final class EncoderLayer extends Block {

		private final T5Config config;

		EncoderLayer(final Parts parts, final T5Config config) {
			super(parts, feedForward(attention(new Leaves(), "layer.0", "SelfAttention", config), "layer.1", config));
			this.config = config;
		}

		Tensor forward(final Tensor x, final Tensor bias) {
			return call("t5_encoder_layer", x, bias, config.numHeads(), config.activation(), config.layerNormEpsilon());
		}
	}

	private static final class DecoderLayer extends Block {

		private final T5Config config;

		DecoderLayer(final Parts parts, final T5Config config) {
			super(parts, feedForward(attention(attention(new Leaves(), "layer.0", "SelfAttention", config), "layer.1",
				"EncDecAttention", config), "layer.2", config));
			this.config = config;
		}

		Tensor selfKeys(final Tensor x) {
			return call("t5_self_keys", x, config.numHeads(), config.layerNormEpsilon());
		}

		Tensor crossKeys(final Tensor encoded) {
			return call("t5_cross_keys", encoded, config.numHeads());
		}

		Tensor forward(final Tensor x, final Tensor own, final Tensor cross, final Tensor bias, final Tensor crossBias) {
			return call("t5_decoder_layer", x, own, cross, bias, crossBias, config.numHeads(), config.activation(), config.layerNormEpsilon());
		}
	}

	private static Leaves attention(final Leaves leaves, final String layer, final String name, final T5Config config) {
		final int inner = config.numHeads() * config.dKv();
		for (final String part : List.of(".q", ".k", ".v")) leaves.linear(layer + "." + name + part, config.dModel(), inner, false);
		return leaves.linear(layer + "." + name + ".o", inner, config.dModel(), false).rmsNorm(layer + ".layer_norm", config.dModel());
	}

	private static Leaves feedForward(final Leaves leaves, final String layer, final T5Config config) {
		final String inner = layer + ".DenseReluDense.";
		if (config.isGatedAct()) leaves.linear(inner + "wi_0", config.dModel(), config.dFf(), false).linear(inner + "wi_1", config.dModel(), config.dFf(), false);
		else leaves.linear(inner + "wi", config.dModel(), config.dFf(), false);
		return leaves.linear(inner + "wo", config.dFf(), config.dModel(), false).rmsNorm(layer + ".layer_norm", config.dModel());
	}

	private static final class FinalNorm extends Block {

		private final double eps;

		FinalNorm(final Parts parts, final T5Config config) {
			super(parts, new Leaves().rmsNorm("final_layer_norm", config.dModel()));
			this.eps = config.layerNormEpsilon();
		}

		Tensor forward(final Tensor x) {
			return call("t5_final", x, eps);
		}
	}
}
