package sc.fiji.diffedit.models;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import sc.fiji.diffedit.models.UNet2DConditionConfig.MidBlock;
import sc.fiji.diffedit.nn.Parts;
import sc.fiji.diffedit.tensor.Tensor;

/** The levels of a UNet as its config has them: down to the smallest size of the image, the middle, and up again. */
final class UNetLevels {

	private final UNet2DConditionConfig config;
	private final List<UNetLevel> down = new ArrayList<>();
	private final List<UNetLevel> mid = new ArrayList<>();
	private final List<UNetLevel> up = new ArrayList<>();

	UNetLevels(final UNet2DConditionConfig config, final Parts parts) {
		this.config = config;
		buildDown(parts);
		if (config.midBlock() != MidBlock.NONE) mid.add(middle(parts.at("mid_block")));
		buildUp(parts);
	}

	private void buildDown(final Parts parts) {
		final List<Integer> channels = config.blockOutChannels();
		final int last = channels.size() - 1;
		int in = channels.get(0);
		for (int i = 0; i <= last; i++) {
			final UNetLevel level = new UNetLevel(config, parts.at("down_blocks", i), i);
			for (int j = 0; j < config.layersPerBlock().get(i); j++) {
				level.addResnet(in, channels.get(i));
				if (config.downBlocks().get(i)) level.addAttention(config.transformerLayers().get(i).get(j));
				in = channels.get(i);
			}
			if (i < last) level.addDownsampler();
			down.add(level);
		}
	}

	private UNetLevel middle(final Parts parts) {
		final int last = config.blockOutChannels().size() - 1;
		final int channels = config.blockOutChannels().get(last);
		final UNetLevel level = new UNetLevel(config, parts, last);
		level.addResnet(channels, channels);
		if (config.midBlock() == MidBlock.CROSS_ATTENTION) {
			level.addAttention(config.transformerLayers().get(last).get(0));
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
			final UNetLevel level = new UNetLevel(config, parts.at("up_blocks", i), at);
			final int layers = config.layersPerBlock().get(at) + 1;
			for (int j = 0; j < layers; j++) {
				final int skip = j < layers - 1 ? channels.get(at) : channels.get(Math.max(at - 1, 0));
				level.addResnet(in + skip, channels.get(at));
				if (config.upBlocks().get(i)) level.addAttention(config.transformerLayersUp().get(i).get(j));
				in = channels.get(at);
			}
			if (i < last) level.addUpsampler();
			up.add(level);
		}
	}

	UNetLevel first() {
		return down.get(0);
	}

	/**
	 * From the end of the first level down, through the middle and up again.
	 *
	 * @param skips what the first level left; they are taken
	 * @param features take what comes up to the branch's layer
	 * @return shape (batch, channels of the first level, height, width)
	 */
	Tensor fromFirst(final Tensor afterFirst, final Tensor time, final Tensor encoderHiddenStates, final Deque<Tensor> skips, final DeepFeatures features) {
		Tensor x = afterFirst;
		for (final UNetLevel level : down.subList(1, down.size())) x = level.goDown(x, 0, time, encoderHiddenStates, skips, Integer.MAX_VALUE);
		for (final UNetLevel level : mid) x = level.stay(x, time, encoderHiddenStates);
		final int deep = features.isNone() ? 0 : config.skips() - 1 - features.branch();
		x = up(x, 0, deep, time, encoderHiddenStates, skips);
		features.keep(x);
		return up(x, deep, Integer.MAX_VALUE, time, encoderHiddenStates, skips);
	}

	/**
	 * The outer layers alone, down to the skip of a branch and up from there.
	 *
	 * @param entered what the first convolution has made of the sample
	 * @param deep what came up to the branch's layer in an earlier prediction; it is freed
	 */
	Tensor outer(final Tensor entered, final Tensor deep, final int branch, final Tensor time, final Tensor encoderHiddenStates) {
		final Deque<Tensor> skips = new ArrayDeque<>(List.of(entered));
		Tensor x = entered;
		for (final UNetLevel level : down) x = level.goDown(x, 0, time, encoderHiddenStates, skips, branch + 1);
		return up(deep, config.skips() - 1 - branch, Integer.MAX_VALUE, time, encoderHiddenStates, skips);
	}

	/** Layers of the way up, counted from its beginning. */
	private Tensor up(final Tensor given, final int from, final int to, final Tensor time, final Tensor encoderHiddenStates, final Deque<Tensor> skips) {
		Tensor x = given;
		int first = 0;
		for (final UNetLevel level : up) {
			final int begin = Math.max(0, from - first), end = Math.min(level.layers(), to - first);
			if (begin < end) {
				x = level.goUp(x, begin, end, time, encoderHiddenStates, skips);
				if (end == level.layers()) x = level.upsampled(x, skips);
			}
			first += level.layers();
		}
		return x;
	}
}
