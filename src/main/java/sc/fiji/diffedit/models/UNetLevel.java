package sc.fiji.diffedit.models;

import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import sc.fiji.diffedit.nn.Downsample2D;
import sc.fiji.diffedit.nn.Parts;
import sc.fiji.diffedit.nn.ResnetBlock2D;
import sc.fiji.diffedit.nn.Transformer2DModel;
import sc.fiji.diffedit.nn.Upsample2D;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * What a UNet does at one size of the image: resnets, each followed by a transformer where there is attention, and the way
 * to the next size. Every hidden state is freed as soon as the next one exists, except those that the way up still needs
 * ({@code skips}). Matches the blocks of diffusers' {@code unet_2d_blocks.py}.
 */
final class UNetLevel {

	private final UNet2DConditionConfig config;
	private final Parts parts;
	private final int level;
	private final List<ResnetBlock2D> resnets = new ArrayList<>();
	private final List<Transformer2DModel> attentions = new ArrayList<>();
	private final List<Downsample2D> downsamplers = new ArrayList<>();
	private final List<Upsample2D> upsamplers = new ArrayList<>();

	/** @param level index into the lists of the config */
	UNetLevel(final UNet2DConditionConfig config, final Parts parts, final int level) {
		this.config = config;
		this.parts = parts;
		this.level = level;
	}

	void addResnet(final long in, final long out) {
		resnets.add(new ResnetBlock2D(parts.at("resnets", resnets.size()), in, out, config.timeEmbedDim(), config.normNumGroups(), config.normEps()));
	}

	/** @param depth number of transformer blocks */
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

	/** The first resnet, after which a level with attention reads the text embeddings. */
	ResnetBlock2D firstResnet() {
		return resnets.get(0);
	}

	Transformer2DModel firstAttention() {
		return attentions.get(0);
	}

	/**
	 * Keeps every result as a skip; the one given, of the layer before {@code from}, is a skip already.
	 *
	 * @param most ends as soon as there are so many skips
	 */
	Tensor goDown(final Tensor given, final int from, final Tensor time, final Tensor encoderHiddenStates, final Deque<Tensor> skips, final int most) {
		Tensor x = given;
		for (int i = from; i < resnets.size() && skips.size() < most; i++) {
			x = resnets.get(i).forward(x, time);
			if (!attentions.isEmpty()) x = next(x, attentions.get(i).forward(x, encoderHiddenStates));
			skips.push(x);
		}
		for (final Downsample2D downsampler : downsamplers) {
			if (skips.size() == most) return x;
			x = downsampler.forward(x);
			skips.push(x);
		}
		return x;
	}

	/** The middle: resnets with a transformer between them. What is given is a skip and stays. */
	Tensor stay(final Tensor given, final Tensor time, final Tensor encoderHiddenStates) {
		Tensor x = resnets.get(0).forward(given, time);
		for (int i = 0; i < attentions.size(); i++) {
			x = next(x, attentions.get(i).forward(x, encoderHiddenStates));
			x = next(x, resnets.get(i + 1).forward(x, time));
		}
		return x;
	}

	/** Number of its resnets, each with the transformer after it. */
	int layers() {
		return resnets.size();
	}

	/** Some layers of the way up, each of which takes a skip. */
	Tensor goUp(final Tensor given, final int from, final int to, final Tensor time, final Tensor encoderHiddenStates, final Deque<Tensor> skips) {
		Tensor x = given;
		for (int i = from; i < to; i++) {
			final Tensor skip = skips.pop();
			x = next(skip, next(x, Tensor.cat(1, x, skip)));
			x = next(x, resnets.get(i).forward(x, time));
			if (!attentions.isEmpty()) x = next(x, attentions.get(i).forward(x, encoderHiddenStates));
		}
		return x;
	}

	/** The way to the next level, after the last layer. */
	Tensor upsampled(final Tensor given, final Deque<Tensor> skips) {
		Tensor x = given;
		// The next level's skips set the size, which is not twice this one where halving has rounded up.
		for (final Upsample2D upsampler : upsamplers) x = next(x, upsampler.forward(x, skips.peek().size(2), skips.peek().size(3)));
		return x;
	}

	/** Frees a value when the one computed from it is there. */
	static Tensor next(final Tensor before, final Tensor after) {
		before.close();
		return after;
	}
}
