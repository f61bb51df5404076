package sc.fiji.diffedit.memory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import sc.fiji.diffedit.models.AutoencoderKLConfig;
import sc.fiji.diffedit.weights.Shapes;

/** Names and shapes of an autoencoder's checkpoint of any size, without numbers. */
public final class AutoencoderShapes extends Shapes {

	public AutoencoderShapes(final AutoencoderKLConfig config) {
		final List<Integer> channels = config.blockOutChannels();
		final int moments = 2 * config.latentChannels();
		side("encoder", "down_blocks", "downsamplers", channels, config.layersPerBlock(), config.inChannels(), moments);
		final List<Integer> reversed = new ArrayList<>(channels);
		Collections.reverse(reversed);
		side("decoder", "up_blocks", "upsamplers", reversed, config.layersPerBlock() + 1, config.latentChannels(), config.outChannels());
		layer("quant_conv", moments, moments, 1, 1);
		layer("post_quant_conv", config.latentChannels(), config.latentChannels(), 1, 1);
	}

	private void side(final String side, final String blocks, final String scalers, final List<Integer> channels, final int layers, final long in, final long out) {
		final long deepest = side.equals("encoder") ? channels.get(channels.size() - 1) : channels.get(0);
		long width = channels.get(0);
		layer(side + ".conv_in", width, in, 3, 3);
		for (int level = 0; level < channels.size(); level++) {
			final String block = side + "." + blocks + "." + level;
			for (int i = 0; i < layers; i++) {
				resnet(block + ".resnets." + i, width, channels.get(level));
				width = channels.get(level);
			}
			if (level < channels.size() - 1) layer(block + "." + scalers + ".0.conv", width, width, 3, 3);
		}
		for (int i = 0; i < 2; i++) resnet(side + ".mid_block.resnets." + i, deepest, deepest);
		layer(side + ".mid_block.attentions.0.group_norm", deepest);
		for (final String name : List.of("to_q", "to_k", "to_v", "to_out.0")) layer(side + ".mid_block.attentions.0." + name, deepest, deepest);
		layer(side + ".conv_norm_out", width);
		layer(side + ".conv_out", out, width, 3, 3);
	}

	private void resnet(final String name, final long in, final long out) {
		layer(name + ".norm1", in);
		layer(name + ".conv1", out, in, 3, 3);
		layer(name + ".norm2", out);
		layer(name + ".conv2", out, out, 3, 3);
		if (in != out) layer(name + ".conv_shortcut", out, in, 1, 1);
	}
}
