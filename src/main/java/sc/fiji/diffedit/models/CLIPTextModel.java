package sc.fiji.diffedit.models;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import sc.fiji.diffedit.Counted;
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
 * The text half of CLIP (Radford et al. 2021; transformers {@code modeling_clip.py}): tokens to hidden states, each token
 * seeing those before it. Stable Diffusion 1.x and SDXL use OpenAI's, 2.x and SDXL's second encoder OpenCLIP's.
 */
public final class CLIPTextModel implements Network {

	static final class Programs {

		static final Kernels KERNELS = Kernels.load("layers", "clip");
	}

	private final CLIPTextConfig config;
	private final List<Block> blocks;
	private final Embeddings embeddings;
	private final List<CLIPLayer> layers = new ArrayList<>();
	private final FinalNorm finalNorm;

	/** The same on the CPU. */
	public CLIPTextModel(final CLIPTextConfig config, final Weights weights, final DType dtype) {
		this(config, weights, dtype, Device.CPU);
	}

	/**
	 * Checks the checkpoint against the config; loads nothing yet. Names in the checkpoint stand without the
	 * {@code text_model.} that public repositories put in front.
	 *
	 * @param dtype type to compute in
	 * @param device where its tensors live
	 * @throws DiffEditException if they do not belong together
	 */
	public CLIPTextModel(final CLIPTextConfig config, final Weights weights, final DType dtype, final Device device) {
		this(config, Parts.of(weights, Programs.KERNELS, dtype, device));
	}

	CLIPTextModel(final CLIPTextConfig config, final Parts root) {
		this.config = config;
		embeddings = new Embeddings(root.at("embeddings"), config);
		for (int i = 0; i < config.numHiddenLayers(); i++) {
			layers.add(new CLIPLayer(root.at("encoder.layers", i), config.hiddenSize(), config.intermediateSize(),
				config.numAttentionHeads(), config.layerNormEps(), config.hiddenAct(), true));
		}
		finalNorm = new FinalNorm(root, config);
		blocks = root.blocks();
	}

	/**
	 * Reads prompts.
	 *
	 * @param ids token numbers, shape (batch, tokens), at most {@link CLIPTextConfig#maxPositionEmbeddings()} tokens; the
	 *          work happens on their device
	 * @param hiddenStates numbers of the hidden states to keep, negative ones counted from the end (-2 is the penultimate)
	 * @throws DiffEditException if a number is outside the table of tokens, or there are too many
	 */
	public TextStates forward(final Tensor ids, final int... hiddenStates) {
		try (Scope scope = Scope.open()) {
			final TextStates states = forward(ids, Tensor.zeros(dtype(), 0, config.hiddenSize()), hiddenStates);
			scope.keep(states.lastHiddenState());
			scope.keep(states.pooled());
			states.hiddenStates().values().forEach(scope::keep);
			return states;
		}
	}

	/**
	 * Reads prompts that hold textual inversions: token {@code vocabSize + i} is the i-th row of another table.
	 *
	 * @param learned vectors of the textual inversions, shape (n, width)
	 */
	public TextStates forward(final Tensor ids, final Tensor learned, final int... hiddenStates) {
		final long[] numbers = ids.toLongArray();
		check(ids, numbers, config.vocabSize() + learned.size(0));
		try (Scope scope = Scope.open()) {
			final Map<Integer, Tensor> kept = new LinkedHashMap<>();
			Tensor x = embeddings.forward(ids, learned);
			put(kept, hiddenStates, 0, x);
			for (int i = 0; i < layers.size(); i++) {
				final Tensor next = layers.get(i).forward(x);
				if (!kept.containsValue(x)) x.close();
				x = next;
				put(kept, hiddenStates, i + 1, x);
			}
			kept.values().forEach(scope::keep);
			final Tensor rows = Tensor.of(endRows(numbers, (int) ids.size(1)), ids.size(0));
			return new TextStates(scope.keep(finalNorm.forward(x)), kept, scope.keep(finalNorm.at(x, rows)));
		}
	}

	private void put(final Map<Integer, Tensor> hiddenStates, final int[] numbers, final int index, final Tensor x) {
		for (final int number : numbers) {
			if (number == index || number + layers.size() + 1 == index) hiddenStates.put(number, x);
		}
	}

	private void check(final Tensor ids, final long[] numbers, final long count) {
		if (ids.size(1) > config.maxPositionEmbeddings()) {
			throw new DiffEditException("The prompt has " + Counted.of(ids.size(1), "token") + "; this text encoder takes "
				+ config.maxPositionEmbeddings() + ". Cut it, or allow long prompts.");
		}
		for (final long number : numbers) {
			if (number < 0 || number >= count) {
				throw new DiffEditException("The tokenizer gives token " + number + ", but the text encoder knows " + count
					+ "; take tokenizer and text encoder from the same model.");
			}
		}
	}

	/** Where each prompt ends, as numbers of a token in the whole batch. */
	private long[] endRows(final long[] ids, final int tokens) {
		final long[] rows = new long[ids.length / tokens];
		for (int b = 0; b < rows.length; b++) rows[b] = (long) b * tokens + end(ids, b * tokens, tokens);
		return rows;
	}

	/** The first end token, or with an old config's end token 2 the first largest number; the start if there is none. */
	private int end(final long[] ids, final int from, final int tokens) {
		int largest = 0;
		for (int i = 0; i < tokens; i++) {
			if (config.eosTokenId() != 2 && ids[from + i] == config.eosTokenId()) return i;
			if (ids[from + i] > ids[from + largest]) largest = i;
		}
		return config.eosTokenId() == 2 ? largest : 0;
	}

	/** The final norm over a hidden state: what diffusers' {@code clip_skip} does to an earlier one. */
	public Tensor finalLayerNorm(final Tensor hiddenState) {
		return finalNorm.forward(hiddenState);
	}

	public CLIPTextConfig config() {
		return config;
	}

	@Override
	public List<Block> blocks() {
		return blocks;
	}

	// -- blocks; x is (batch, tokens, width) --

	private static final class Embeddings extends Block {

		Embeddings(final Parts parts, final CLIPTextConfig config) {
			super(parts, new Leaves().embedding("token_embedding", config.vocabSize(), config.hiddenSize())
				.embedding("position_embedding", config.maxPositionEmbeddings(), config.hiddenSize()));
		}

		Tensor forward(final Tensor ids, final Tensor learned) {
			return call("clip_embeddings", ids, learned, dtype().torchCode());
		}
	}

	private static final class FinalNorm extends Block {

		private static final String NAME = "final_layer_norm";
		private final double eps;

		FinalNorm(final Parts root, final CLIPTextConfig config) {
			super(root, new Leaves().layerNorm(NAME, config.hiddenSize()));
			this.eps = config.layerNormEps();
		}

		Tensor forward(final Tensor x) {
			return call("clip_norm", x, NAME, eps);
		}

		Tensor at(final Tensor x, final Tensor rows) {
			return call("clip_norm_at", x, rows, NAME, eps);
		}
	}
}
