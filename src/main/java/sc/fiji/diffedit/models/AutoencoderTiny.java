package sc.fiji.diffedit.models;

import java.util.List;

import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.nn.Leaves;
import sc.fiji.diffedit.nn.Parts;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.Weights;

/**
 * A distilled autoencoder a fiftieth of the size of {@link AutoencoderKL}, for previews and quick trials (TAESD; diffusers
 * {@code autoencoder_tiny.py}). It has no doubt about an image: its encoder gives latents, not a distribution.
 */
public final class AutoencoderTiny implements Autoencoder {

	/** Size of a tile in diffusers; the config has none. */
	private static final int SAMPLE_SIZE = 512;

	private final AutoencoderTinyConfig config;
	private final List<Block> blocks;
	private final Sequence encoder = new Sequence();
	private final Sequence decoder = new Sequence();

	/** The same on the CPU. */
	public AutoencoderTiny(final AutoencoderTinyConfig config, final Weights weights, final DType dtype) {
		this(config, weights, dtype, Device.CPU);
	}

	/**
	 * Checks the checkpoint against the config; loads nothing yet.
	 *
	 * @param dtype type to compute in
	 * @param device where its tensors live
	 * @throws sc.fiji.diffedit.DiffEditException if they do not belong together
	 */
	public AutoencoderTiny(final AutoencoderTinyConfig config, final Weights weights, final DType dtype, final Device device) {
		this.config = config;
		final Parts root = Parts.of(weights, Autoencoder.kernels(), dtype, device);
		addEncoder(root.at("encoder.layers"));
		addDecoder(root.at("decoder.layers"));
		this.blocks = root.blocks();
	}

	private void addEncoder(final Parts layers) {
		int index = 0;
		int width = config.inChannels();
		for (int level = 0; level < config.numEncoderBlocks().size(); level++) {
			final int next = config.encoderBlockOutChannels().get(level);
			final Conv conv = new Conv(layers, index++, level == 0 ? width : next, next, level == 0 ? 1 : 2, level == 0);
			encoder.add(level == 0 ? conv::fromImage : conv::forward);
			index = addBlocks(encoder, layers, index, config.numEncoderBlocks().get(level), next);
			width = next;
		}
		encoder.add(new Conv(layers, index, width, config.latentChannels(), 1, true)::forward);
	}

	/** In the checkpoint's numbering of layers, activation and enlargement have numbers of their own. */
	private void addDecoder(final Parts layers) {
		int index = 0;
		int width = config.decoderBlockOutChannels().get(0);
		decoder.add(new Conv(layers, index, config.latentChannels(), width, 1, true)::fromLatents);
		index += 2;
		final int last = config.numDecoderBlocks().size() - 1;
		for (int level = 0; level <= last; level++) {
			width = config.decoderBlockOutChannels().get(level);
			index = addBlocks(decoder, layers, index, config.numDecoderBlocks().get(level), width);
			if (level == last) break;
			decoder.add(new Enlarge(layers, index + 1, width, config.upsamplingScalingFactor())::forward);
			index += 2;
		}
		decoder.add(new Conv(layers, index, width, config.outChannels(), 1, true)::toImage);
	}

	private static int addBlocks(final Sequence sequence, final Parts layers, final int index, final int count, final int width) {
		for (int i = 0; i < count; i++) sequence.add(new TinyBlock(layers.at(String.valueOf(index + i)), width)::forward);
		return index + count;
	}

	@Override
	public DiagonalGaussian encode(final Tensor image) {
		Images.check(image, config.inChannels(), 1);
		try (Scope scope = Scope.open()) {
			return DiagonalGaussian.certain(scope.keep(encoder.forward(image.to(dtype()))));
		}
	}

	@Override
	public Tensor decode(final Tensor latents) {
		Images.checkLatents(latents, config.latentChannels());
		try (Scope scope = Scope.open()) {
			return scope.keep(decoder.forward(latents.to(dtype())));
		}
	}

	@Override
	public Tensor scale(final Tensor latents) {
		try (Tensor shifted = latents.minus(config.shiftFactor())) {
			return shifted.multiply(config.scalingFactor());
		}
	}

	@Override
	public Tensor unscale(final Tensor latents) {
		try (Tensor unscaled = latents.div(config.scalingFactor())) {
			return unscaled.plus(config.shiftFactor());
		}
	}

	/** Latents packed into [0, 1], so that they can be kept as 8-bit images (diffusers {@code scale_latents}). */
	public Tensor scaleLatents(final Tensor latents) {
		try (Tensor smaller = latents.div(2 * config.latentMagnitude()); Tensor shifted = smaller.plus(config.latentShift())) {
			return shifted.clamp(0, 1);
		}
	}

	public AutoencoderTinyConfig config() {
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
		return SAMPLE_SIZE;
	}

	@Override
	public boolean forceUpcast() {
		return false;
	}

	@Override
	public List<Block> blocks() {
		return blocks;
	}

	// -- blocks; x is (batch, channels, height, width) --

	/** A 3 x 3 convolution, alone or with what stands at the ends of encoder and decoder. */
	private static final class Conv extends Block {

		private final String name;
		private final int stride;

		Conv(final Parts layers, final int index, final int in, final int out, final int stride, final boolean bias) {
			super(layers, leaves(String.valueOf(index), in, out, stride, bias));
			this.name = String.valueOf(index);
			this.stride = stride;
		}

		private static Leaves leaves(final String name, final int in, final int out, final int stride, final boolean bias) {
			return bias ? new Leaves().conv(name, in, out, 3, stride, 1) : new Leaves().convNoBias(name, in, out, 3, stride);
		}

		Tensor forward(final Tensor x) {
			return call("tiny_conv", x, name, stride);
		}

		/** From [-1, 1] to the [0, 1] that these networks were trained on. */
		Tensor fromImage(final Tensor x) {
			return call("tiny_image", x, name);
		}

		/** Latents softly limited to [-3, 3]. */
		Tensor fromLatents(final Tensor x) {
			return call("tiny_latents", x, name);
		}

		/** Back to [-1, 1]. */
		Tensor toImage(final Tensor x) {
			return call("tiny_picture", x, name);
		}
	}

	/** {@code AutoencoderTinyBlock}: three convolutions and a way around them. */
	private static final class TinyBlock extends Block {

		TinyBlock(final Parts parts, final int width) {
			super(parts, new Leaves().conv("conv.0", width, width, 3).conv("conv.2", width, width, 3).conv("conv.4", width, width, 3));
		}

		Tensor forward(final Tensor x) {
			return call("tiny_block", x);
		}
	}

	/** Nearest-neighbour enlargement, then a convolution without bias. */
	private static final class Enlarge extends Block {

		private final String name;
		private final int scale;

		Enlarge(final Parts layers, final int index, final int width, final int scale) {
			super(layers, new Leaves().convNoBias(String.valueOf(index), width, width, 3, 1));
			this.name = String.valueOf(index);
			this.scale = scale;
		}

		Tensor forward(final Tensor x) {
			return call("tiny_upsample", x, name, scale);
		}
	}
}
