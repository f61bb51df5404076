package sc.fiji.diffedit.benchmark;

import sc.fiji.diffedit.models.UNet2DConditionConfig;
import sc.fiji.diffedit.models.UNet2DConditionConfig.MidBlock;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Generator;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.Shapes;

/**
 * Weights of any UNet of the family, drawn when they are asked for, the same for the same name: full-size models without a
 * file. The table of names and shapes is written down anew here, from the published checkpoints, so that it also checks
 * the network's own.
 */
public final class RandomWeights extends Shapes {

	private final DType dtype;

	public RandomWeights(final UNet2DConditionConfig config, final DType dtype) {
		this.dtype = dtype;
		final int levels = config.blockOutChannels().size();
		final long first = config.blockOutChannels().get(0);
		final long deepest = config.blockOutChannels().get(levels - 1);
		final long time = config.timeEmbedDim();
		layer("time_embedding.linear_1", time, first);
		layer("time_embedding.linear_2", time, time);
		if (config.addedTextTime()) {
			layer("add_embedding.linear_1", time, config.projectionInput());
			layer("add_embedding.linear_2", time, time);
		}
		layer("conv_in", first, config.inChannels(), 3, 3);
		long in = first;
		for (int i = 0; i < levels; i++) {
			final long out = config.blockOutChannels().get(i);
			for (int j = 0; j < config.layersPerBlock().get(i); j++) {
				resnet("down_blocks." + i + ".resnets." + j, in, out, time);
				if (config.downBlocks().get(i)) transformer("down_blocks." + i + ".attentions." + j, out, config, i, config.transformerLayers().get(i).get(j));
				in = out;
			}
			if (i < levels - 1) layer("down_blocks." + i + ".downsamplers.0.conv", out, out, 3, 3);
		}
		if (config.midBlock() != MidBlock.NONE) resnet("mid_block.resnets.0", deepest, deepest, time);
		if (config.midBlock() == MidBlock.CROSS_ATTENTION) {
			transformer("mid_block.attentions.0", deepest, config, levels - 1, config.transformerLayers().get(levels - 1).get(0));
			resnet("mid_block.resnets.1", deepest, deepest, time);
		}
		for (int i = 0; i < levels; i++) {
			final int level = levels - 1 - i;
			final long out = config.blockOutChannels().get(level);
			final int layers = config.layersPerBlock().get(level) + 1;
			for (int j = 0; j < layers; j++) {
				final long skip = j == layers - 1 ? config.blockOutChannels().get(Math.max(level - 1, 0)) : out;
				resnet("up_blocks." + i + ".resnets." + j, in + skip, out, time);
				if (config.upBlocks().get(i)) transformer("up_blocks." + i + ".attentions." + j, out, config, level, config.transformerLayersUp().get(i).get(j));
				in = out;
			}
			if (i < levels - 1) layer("up_blocks." + i + ".upsamplers.0.conv", out, out, 3, 3);
		}
		layer("conv_norm_out", first);
		layer("conv_out", config.outChannels(), first, 3, 3);
	}

	private void resnet(final String name, final long in, final long out, final long time) {
		layer(name + ".norm1", in);
		layer(name + ".conv1", out, in, 3, 3);
		layer(name + ".time_emb_proj", out, time);
		layer(name + ".norm2", out);
		layer(name + ".conv2", out, out, 3, 3);
		if (in != out) layer(name + ".conv_shortcut", out, in, 1, 1);
	}

	private void transformer(final String name, final long size, final UNet2DConditionConfig config, final int level, final int depth) {
		final long[] projection = config.useLinearProjection() ? new long[] { size, size } : new long[] { size, size, 1, 1 };
		layer(name + ".norm", size);
		layer(name + ".proj_in", projection);
		layer(name + ".proj_out", projection);
		for (int i = 0; i < depth; i++) {
			final String block = name + ".transformer_blocks." + i;
			for (int n = 1; n <= 3; n++) layer(block + ".norm" + n, size);
			attention(block + ".attn1", size, size);
			attention(block + ".attn2", size, config.crossAttentionDim().get(level));
			layer(block + ".ff.net.0.proj", 8 * size, size);
			layer(block + ".ff.net.2", size, 4 * size);
		}
	}

	private void attention(final String name, final long size, final long words) {
		tensor(name + ".to_q.weight", size, size);
		tensor(name + ".to_k.weight", size, words);
		tensor(name + ".to_v.weight", size, words);
		layer(name + ".to_out.0", size, size);
	}

	@Override
	public DType dtype(final String name) {
		return dtype;
	}

	@Override
	public Tensor get(final String name) {
		return drawn(name, dtype, shape(name));
	}

	/** Uniform numbers of the variance that keeps a signal's size; norms near one, biases near zero. */
	public static Tensor drawn(final String name, final DType dtype, final long... shape) {
		try (Scope scope = Scope.open(); Generator generator = Generator.of(name.hashCode())) {
			final Tensor centred = generator.rand(dtype, shape).minus(0.5);
			if (shape.length == 1) return scope.keep(centred.multiply(0.1).plus(name.contains("norm") && name.endsWith("weight") ? 1 : 0));
			long fanIn = 1;
			for (int i = 1; i < shape.length; i++) fanIn *= shape[i];
			return scope.keep(centred.multiply(Math.sqrt(12.0 / fanIn)));
		}
	}

	@Override
	public String source() {
		return "random weights";
	}
}
