package sc.fiji.diffedit.models;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.nn.Leaves;
import sc.fiji.diffedit.nn.Parts;
import sc.fiji.diffedit.nn.TimestepEmbedding;
import sc.fiji.diffedit.nn.Transformer2DModel;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Kernels;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.Weights;

/**
 * The UNet of SD 1.x, SD 2.x, SDXL, its refiner and the inpainting models: what it is made of, and in which order its blocks
 * are called. Matches diffusers 0.42.1, {@code models/unets/unet_2d_condition.py}.
 * <p>
 * Models with cross-attention on their first level (SD 1.x and 2.x) have a beginning that is the same for all conditionings
 * of a sample: time embedding, first convolution, first resnet and first self-attention. It is computed once
 * ({@code begin}), and each conditioning goes on from there ({@code finish}).
 */
public final class UNet2DConditionModel implements UNet {

	/** The programs that its blocks call. */
	public static final List<String> KERNELS = List.of("layers", "attention", "plain_products", "plain_context", "unet");

	private final UNet2DConditionConfig config;
	private final List<Block> blocks;
	private final TimestepEmbedding timeEmbedding;
	private final List<TimestepEmbedding> addEmbedding = new ArrayList<>();
	private final ConvIn convIn;
	private final UNetLevels levels;
	private final ConvOut convOut;
	private final UNetInput input;
	private boolean channelsLast;

	/** The same on the CPU. */
	public UNet2DConditionModel(final UNet2DConditionConfig config, final Weights weights, final DType dtype) {
		this(config, weights, dtype, Device.CPU);
	}

	/**
	 * Builds the network and checks every tensor's name and shape; numbers are read when they are first needed.
	 *
	 * @param dtype type to compute in
	 * @param device where its tensors live
	 * @throws DiffEditException if the weights are not those of the config
	 */
	public UNet2DConditionModel(final UNet2DConditionConfig config, final Weights weights, final DType dtype, final Device device) {
		this(config, Parts.of(weights, Kernels.load(KERNELS.toArray(new String[0])), dtype, device));
	}

	private UNet2DConditionModel(final UNet2DConditionConfig config, final Parts parts) {
		this.config = config;
		this.input = new UNetInput(config);
		final int first = config.blockOutChannels().get(0);
		timeEmbedding = TimestepEmbedding.conditioned(parts.at("time_embedding"), first, config.timeEmbedDim(), config.timeCondProjDim(), config.flipSinToCos(), config.freqShift());
		if (config.addedTextTime()) addEmbedding.add(embedding(parts.at("add_embedding"), config.projectionInput(), config.additionTimeEmbedDim()));
		convIn = new ConvIn(parts, config);
		levels = new UNetLevels(config, parts);
		convOut = new ConvOut(parts, config);
		blocks = parts.blocks();
	}

	private TimestepEmbedding embedding(final Parts parts, final int in, final int sinusoids) {
		return new TimestepEmbedding(parts, in, config.timeEmbedDim(), sinusoids, config.flipSinToCos(), config.freqShift());
	}

	@Override
	public UNet2DConditionConfig config() {
		return config;
	}

	@Override
	public List<Block> blocks() {
		return blocks;
	}

	/** Whether images flow through the network with their channels last, which changes results by rounding only. Not, unless this is called. */
	public void setChannelsLast(final boolean last) {
		channelsLast = last;
	}

	@Override
	public boolean isChannelsLast() {
		return channelsLast;
	}

	// -- predicting --

	@Override
	public List<Tensor> predict(final Tensor sample, final double timestep, final List<Conditioning> conditionings, final DeepFeatures features) {
		conditionings.forEach(conditioning -> input.check(sample, 1, conditioning));
		input.check(features);
		try (Scope scope = Scope.open()) {
			final Tensor time = Tensor.of(new float[] { (float) timestep }, 1);
			final List<Tensor> predictions = features.isKept() ? outer(sample, time, conditionings, features) : beginsAlike() ? fromOneBeginning(sample, time, conditionings, features)
				: conditionings.stream().map(conditioning -> whole(sample, time, conditioning, features)).toList();
			return predictions.stream().map(scope::keep).toList();
		}
	}

