package sc.fiji.diffedit.models;

import java.util.Arrays;
import java.util.List;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;

/**
 * The {@code config.json} of an {@link AutoencoderKL}, with the defaults of diffusers 0.42.1
 * ({@code autoencoder_kl.py}).
 *
 * @param blockOutChannels channels of each level, from the image inwards
 * @param layersPerBlock resnets of an encoder level; a decoder level has one more
 * @param sampleSize edge of the training images in pixels
 * @param scalingFactor what latents are multiplied by for the UNet
 * @param shiftFactor what is subtracted from latents before scaling; 0 where the config has none
 * @param latentsMean mean of each latent channel, empty where the config has none
 * @param latentsStd standard deviation of each latent channel, empty where the config has none
 * @param forceUpcast whether half precision overflows
 */
public record AutoencoderKLConfig(int inChannels, int outChannels, int latentChannels, List<Integer> blockOutChannels,
	int layersPerBlock, int normNumGroups, int sampleSize, double scalingFactor, double shiftFactor,
	List<Double> latentsMean, List<Double> latentsStd, boolean forceUpcast, boolean useQuantConv, boolean usePostQuantConv,
	boolean midBlockAddAttention)
{

	private static final List<String> ACTIVATIONS = List.of("silu", "swish");

	/** @throws DiffEditException if the config needs a block or activation that this class does not have */
	public static AutoencoderKLConfig of(final Config json) {
		checkBlocks(json, "down_block_types", "DownEncoderBlock2D");
		checkBlocks(json, "up_block_types", "UpDecoderBlock2D");
		if (!ACTIVATIONS.contains(json.getString("act_fn", "silu"))) throw json.unsupported("act_fn", "silu");
		final int[] channels = json.has("block_out_channels") ? json.getInts("block_out_channels") : new int[] { 64 };
		final int groups = json.getInt("norm_num_groups", 32);
		checkChannels(json, channels, groups);
		if (json.isList("sample_size") && json.getInts("sample_size").length == 0) throw json.unsupported("sample_size", "a number");
		final int[] size = json.isList("sample_size") ? json.getInts("sample_size") : new int[] { json.getInt("sample_size", 32) };
		return new AutoencoderKLConfig(json.getInt("in_channels", 3), json.getInt("out_channels", 3),
			json.getInt("latent_channels", 4), Arrays.stream(channels).boxed().toList(), json.getInt("layers_per_block", 1),
			groups, size[0], json.getDouble("scaling_factor", 0.18215), json.getDouble("shift_factor", 0),
			list(json.getDoubles("latents_mean")), list(json.getDoubles("latents_std")), json.getBoolean("force_upcast", true),
			json.getBoolean("use_quant_conv", true), json.getBoolean("use_post_quant_conv", true),
			json.getBoolean("mid_block_add_attention", true));
	}

	private static void checkBlocks(final Config json, final String key, final String supported) {
		for (final String type : json.getStrings(key)) {
			if (!type.equals(supported)) throw json.unsupported(key, supported);
		}
	}

	private static void checkChannels(final Config json, final int[] channels, final int groups) {
		if (channels.length == 0) throw json.unsupported("block_out_channels", "at least one level");
		if (groups < 1) throw json.unsupported("norm_num_groups", "a number above 0");
		for (final int count : channels) {
			if (count < 1 || count % groups != 0) {
				throw json.unsupported("block_out_channels", "multiples of norm_num_groups (" + groups + ")");
			}
		}
	}

	private static List<Double> list(final double[] values) {
		return Arrays.stream(values).boxed().toList();
	}

	public AutoencoderKLConfig {
		if (scalingFactor == 0 || latentsMean.size() != latentsStd.size()
			|| !latentsMean.isEmpty() && latentsMean.size() != latentChannels) {
			throw new DiffEditException("The autoencoder's config has scaling_factor " + scalingFactor + ", " + latentsMean.size()
				+ " latents_mean and " + latentsStd.size() + " latents_std for " + latentChannels
				+ " latent channels; the numbers do not belong together, take the config of the model's own folder.");
		}
		if (sampleSize < 1 || inChannels < 1 || outChannels < 1 || latentChannels < 1 || layersPerBlock < 1) {
			throw new DiffEditException("The autoencoder's config has a sample_size, in_channels, out_channels, latent_channels or "
				+ "layers_per_block below 1; take the config of the model's own folder.");
		}
	}

	/** Pixels per latent and axis. */
	public int scaleFactor() {
		return 1 << blockOutChannels.size() - 1;
	}
}
