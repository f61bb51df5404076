package sc.fiji.diffedit.models;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.nn.Leaves;
import sc.fiji.diffedit.nn.Parts;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.Weights;

/**
 * The autoencoder of Stable Diffusion and SDXL: Rombach et al. 2022; diffusers {@code autoencoder_kl.py} and
 * {@code vae.py}, with {@code DownEncoderBlock2D} and {@code UpDecoderBlock2D} levels.
 */
public final class AutoencoderKL implements Autoencoder {

	private final AutoencoderKLConfig config;
	private final List<Block> blocks;
	private final Sequence encoder;
	private final Sequence decoder;

	/** The same on the CPU. */
	public AutoencoderKL(final AutoencoderKLConfig config, final Weights weights, final DType dtype) {
		this(config, weights, dtype, Device.CPU);
	}

	/**
	 * Checks the checkpoint against the config; loads nothing yet.
	 *
	 * @param dtype type to compute in
	 * @param device where its tensors live
	 * @throws DiffEditException if they do not belong together
	 */
	public AutoencoderKL(final AutoencoderKLConfig config, final Weights weights, final DType dtype, final Device device) {
		this.config = config;
		final Parts root = Parts.of(weights, Autoencoder.kernels(), dtype, device);
		this.encoder = encoder(root.at("encoder"));
		if (config.useQuantConv()) encoder.add(conv(root, "quant_conv", moments(), moments(), 1));
		this.decoder = new Sequence();
		if (config.usePostQuantConv()) decoder.add(conv(root, "post_quant_conv", config.latentChannels(), config.latentChannels(), 1));
		addDecoder(root.at("decoder"));
		this.blocks = root.blocks();
	}

	// -- components --

	private Sequence encoder(final Parts parts) {
		final List<Integer> channels = config.blockOutChannels();
		final Sequence layers = new Sequence().add(conv(parts, "conv_in", config.inChannels(), channels.get(0), 3));
		int width = channels.get(0);
		for (int level = 0; level < channels.size(); level++) {
			final Parts block = parts.at("down_blocks", level);
			width = addResnets(layers, block, config.layersPerBlock(), width, channels.get(level));
			if (level < channels.size() - 1) layers.add(new Downsample(block.at("downsamplers", 0), width)::forward);
		}
		addMiddle(layers, parts.at("mid_block"), width);
		return layers.add(new Head(parts, width, moments(), config.normNumGroups())::forward);
	}

	private void addDecoder(final Parts parts) {
		final List<Integer> channels = new ArrayList<>(config.blockOutChannels());
		Collections.reverse(channels);
		int width = channels.get(0);
		decoder.add(conv(parts, "conv_in", config.latentChannels(), width, 3));
		addMiddle(decoder, parts.at("mid_block"), width);
		for (int level = 0; level < channels.size(); level++) {
			final Parts block = parts.at("up_blocks", level);
			width = addResnets(decoder, block, config.layersPerBlock() + 1, width, channels.get(level));
			if (level < channels.size() - 1) decoder.add(new Upsample(block.at("upsamplers", 0), width)::forward);
		}
		decoder.add(new Head(parts, width, config.outChannels(), config.normNumGroups())::forward);
	}

	private int addResnets(final Sequence layers, final Parts block, final int count, final int in, final int out) {
		for (int i = 0; i < count; i++) {
			layers.add(new Resnet(block.at("resnets", i), i == 0 ? in : out, out, config.normNumGroups())::forward);
		}
		return out;
	}

	private void addMiddle(final Sequence layers, final Parts block, final int width) {
		addResnets(layers, block, 1, width, width);
		if (config.midBlockAddAttention()) {
			layers.add(new Attention(block.at("attentions", 0), width, config.normNumGroups())::forward);
		}
		layers.add(new Resnet(block.at("resnets", 1), width, width, config.normNumGroups())::forward);
	}

	private static Sequence.Layer conv(final Parts parts, final String name, final int in, final int out, final int kernel) {
		return new Conv(parts, name, in, out, kernel)::forward;
	}

	private int moments() {
		return 2 * config.latentChannels();
	}

	// -- what it does --

	@Override
	public DiagonalGaussian encode(final Tensor image) {
		Images.check(image, config.inChannels(), scaleFactor());
		try (Scope scope = Scope.open()) {
			return DiagonalGaussian.of(scope.keep(encoder.forward(image.to(dtype()))));
		}
	}

	@Override
	public Tensor decode(final Tensor latents) {
		Images.checkLatents(latents, config.latentChannels());
		try (Scope scope = Scope.open()) {
			return scope.keep(decoder.forward(latents.to(dtype())));
		}
	}