	/**
	 * The same with timesteps of their own.
	 *
	 * @param timestep shape (k x batch), or a single number for all, of any type
	 */
	public Tensor predict(final Tensor sample, final Tensor timestep, final Conditioning conditioning) {
		input.check(sample, timestep.count(), conditioning);
		return whole(sample, timestep, conditioning, DeepFeatures.NONE);
	}

	private Tensor whole(final Tensor sample, final Tensor timestep, final Conditioning conditioning, final DeepFeatures features) {
		try (Scope scope = Scope.open()) {
			final long times = conditioning.batch() / Math.max(1, sample.size(0));
			final Tensor repeated = times == 1 ? sample : sample.repeat(times);
			final Tensor encoderHiddenStates = encoderHiddenStates(repeated, conditioning);
			final Tensor time = time(repeated, timestep, conditioning);
			final Deque<Tensor> skips = new ArrayDeque<>();
			skips.push(entered(repeated));
			return scope.keep(fromFirstLevel(levels.first().goDown(skips.peek(), 0, time, encoderHiddenStates, skips, Integer.MAX_VALUE), time, encoderHiddenStates, skips, features));
		}
	}

	/** From the end of the first level to the prediction. */
	private Tensor fromFirstLevel(final Tensor afterFirst, final Tensor time, final Tensor encoderHiddenStates, final Deque<Tensor> skips, final DeepFeatures features) {
		return convOut.forward(levels.fromFirst(afterFirst, time, encoderHiddenStates, skips, features));
	}

	/** With the deep levels of an earlier prediction. */
	private List<Tensor> outer(final Tensor sample, final Tensor timestep, final List<Conditioning> conditionings, final DeepFeatures features) {
		final List<Tensor> predictions = new ArrayList<>();
		for (int i = 0; i < conditionings.size(); i++) {
			try (Scope scope = Scope.open()) {
				final Tensor repeated = sample.repeat(conditionings.get(i).batch() / Math.max(1, sample.size(0)));
				final Tensor encoderHiddenStates = encoderHiddenStates(repeated, conditionings.get(i)), time = time(repeated, timestep, conditionings.get(i));
				predictions.add(scope.keep(convOut.forward(levels.outer(entered(repeated), features.of(i), features.branch(), time, encoderHiddenStates))));
			}
		}
		return predictions;
	}

	// -- what all conditionings of a sample share --

	/** Whether the network computes the same for all conditionings up to its first cross-attention. */
	private boolean beginsAlike() {
		return config.downBlocks().get(0) && !config.addedTextTime() && !config.isGuidanceDistilled();
	}

	private List<Tensor> fromOneBeginning(final Tensor sample, final Tensor timestep, final List<Conditioning> conditionings, final DeepFeatures features) {
		final Beginning beginning = begin(sample, timestep);
		final List<Tensor> predictions = new ArrayList<>();
		for (int i = 0; i < conditionings.size(); i++) {
			final Conditioning conditioning = conditionings.get(i);
			final Beginning own = beginning.times(conditioning.batch() / Math.max(1, sample.size(0)));
			if (i == conditionings.size() - 1) beginning.close();
			predictions.add(finish(own, conditioning, features));
		}
		return predictions;
	}

	/**
	 * Intermediate results before the first cross-attention; the shapes are (batch, ...).
	 *
	 * @param time embedding
	 * @param first skip
	 * @param x result of the first resnet
	 * @param tokens of the first transformer, see {@link Transformer2DModel#beforeCrossAttention}
	 */
	private record Beginning(Tensor time, Tensor first, Tensor x, Tensor tokens) {

		/** The same for every sample so many times, one batch after another; in tensors of its own. */
		Beginning times(final long copies) {
			return new Beginning(times(time, copies), times(first, copies), times(x, copies), times(tokens, copies));
		}

		/** Unlike {@link Tensor#repeat}, this leaves channels where they are. */
		private static Tensor times(final Tensor tensor, final long copies) {
			return copies == 1 ? tensor.to(tensor.device()) : Tensor.cat(Collections.nCopies((int) copies, tensor), 0);
		}

