package sc.fiji.diffedit.models;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.models.UNet2DConditionConfig.MidBlock;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.nn.Downsample2D;
import sc.fiji.diffedit.nn.Leaves;
import sc.fiji.diffedit.nn.Parts;
import sc.fiji.diffedit.nn.ResnetBlock2D;
import sc.fiji.diffedit.nn.TimestepEmbedding;
import sc.fiji.diffedit.nn.Transformer2DModel;
import sc.fiji.diffedit.nn.Upsample2D;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Kernels;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.Weights;

/**
 * Predicts the noise in latents from the time and words: the UNet of SD 1.x, SD 2.x, SDXL, its refiner and the inpainting
 * models. Matches diffusers 0.42.1, {@code models/unets/unet_2d_condition.py} and {@code unet_2d_blocks.py}. Every hidden
 * state is freed as soon as the next one exists, except those that the way up still needs.
 */
public final class UNet2DConditionModel implements Network {

	/** The programs that its blocks call. */
	public static final List<String> KERNELS = List.of("layers", "plain_context", "unet");

	private final UNet2DConditionConfig config;
	private final List<Block> blocks;
	private final TimestepEmbedding timeEmbedding;
	private final List<TimestepEmbedding> addEmbedding = new ArrayList<>();
	private final ConvIn convIn;
	private final List<Level> down = new ArrayList<>();
	private final List<Level> mid = new ArrayList<>();
	private final List<Level> up = new ArrayList<>();
	private final ConvOut convOut;
	private BatchPolicy batches = BatchPolicy.WHOLE;
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
		final int first = config.blockOutChannels().get(0);
		timeEmbedding = embedding(parts.at("time_embedding"), first, first);
		if (config.addedTextTime()) addEmbedding.add(embedding(parts.at("add_embedding"), config.projectionInput(), config.additionTimeEmbedDim()));
		convIn = new ConvIn(parts, config);
		buildDown(parts);
		if (config.midBlock() != MidBlock.NONE) mid.add(middle(parts.at("mid_block")));
		buildUp(parts);
		convOut = new ConvOut(parts, config);
		blocks = parts.blocks();
	}

	private TimestepEmbedding embedding(final Parts parts, final int in, final int sinusoids) {
		return new TimestepEmbedding(parts, in, config.timeEmbedDim(), sinusoids, config.flipSinToCos(), config.freqShift());
	}

	private void buildDown(final Parts parts) {
		final List<Integer> channels = config.blockOutChannels();
		final int last = channels.size() - 1;
		int in = channels.get(0);
		for (int i = 0; i <= last; i++) {
			final Level level = new Level(parts.at("down_blocks", i), i);
			for (int j = 0; j < config.layersPerBlock().get(i); j++) {
				level.addResnet(in, channels.get(i));
				if (config.downBlocks().get(i)) level.addAttention(config.transformerLayers().get(i));
				in = channels.get(i);
			}
			if (i < last) level.addDownsampler();
			down.add(level);
		}
	}

	private Level middle(final Parts parts) {
		final int last = config.blockOutChannels().size() - 1;
		final int channels = config.blockOutChannels().get(last);
		final Level level = new Level(parts, last);
		level.addResnet(channels, channels);
		if (config.midBlock() == MidBlock.CROSS_ATTENTION) {
			level.addAttention(config.transformerLayers().get(last));
			level.addResnet(channels, channels);
		}
		return level;
	}

	private void buildUp(final Parts parts) {
		final List<Integer> channels = config.blockOutChannels();
		final int last = channels.size() - 1;
		int in = channels.get(last);
		for (int i = 0; i <= last; i++) {
			final int at = last - i;
			final Level level = new Level(parts.at("up_blocks", i), at);
			final int layers = config.layersPerBlock().get(at) + 1;
			for (int j = 0; j < layers; j++) {
				final int skip = j < layers - 1 ? channels.get(at) : channels.get(Math.max(at - 1, 0));
				level.addResnet(in + skip, channels.get(at));
				if (config.upBlocks().get(i)) level.addAttention(config.transformerLayersUp().get(i));
				in = channels.get(at);
			}
			if (i < last) level.addUpsampler();
			up.add(level);
		}
	}

	public UNet2DConditionConfig config() {
		return config;
	}

	@Override
	public List<Block> blocks() {
		return blocks;
	}

	/** The same for one timestep, which counts for the whole batch. */
	public Tensor forward(final Tensor sample, final double timestep, final Conditioning conditioning) {
		try (Tensor number = Tensor.of(new float[] { (float) timestep }, 1)) {
			return forward(sample, number, conditioning);
		}
	}

	/** How many rows of a batch go through the network at once: the seam for memory policies. All, unless one is set. */
	public void setBatchPolicy(final BatchPolicy policy) {
		batches = policy;
	}

	/** Whether images flow through the network with their channels last, which changes results by rounding only. Not, unless this is called. */
	public void setChannelsLast(final boolean last) {
		channelsLast = last;
	}

	public boolean isChannelsLast() {
		return channelsLast;
	}

	/** How many rows of a batch are computed at once. */
	public long rowsAtOnce(final long batch, final long height, final long width) {
		return batches.rows(this, batch, height, width);
	}

	/**
	 * Predicts the noise (or what else the model was trained to predict).
	 *
	 * @param sample noisy latents, shape (batch, inChannels, height, width) with any height and width
	 * @param timestep shape (batch), or a single number for all, of any type
	 * @param conditioning words of shape (batch, words, crossAttentionDim), and for SDXL its added conditions
	 * @return shape (batch, outChannels, height, width), in this network's type, in the innermost scope
	 */
	public Tensor forward(final Tensor sample, final Tensor timestep, final Conditioning conditioning) {
		check(sample, timestep, conditioning);
		final long rows = rowsAtOnce(sample.size(0), sample.size(2), sample.size(3));
		return rows < sample.size(0) ? inParts(sample, timestep, conditioning, rows) : whole(sample, timestep, conditioning);
	}

	private Tensor inParts(final Tensor sample, final Tensor timestep, final Conditioning conditioning, final long rows) {
		final long all = sample.size(0);
		try (Scope scope = Scope.open()) {
			final List<Tensor> parts = new ArrayList<>();
			for (long i = 0; i < all; i += rows) {
				final long from = i;
				final long to = Math.min(all, i + rows);
				parts.add(whole(sample.slice(0, from, to), timestep.count() == 1 ? timestep : timestep.reshape(-1).slice(0, from, to),
					conditioning.map(t -> t.size(0) == all ? t.slice(0, from, to) : t)));
			}
			return scope.keep(Tensor.cat(parts, 0));
		}
	}

	private Tensor whole(final Tensor sample, final Tensor timestep, final Conditioning conditioning) {
		try (Scope scope = Scope.open()) {
			final Tensor words = conditioning.words().to(sample.device()).to(dtype());
			final Tensor time = time(sample, timestep, conditioning);
			final Deque<Tensor> skips = new ArrayDeque<>();
			final Tensor given = centred(sample.to(dtype()));
			Tensor x = convIn.forward(channelsLast ? given.channelsLast() : given);
			skips.push(x);
			for (final Level level : down) x = level.goDown(x, time, words, skips);
			for (final Level level : mid) x = level.stay(x, time, words);
			for (final Level level : up) x = level.goUp(x, time, words, skips);
			return scope.keep(convOut.forward(x));
		}
	}

	private Tensor centred(final Tensor sample) {
		return config.centerInputSample() ? sample.multiply(2).plus(-1) : sample;
	}

	private Tensor time(final Tensor sample, final Tensor timestep, final Conditioning conditioning) {
		final Tensor one = timestep.to(sample.device()).reshape(-1);
		Tensor time = timeEmbedding.forward(one.count() == 1 ? one.repeat(sample.size(0)) : one);
		for (final TimestepEmbedding added : addEmbedding) {
			time = next(time, added.forward(time, conditioning.added().get(Conditioning.TEXT_EMBEDS).to(sample.device()),
				conditioning.added().get(Conditioning.TIME_IDS).to(sample.device())));
		}
		return time;
	}

	private void check(final Tensor sample, final Tensor timestep, final Conditioning conditioning) {
		final long[] shape = sample.shape();
		if (shape.length != 4 || shape[1] != config.inChannels()) {
			throw new DiffEditException(config.source() + " asks for " + config.inChannels() + " input channels, but the latents have shape "
				+ Arrays.toString(shape) + "; " + (config.inChannels() == 9 ? "this model is for inpainting only." : "choose a model of the right kind."));
		}
		final long batch = shape[0];
		final long[] words = conditioning.words().shape();
		if (words.length != 3 || words[0] != batch || !config.crossAttentionDim().contains((int) words[2])) {
			throw new DiffEditException(config.source() + " asks for words of shape [" + batch + ", any, " + config.crossAttentionDim().get(0)
				+ "], but got " + Arrays.toString(words) + "; the text encoder belongs to another model.");
		}
		if (timestep.count() != 1 && timestep.count() != batch) {
			throw new DiffEditException("Got " + timestep.count() + " timesteps for " + batch + " samples; give one, or one for each.");
		}
		if (config.addedTextTime()) checkAdded(batch, conditioning);
	}

	private void checkAdded(final long batch, final Conditioning conditioning) {
		final Tensor text = conditioning.added().get(Conditioning.TEXT_EMBEDS);
		final Tensor ids = conditioning.added().get(Conditioning.TIME_IDS);
		if (text == null || ids == null) {
			throw new DiffEditException(config.source() + " asks for the added conditions text_embeds and time_ids, but got "
				+ conditioning.added().keySet() + "; encode prompts for SDXL.");
		}
		final long length = text.count() / batch + ids.count() / batch * config.additionTimeEmbedDim();
		if (text.size(0) != batch || ids.size(0) != batch || length != config.projectionInput()) {
			throw new DiffEditException(config.source() + " asks for text_embeds and time_ids that make " + config.projectionInput()
				+ " numbers for each of " + batch + " samples, but shapes " + Arrays.toString(text.shape()) + " and " + Arrays.toString(ids.shape())
				+ " make " + length + "; a base model takes 6 time_ids, a refiner 5.");
		}
	}

	/** Frees a value when the one computed from it is there. */
	private static Tensor next(final Tensor before, final Tensor after) {
		before.close();
		return after;
	}

	/** What happens at one size of the image: resnets, each followed by a transformer where there is attention. */
	private final class Level {

		private final Parts parts;
		private final int level;
		private final List<ResnetBlock2D> resnets = new ArrayList<>();
		private final List<Transformer2DModel> attentions = new ArrayList<>();
		private final List<Downsample2D> downsamplers = new ArrayList<>();
		private final List<Upsample2D> upsamplers = new ArrayList<>();

		Level(final Parts parts, final int level) {
			this.parts = parts;
			this.level = level;
		}

		void addResnet(final long in, final long out) {
			resnets.add(new ResnetBlock2D(parts.at("resnets", resnets.size()), in, out, config.timeEmbedDim(), config.normNumGroups(), config.normEps()));
		}

		void addAttention(final int depth) {
			attentions.add(new Transformer2DModel(parts.at("attentions", attentions.size()), config.blockOutChannels().get(level),
				config.crossAttentionDim().get(level), config.attentionHeads().get(level), depth, config.normNumGroups(), config.useLinearProjection()));
		}

		void addDownsampler() {
			downsamplers.add(new Downsample2D(parts.at("downsamplers", 0), config.blockOutChannels().get(level)));
		}

		void addUpsampler() {
			upsamplers.add(new Upsample2D(parts.at("upsamplers", 0), config.blockOutChannels().get(level)));
		}

		/** Keeps every result as a skip; the one given is a skip already. */
		Tensor goDown(final Tensor given, final Tensor time, final Tensor words, final Deque<Tensor> skips) {
			Tensor x = given;
			for (int i = 0; i < resnets.size(); i++) {
				x = resnets.get(i).forward(x, time);
				if (!attentions.isEmpty()) x = next(x, attentions.get(i).forward(x, words));
				skips.push(x);
			}
			for (final Downsample2D downsampler : downsamplers) {
				x = downsampler.forward(x);
				skips.push(x);
			}
			return x;
		}

		/** The middle: resnets with a transformer between them. What is given is a skip and stays. */
		Tensor stay(final Tensor given, final Tensor time, final Tensor words) {
			Tensor x = resnets.get(0).forward(given, time);
			for (int i = 0; i < attentions.size(); i++) {
				x = next(x, attentions.get(i).forward(x, words));
				x = next(x, resnets.get(i + 1).forward(x, time));
			}
			return x;
		}

		Tensor goUp(final Tensor given, final Tensor time, final Tensor words, final Deque<Tensor> skips) {
			Tensor x = given;
			for (int i = 0; i < resnets.size(); i++) {
				final Tensor skip = skips.pop();
				x = next(skip, next(x, Tensor.cat(1, x, skip)));
				x = next(x, resnets.get(i).forward(x, time));
				if (!attentions.isEmpty()) x = next(x, attentions.get(i).forward(x, words));
			}
			// The next level's skips set the size, which is not twice this one where halving has rounded up.
			for (final Upsample2D upsampler : upsamplers) x = next(x, upsampler.forward(x, skips.peek().size(2), skips.peek().size(3)));
			return x;
		}
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