	/** {@code (latents - shift) * factor}; with per-channel statistics {@code (latents - mean) * factor / std} (SDXL). */
	@Override
	public Tensor scale(final Tensor latents) {
		try (Scope scope = Scope.open()) {
			if (config.latentsMean().isEmpty()) {
				final Tensor shifted = config.shiftFactor() == 0 ? latents : latents.minus(config.shiftFactor());
				return scope.keep(shifted.multiply(config.scalingFactor()));
			}
			final Tensor centred = latents.minus(perChannel(config.latentsMean(), latents));
			return scope.keep(centred.multiply(config.scalingFactor()).div(perChannel(config.latentsStd(), latents)));
		}
	}

	@Override
	public Tensor unscale(final Tensor latents) {
		try (Scope scope = Scope.open()) {
			if (config.latentsMean().isEmpty()) {
				final Tensor unscaled = latents.div(config.scalingFactor());
				return scope.keep(config.shiftFactor() == 0 ? unscaled : unscaled.plus(config.shiftFactor()));
			}
			final Tensor widened = latents.multiply(perChannel(config.latentsStd(), latents)).div(config.scalingFactor());
			return scope.keep(widened.plus(perChannel(config.latentsMean(), latents)));
		}
	}

	private static Tensor perChannel(final List<Double> values, final Tensor latents) {
		final float[] numbers = new float[values.size()];
		for (int i = 0; i < numbers.length; i++) numbers[i] = values.get(i).floatValue();
		return Tensor.of(numbers, 1, numbers.length, 1, 1).toLike(latents);
	}

	public AutoencoderKLConfig config() {
		return config;
	}

	@Override
	public int scaleFactor() {
		return config.scaleFactor();
	}

	@Override
	public int latentChannels() {
		return config.latentChannels();
	}

	@Override
	public int sampleSize() {
		return config.sampleSize();
	}

	@Override
	public boolean forceUpcast() {
		return config.forceUpcast();
	}

	@Override
	public List<Block> blocks() {
		return blocks;
	}

	// -- blocks; x is (batch, channels, height, width) --

	/** A convolution that keeps the size. */
	private static final class Conv extends Block {

		private final String name;
		private final int padding;

		Conv(final Parts parts, final String name, final int in, final int out, final int kernel) {
			super(parts, new Leaves().conv(name, in, out, kernel));
			this.name = name;
			this.padding = kernel / 2;
		}

		Tensor forward(final Tensor x) {
			return call("vae_conv", x, name, padding);
		}
	}

	/** {@code ResnetBlock2D} without a time embedding. */
	private static final class Resnet extends Block {

		private final int groups;

		Resnet(final Parts parts, final int in, final int out, final int groups) {
			super(parts, leaves(in, out));
			this.groups = groups;
		}

		private static Leaves leaves(final int in, final int out) {
			final Leaves leaves = new Leaves().groupNorm("norm1", in).conv("conv1", in, out, 3)
				.groupNorm("norm2", out).conv("conv2", out, out, 3);
			return in == out ? leaves : leaves.conv("conv_shortcut", in, out, 1);
		}

		Tensor forward(final Tensor x) {
			return call("vae_resnet", x, groups);
		}
	}

	/** {@code Attention} over all pixels with one head. */
	private static final class Attention extends Block {

		private final int groups;

		Attention(final Parts parts, final int width, final int groups) {
			super(parts, new Leaves().groupNorm("group_norm", width).linear("to_q", width, width).linear("to_k", width, width)
				.linear("to_v", width, width).linear("to_out.0", width, width));
			this.groups = groups;
		}

		Tensor forward(final Tensor x) {
			return call("vae_attention", x, groups);
		}
	}

	/** {@code Downsample2D} with padding 0: one row and column of zeros at the far edges only. */
	private static final class Downsample extends Block {

		Downsample(final Parts parts, final int width) {
			super(parts, new Leaves().conv("conv", width, width, 3, 2, 1));
		}

		Tensor forward(final Tensor x) {
			return call("vae_downsample", x);
		}
	}

	/** {@code Upsample2D}: nearest neighbour, then a convolution. */
	private static final class Upsample extends Block {

		Upsample(final Parts parts, final int width) {
			super(parts, new Leaves().conv("conv", width, width, 3, 1, 2));
		}

		Tensor forward(final Tensor x) {
			return call("vae_upsample", x);
		}
	}

	/** The last norm, activation and convolution of encoder and decoder. */
	private static final class Head extends Block {

		private final int groups;

		Head(final Parts parts, final int in, final int out, final int groups) {
			super(parts, new Leaves().groupNorm("conv_norm_out", in).conv("conv_out", in, out, 3));
			this.groups = groups;
		}

		Tensor forward(final Tensor x) {
			return call("vae_head", x, groups);
		}
	}
}
