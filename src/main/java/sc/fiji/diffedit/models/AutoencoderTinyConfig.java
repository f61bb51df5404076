package sc.fiji.diffedit.models;

import java.util.Arrays;
import java.util.List;

import sc.fiji.diffedit.config.Config;

/**
 * The {@code config.json} of an {@link AutoencoderTiny}, with the defaults of diffusers 0.42.1
 * ({@code autoencoder_tiny.py}).
 *
 * @param encoderBlockOutChannels channels of each encoder level, from the image inwards
 * @param decoderBlockOutChannels channels of each decoder level, from the latents outwards
 * @param numEncoderBlocks residual blocks of each encoder level
 * @param numDecoderBlocks residual blocks of each decoder level
 * @param upsamplingScalingFactor enlargement between two decoder levels
 * @param latentMagnitude half of the range of latents that 8-bit packing keeps
 * @param latentShift where 0 lies in the packed range [0, 1]
 * @param scalingFactor what latents are multiplied by for the UNet
 * @param shiftFactor what is subtracted from latents before scaling
 */
public record AutoencoderTinyConfig(int inChannels, int outChannels, int latentChannels,
	List<Integer> encoderBlockOutChannels, List<Integer> decoderBlockOutChannels, List<Integer> numEncoderBlocks,
	List<Integer> numDecoderBlocks, int upsamplingScalingFactor, double latentMagnitude, double latentShift,
	double scalingFactor, double shiftFactor)
{

	/** @throws sc.fiji.diffedit.DiffEditException if the config needs what this class does not have */
	public static AutoencoderTinyConfig of(final Config json) {
		if (!json.getString("act_fn", "relu").equals("relu")) throw json.unsupported("act_fn", "relu");
		if (!json.getString("upsample_fn", "nearest").equals("nearest")) throw json.unsupported("upsample_fn", "nearest");
		for (final String key : List.of("in_channels", "out_channels", "latent_channels", "upsampling_scaling_factor", "scaling_factor")) {
			if (json.has(key) && !(json.getDouble(key, 1) > 0)) throw json.unsupported(key, "a number above 0");
		}
		return new AutoencoderTinyConfig(json.getInt("in_channels", 3), json.getInt("out_channels", 3), json.getInt("latent_channels", 4),
			channels(json, "encoder_block_out_channels"), channels(json, "decoder_block_out_channels"),
			blocks(json, "num_encoder_blocks", "encoder_block_out_channels", 1, 3, 3, 3),
			blocks(json, "num_decoder_blocks", "decoder_block_out_channels", 3, 3, 3, 1),
			json.getInt("upsampling_scaling_factor", 2), json.getDouble("latent_magnitude", 3), json.getDouble("latent_shift", 0.5),
			json.getDouble("scaling_factor", 1), json.getDouble("shift_factor", 0));
	}

	private static List<Integer> channels(final Config json, final String key) {
		final List<Integer> channels = list(json.has(key) ? json.getInts(key) : new int[] { 64, 64, 64, 64 });
		for (int i = 0; i < channels.size(); i++) {
			if (channels.get(i) < 1 || !channels.get(i).equals(channels.get(0))) throw json.unsupported(key, "the same number above 0 at each level");
		}
		if (channels.isEmpty()) throw json.unsupported(key, "at least one level");
		return channels;
	}

	private static List<Integer> blocks(final Config json, final String key, final String levels, final int... otherwise) {
		final List<Integer> blocks = list(json.has(key) ? json.getInts(key) : otherwise);
		if (blocks.size() != channels(json, levels).size()) throw json.unsupported(key, "as many numbers as " + levels + " has");
		return blocks;
	}

	private static List<Integer> list(final int[] values) {
		return Arrays.stream(values).boxed().toList();
	}

	/** Pixels per latent and axis. */
	public int scaleFactor() {
		return 1 << encoderBlockOutChannels.size() - 1;
	}
}