		void close() {
			for (final Tensor tensor : List.of(time, first, x, tokens)) tensor.close();
		}
	}

	private Beginning begin(final Tensor sample, final Tensor timestep) {
		try (Scope scope = Scope.open()) {
			final Tensor time = scope.keep(timeEmbedding.forward(timesteps(sample, timestep)));
			final Tensor first = scope.keep(entered(sample));
			final Tensor x = scope.keep(levels.first().firstResnet().forward(first, time));
			return new Beginning(time, first, x, scope.keep(levels.first().firstAttention().beforeCrossAttention(x)));
		}
	}

	/** From the first cross-attention to the prediction; closes the tensors of the beginning. */
	private Tensor finish(final Beginning beginning, final Conditioning conditioning, final DeepFeatures features) {
		try (Scope scope = Scope.open()) {
			final Tensor encoderHiddenStates = encoderHiddenStates(beginning.x, conditioning);
			final Deque<Tensor> skips = new ArrayDeque<>();
			skips.push(beginning.first);
			final Tensor x = UNetLevel.next(beginning.tokens, UNetLevel.next(beginning.x, levels.first().firstAttention().forward(beginning.x, beginning.tokens, encoderHiddenStates)));
			skips.push(x);
			final Tensor noise = scope.keep(fromFirstLevel(levels.first().goDown(x, 1, beginning.time, encoderHiddenStates, skips, Integer.MAX_VALUE), beginning.time, encoderHiddenStates, skips, features));
			beginning.time.close();
			return noise;
		}
	}

	// -- inputs --

	private Tensor encoderHiddenStates(final Tensor like, final Conditioning conditioning) {
		return conditioning.encoderHiddenStates().to(like.device()).to(dtype());
	}

	/** The sample in the first level's channels. */
	private Tensor entered(final Tensor sample) {
		final Tensor given = centred(sample.to(dtype()));
		return convIn.forward(channelsLast ? given.channelsLast() : given);
	}

	private Tensor centred(final Tensor sample) {
		return config.centerInputSample() ? sample.multiply(2).plus(-1) : sample;
	}

	private Tensor time(final Tensor sample, final Tensor timestep, final Conditioning conditioning) {
		final Tensor condition = conditioning.added().get(Conditioning.TIMESTEP_COND);
		final Tensor times = timesteps(sample, timestep);
		Tensor time = condition == null ? timeEmbedding.forward(times) : timeEmbedding.forward(times, condition.to(sample.device()));
		for (final TimestepEmbedding added : addEmbedding) {
			time = UNetLevel.next(time, added.forward(time, conditioning.added().get(Conditioning.TEXT_EMBEDS).to(sample.device()),
				conditioning.added().get(Conditioning.TIME_IDS).to(sample.device())));
		}
		return time;
	}

	/** One for each sample. */
	private static Tensor timesteps(final Tensor sample, final Tensor timestep) {
		final Tensor one = timestep.to(sample.device()).reshape(-1);
		return one.count() == 1 ? one.repeat(sample.size(0)) : one;
	}

	/** From latents to the first level's channels. */
	private static final class ConvIn extends Block {

		private final int kernel;

		ConvIn(final Parts parts, final UNet2DConditionConfig config) {
			super(parts, new Leaves().conv("conv_in", config.inChannels(), config.blockOutChannels().get(0), config.convInKernel()));
			kernel = config.convInKernel();
		}

		Tensor forward(final Tensor x) {
			return call("unet_conv_in", x, kernel / 2);
		}
	}

	/** From the first level's channels to the prediction. */
	private static final class ConvOut extends Block {

		private final UNet2DConditionConfig config;

		ConvOut(final Parts parts, final UNet2DConditionConfig config) {
			super(parts, new Leaves().groupNorm("conv_norm_out", config.blockOutChannels().get(0))
				.conv("conv_out", config.blockOutChannels().get(0), config.outChannels(), config.convOutKernel()));
			this.config = config;
		}

		Tensor forward(final Tensor x) {
			return call("unet_conv_out", x, config.normNumGroups(), config.normEps(), config.convOutKernel() / 2);
		}
	}
}
