package sc.fiji.diffedit.models;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

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
		try (Tensor number = number(timestep)) {
			return forward(sample, number, conditioning);
		}
	}

	private static Tensor number(final double timestep) {
		return Tensor.of(new float[] { (float) timestep }, 1);
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
	 * Predicts the noise (or what else the model was trained to predict). A sample may be seen with several conditionings, as
	 * guidance has it: then sample {@code i} of {@code batch} goes with conditionings {@code i}, {@code batch + i},
	 * {@code 2 batch + i} and so on, as if the samples had been repeated one batch after another (diffusers'
	 * {@code torch.cat([latents] * k)}). What comes before the first look at words, the first self-attention included, is then
	 * computed once for all of them where it is the same: in models that attend to words on their first level (SD 1.x and 2.x),
	 * with one timestep for all.
	 *
	 * @param sample noisy latents, shape (batch, inChannels, height, width) with any height and width
	 * @param timestep shape (k x batch), or a single number for all, of any type
	 * @param conditioning words of shape (k x batch, words, crossAttentionDim), k from 1 on, and for SDXL its added conditions
	 * @return shape (k x batch, outChannels, height, width), in this network's type, in the innermost scope
	 */
	public Tensor forward(final Tensor sample, final Tensor timestep, final Conditioning conditioning) {
		check(sample, timestep, conditioning);
		final long all = conditioning.batch();
		final long rows = rowsAtOnce(all, sample.size(2), sample.size(3));
		if (all == sample.size(0)) return inParts(sample, timestep, conditioning, rows);
		if (beginsAlike(timestep)) return shared(sample, timestep, conditioning, rows);
		try (Tensor repeated = sample.repeat(all / sample.size(0))) {
			return inParts(repeated, timestep, conditioning, rows);
		}
	}

	/**
	 * Begins to predict for samples that will be seen with several conditionings one after another: what comes before the first
	 * look at words is computed now, where that can be shared and the batch goes through the network at once.
	 *
	 * @param sample noisy latents, shape (batch, inChannels, height, width)
	 * @return in the innermost scope, and to be used while it is open
	 */
	public Begun begin(final Tensor sample, final double timestep) {
		return new Begun(sample, timestep);
	}

	/** Samples whose way through the network has begun. */
	public final class Begun {

		private final Tensor sample;
		private final double timestep;
		private final Optional<Beginning> beginning;

		private Begun(final Tensor sample, final double timestep) {
			this.sample = sample;
			this.timestep = timestep;
			checkSample(sample);
			try (Tensor number = number(timestep)) {
				final boolean shared = beginsAlike(number) && rowsAtOnce(sample.size(0), sample.size(2), sample.size(3)) >= sample.size(0);
				beginning = shared ? Optional.of(beginning(sample, number)) : Optional.empty();
			}
		}

		/** What {@link #forward(Tensor, double, Conditioning)} gives for the samples and one conditioning each, to the last bit. */
		public Tensor forward(final Conditioning conditioning) {
			if (beginning.isEmpty() || conditioning.batch() != sample.size(0)) return UNet2DConditionModel.this.forward(sample, timestep, conditioning);
			try (Tensor number = number(timestep)) {
				check(sample, number, conditioning);
			}
			return finished(beginning.get().times(1), conditioning);
		}
	}

	/** Whether samples that are seen with several conditionings are the same to the network until it looks at words. */
	private boolean beginsAlike(final Tensor timestep) {
		return timestep.count() == 1 && config.downBlocks().get(0) && !config.addedTextTime();
	}

	/** As many samples as may be computed at once begin together, and go on with as many of their conditionings at once as may be. */
	private Tensor shared(final Tensor sample, final Tensor timestep, final Conditioning conditioning, final long rows) {
		final long batch = sample.size(0);
		final long samples = Math.min(batch, rows);
		final long together = batch * (rows / samples);
		final List<Conditioning> parts = new ArrayList<>();
		try (Scope scope = Scope.open()) {
			for (long from = 0; from < conditioning.batch(); from += together) {
				final long at = from;
				parts.add(conditioning.map(t -> t.slice(0, at, Math.min(t.size(0), at + together))));
			}
			return scope.keep(samples == batch ? Tensor.cat(oneByOne(sample, timestep, parts), 0) : bySamples(sample, timestep, parts, samples));
		}
	}

	/** With fewer samples at once than there are, each part is one conditioning for each of them. */
	private Tensor bySamples(final Tensor sample, final Tensor timestep, final List<Conditioning> parts, final long samples) {
		final List<List<Tensor>> answers = new ArrayList<>();
		for (long i = 0; i < sample.size(0); i += samples) {
			final long from = i;
			final long to = Math.min(sample.size(0), from + samples);
			answers.add(oneByOne(sample.slice(0, from, to), timestep, parts.stream().map(part -> part.map(t -> t.slice(0, from, to))).toList()));
		}
		return Tensor.cat(IntStream.range(0, parts.size()).boxed().flatMap(part -> answers.stream().map(all -> all.get(part))).toList(), 0);
	}

	/** Predictions for samples that begin once, each with a multiple of their number of conditionings. */
	private List<Tensor> oneByOne(final Tensor sample, final Tensor timestep, final List<Conditioning> parts) {
		final List<Tensor> answers = new ArrayList<>();
		final Beginning beginning = beginning(sample, timestep);
		for (int i = 0; i < parts.size(); i++) {
			final Beginning own = beginning.times(parts.get(i).batch() / sample.size(0));
			if (i == parts.size() - 1) beginning.close();
			answers.add(finished(own, parts.get(i)));
		}
		return answers;
	}

	/**
	 * What the network makes of samples before it looks at words; the shapes are (batch, ...).
	 *
	 * @param time embedding
	 * @param first skip
	 * @param x result of the first resnet
	 * @param tokens of the first transformer, see {@link Transformer2DModel#beforeWords}
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

	private Beginning beginning(final Tensor sample, final Tensor timestep) {
		try (Scope scope = Scope.open()) {
			final Tensor time = scope.keep(timeEmbedding.forward(timesteps(sample, timestep)));
			final Tensor first = scope.keep(entered(sample));
			final Tensor x = scope.keep(down.get(0).resnets.get(0).forward(first, time));
			return new Beginning(time, first, x, scope.keep(down.get(0).attentions.get(0).beforeWords(x)));
		}
	}

	/** The rest of the way. Takes the beginning. */
	private Tensor finished(final Beginning begun, final Conditioning conditioning) {
		try (Scope scope = Scope.open()) {
			final Tensor words = words(begun.x, conditioning);
			final Deque<Tensor> skips = new ArrayDeque<>();
			skips.push(begun.first);
			final Tensor x = next(begun.tokens, next(begun.x, down.get(0).attentions.get(0).forward(begun.x, begun.tokens, words)));
			skips.push(x);
			final Tensor noise = scope.keep(finished(down.get(0).goDown(x, 1, begun.time, words, skips), begun.time, words, skips));
			begun.time.close();
			return noise;
		}
	}

	private Tensor inParts(final Tensor sample, final Tensor timestep, final Conditioning conditioning, final long rows) {
		final long all = sample.size(0);
		if (rows >= all) return whole(sample, timestep, conditioning);
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
			final Tensor words = words(sample, conditioning);
			final Tensor time = time(sample, timestep, conditioning);
			final Deque<Tensor> skips = new ArrayDeque<>();
			skips.push(entered(sample));
			return scope.keep(finished(down.get(0).goDown(skips.peek(), 0, time, words, skips), time, words, skips));
		}
	}

	/** From the end of the first level to the prediction. */
	private Tensor finished(final Tensor afterFirst, final Tensor time, final Tensor words, final Deque<Tensor> skips) {
		Tensor x = afterFirst;
		for (final Level level : down.subList(1, down.size())) x = level.goDown(x, 0, time, words, skips);
		for (final Level level : mid) x = level.stay(x, time, words);
		for (final Level level : up) x = level.goUp(x, time, words, skips);
		return convOut.forward(x);
	}

	private Tensor words(final Tensor like, final Conditioning conditioning) {
		return conditioning.words().to(like.device()).to(dtype());
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
		Tensor time = timeEmbedding.forward(timesteps(sample, timestep));
		for (final TimestepEmbedding added : addEmbedding) {
			time = next(time, added.forward(time, conditioning.added().get(Conditioning.TEXT_EMBEDS).to(sample.device()),
				conditioning.added().get(Conditioning.TIME_IDS).to(sample.device())));
		}
		return time;
	}

	/** One for each sample. */
	private static Tensor timesteps(final Tensor sample, final Tensor timestep) {
		final Tensor one = timestep.to(sample.device()).reshape(-1);
		return one.count() == 1 ? one.repeat(sample.size(0)) : one;
	}

	private void check(final Tensor sample, final Tensor timestep, final Conditioning conditioning) {
		checkSample(sample);
		final long batch = sample.size(0);
		final long[] words = conditioning.words().shape();
		final boolean fits = words.length == 3 && (words[0] == batch || batch > 0 && words[0] > 0 && words[0] % batch == 0);
		if (!fits || !config.crossAttentionDim().contains((int) words[2])) {
			throw new DiffEditException(config.source() + " asks for words of shape [" + batch + " or a multiple, any, " + config.crossAttentionDim().get(0)
				+ "], but got " + Arrays.toString(words) + "; the text encoder belongs to another model.");
		}
		if (timestep.count() != 1 && timestep.count() != words[0]) {
			throw new DiffEditException("Got " + timestep.count() + " timesteps for " + words[0] + " samples; give one, or one for each.");
		}
		if (config.addedTextTime()) checkAdded(words[0], conditioning);
	}

	private void checkSample(final Tensor sample) {
		final long[] shape = sample.shape();
		if (shape.length != 4 || shape[1] != config.inChannels()) {
			throw new DiffEditException(config.source() + " asks for " + config.inChannels() + " input channels, but the latents have shape "
				+ Arrays.toString(shape) + "; " + (config.inChannels() == 9 ? "this model is for inpainting only." : "choose a model of the right kind."));
		}
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

		/** Keeps every result as a skip; the one given, of the layer before {@code from}, is a skip already. */
		Tensor goDown(final Tensor given, final int from, final Tensor time, final Tensor words, final Deque<Tensor> skips) {
			Tensor x = given;
			for (int i = from; i < resnets.size(); i++) {
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
