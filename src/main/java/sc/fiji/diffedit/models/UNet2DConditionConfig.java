package sc.fiji.diffedit.models;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import sc.fiji.diffedit.config.Config;

/**
 * {@code unet/config.json}, with diffusers' names and defaults. Lists have one entry per level, from the finest on.
 *
 * @param source how messages name the file
 * @param sampleSize side of the latents that the model was trained on; 0 if the file does not contain it
 * @param inChannels 4, or 9 for inpainting models
 * @param centerInputSample whether samples are moved from [0, 1] to [-1, 1] first
 * @param downBlocks for each level, whether it has attention on the way down
 * @param midBlock the block between the down and up blocks
 * @param upBlocks for each level of the way up, so from the coarsest on, whether it has attention
 * @param attentionHeads number of heads; diffusers reads it from {@code attention_head_dim}, whose name is a mistake of old
 * @param crossAttentionDim width of the text embeddings
 * @param transformerLayers for each level and each of its layers on the way down, how many blocks its transformer has; the middle has
 *          as many as the last level's first
 * @param transformerLayersUp the same for the way up, from the coarsest level on; a level has one layer more there
 * @param timeCondProjDim sinusoids of the guidance scale that the timestep's embedding takes, for models distilled with guidance (LCM); 0 for none
 * @param addedTextTime whether the model has added conditions: a pooled text embedding and sizes (SDXL)
 * @param additionTimeEmbedDim sinusoids for each of those sizes
 * @param projectionInput length of the pooled text and all those sinusoids together
 */
public record UNet2DConditionConfig(String source, int sampleSize, int inChannels, int outChannels, boolean centerInputSample,
	boolean flipSinToCos, double freqShift, List<Boolean> downBlocks, MidBlock midBlock, List<Boolean> upBlocks,
	List<Integer> blockOutChannels, List<Integer> layersPerBlock, List<Integer> attentionHeads, List<Integer> crossAttentionDim,
	List<List<Integer>> transformerLayers, List<List<Integer>> transformerLayersUp, boolean useLinearProjection, int normNumGroups, double normEps,
	int convInKernel, int convOutKernel, int timeEmbedDim, int timeCondProjDim, boolean addedTextTime, int additionTimeEmbedDim, int projectionInput)
{

	/** The block between the down and up blocks. */
	public enum MidBlock {
		/** Two resnets around a transformer. */
		CROSS_ATTENTION,
		/** One resnet. */
		PLAIN,
		/** Nothing (small distilled models). */
		NONE
	}

	private static final List<String> DOWN = List.of("CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D");
	private static final List<String> UP = List.of("UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D");
	private static final int MAX_CHANNELS = 1 << 16;

	/**
	 * Reads a config.
	 *
	 * @throws sc.fiji.diffedit.DiffEditException if it needs something that this program does not have
	 */
	public static UNet2DConditionConfig of(final Config config) {
		refuseWhatIsMissing(config);
		final List<Integer> channels = sizes(config, "block_out_channels", config.has("block_out_channels")
			? config.getInts("block_out_channels") : new int[] { 320, 640, 1280, 1280 });
		final int levels = channels.size();
		final List<Integer> heads = perLevel(config, config.has("num_attention_heads") ? "num_attention_heads" : "attention_head_dim", levels, 8);
		final List<Integer> layers = perLevel(config, "layers_per_block", levels, 2);
		final List<List<Integer>> depth = depth(config, "transformer_layers_per_block", layers);
		final boolean textTime = config.has("addition_embed_type");
		final UNet2DConditionConfig result = new UNet2DConditionConfig(config.source(), sampleSize(config),
			size(config, "in_channels", 4), size(config, "out_channels", 4), config.getBoolean("center_input_sample", false),
			config.getBoolean("flip_sin_to_cos", true), config.getDouble("freq_shift", 0),
			attention(config, "down_block_types", DOWN, "DownBlock2D", "CrossAttnDownBlock2D", levels), midBlock(config),
			attention(config, "up_block_types", UP, "UpBlock2D", "CrossAttnUpBlock2D", levels),
			channels, layers, heads, perLevel(config, "cross_attention_dim", levels, 1280),
			depth, depthUp(config, layers, depth),
			config.getBoolean("use_linear_projection", false), size(config, "norm_num_groups", 32), config.getDouble("norm_eps", 1e-5),
			oddSize(config, "conv_in_kernel"), oddSize(config, "conv_out_kernel"), size(config, "time_embedding_dim", 4 * channels.get(0)),
			config.has("time_cond_proj_dim") ? timeCondProjDim(config) : 0,
			textTime, textTime ? size(config, "addition_time_embed_dim", 0) : 0,
			textTime ? size(config, "projection_class_embeddings_input_dim", 0) : 0);
		result.checkDivisions(config);
		return result;
	}

	private static void refuseWhatIsMissing(final Config config) {
		only(config, "act_fn", "silu", "silu", "swish");
		only(config, "resnet_time_scale_shift", "default", "default");
		only(config, "time_embedding_type", "positional", "positional");
		only(config, "attention_type", "default", "default");
		only(config, "addition_embed_type", "text_time", "text_time");
		for (final String key : List.of("class_embed_type", "num_class_embeds", "encoder_hid_dim", "encoder_hid_dim_type",
			"timestep_post_act", "time_embedding_act_fn", "cross_attention_norm"))
		{
			if (config.has(key)) throw config.unsupported(key, "no " + key);
		}
		for (final String key : List.of("dual_cross_attention", "class_embeddings_concat", "resnet_skip_time_act", "mid_block_only_cross_attention")) {
			if (config.getBoolean(key, false)) throw config.unsupported(key, "false");
		}
		if (isAnyTrue(config, "only_cross_attention")) throw config.unsupported("only_cross_attention", "false");
		for (final String key : List.of("resnet_out_scale_factor", "mid_block_scale_factor", "downsample_padding")) {
			if (config.getDouble(key, 1) != 1) throw config.unsupported(key, "1");
		}
		if (config.json().has("norm_num_groups") && !config.has("norm_num_groups")) throw config.unsupported("norm_num_groups", "a number");
	}

	private static boolean isAnyTrue(final Config config, final String key) {
		if (!config.isList(key)) return config.getBoolean(key, false);
		return config.json().getAsJsonArray(key).asList().stream().anyMatch(each -> !each.equals(new JsonPrimitive(false)));
	}

	private static void only(final Config config, final String key, final String otherwise, final String... supported) {
		if (!Arrays.asList(supported).contains(config.getString(key, otherwise))) throw config.unsupported(key, String.join(" or ", supported));
	}

	private static MidBlock midBlock(final Config config) {
		if (config.json().has("mid_block_type") && !config.has("mid_block_type")) return MidBlock.NONE;
		switch (config.getString("mid_block_type", "UNetMidBlock2DCrossAttn")) {
			case "UNetMidBlock2DCrossAttn":
				return MidBlock.CROSS_ATTENTION;
			case "UNetMidBlock2D":
				return MidBlock.PLAIN;
			default:
				throw config.unsupported("mid_block_type", "UNetMidBlock2DCrossAttn, UNetMidBlock2D or null");
		}
	}

	private static List<Boolean> attention(final Config config, final String key, final List<String> otherwise, final String plain,
		final String attentive, final int levels)
	{
		final List<String> types = config.has(key) ? config.getStrings(key) : otherwise;
		if (types.size() != levels) throw config.unsupported(key, "one block for each of the " + levels + " block_out_channels");
		if (!List.of(plain, attentive).containsAll(types)) throw config.unsupported(key, plain + " and " + attentive);
		return types.stream().map(attentive::equals).toList();
	}

	/** A number for both edges, or height and width. */
	private static int sampleSize(final Config config) {
		final int[] sizes = config.getInts("sample_size");
		if (sizes.length > 2 || sizes.length == 2 && sizes[0] != sizes[1]) throw config.unsupported("sample_size", "a number, or the same one twice");
		return sizes.length == 0 ? 0 : sizes[0];
	}

	/** Each level has a number for all of its layers, or a list with one for each. */
	private static List<List<Integer>> depth(final Config config, final String key, final List<Integer> layers) {
		if (!config.isList(key)) return layers.stream().map(count -> Collections.nCopies(count, size(config, key, 1))).toList();
		final JsonArray levels = config.json().getAsJsonArray(key);
		if (levels.size() != layers.size()) throw config.unsupported(key, "a number or a list of " + layers.size());
		final List<List<Integer>> depth = new ArrayList<>();
		for (int i = 0; i < levels.size(); i++) {
			final JsonObject level = new JsonObject();
			level.add(key, levels.get(i));
			final List<Integer> each = sizes(config, key, new Config(config.source(), level).getInts(key));
			if (each.size() != 1 && each.size() != layers.get(i)) throw config.unsupported(key, "a number or a list of " + layers.get(i) + " for level " + i);
			depth.add(each.size() == 1 ? Collections.nCopies(layers.get(i), each.get(0)) : each);
		}
		return depth;
	}

	/** As diffusers: the same numbers the other way round, unless a list says them; different ones within a level must be said. */
	private static List<List<Integer>> depthUp(final Config config, final List<Integer> layers, final List<List<Integer>> down) {
		final List<Integer> up = reversed(layers).stream().map(count -> count + 1).toList();
		if (config.has("reverse_transformer_layers_per_block")) return depth(config, "reverse_transformer_layers_per_block", up);
		if (down.stream().anyMatch(level -> level.stream().distinct().count() > 1)) {
			throw config.unsupported("transformer_layers_per_block", "also reverse_transformer_layers_per_block where a level has different numbers");
		}
		final List<List<Integer>> depth = new ArrayList<>();
		for (int i = 0; i < up.size(); i++) depth.add(Collections.nCopies(up.get(i), down.get(up.size() - 1 - i).get(0)));
		return depth;
	}

	private static List<Integer> perLevel(final Config config, final String key, final int levels, final int otherwise) {
		return sizes(config, key, config.getInts(key, levels, otherwise));
	}

	private static List<Integer> sizes(final Config config, final String key, final int[] values) {
		if (values.length == 0) throw config.unsupported(key, "at least one level");
		for (final int value : values) {
			if (value < 1 || value > MAX_CHANNELS) throw config.unsupported(key, "whole numbers from 1 to " + MAX_CHANNELS);
		}
		return Arrays.stream(values).boxed().toList();
	}

	private static int size(final Config config, final String key, final int otherwise) {
		final int value = config.getInt(key, otherwise);
		if (value < 1 || value > MAX_CHANNELS) throw config.unsupported(key, "a whole number from 1 to " + MAX_CHANNELS);
		return value;
	}

	private static int timeCondProjDim(final Config config) {
		final int value = size(config, "time_cond_proj_dim", 0);
		if (value < 4) throw config.unsupported("time_cond_proj_dim", "a whole number from 4 on, or null");
		return value;
	}

	private static int oddSize(final Config config, final String key) {
		final int value = size(config, key, 3);
		if (value % 2 == 0) throw config.unsupported(key, "an odd number");
		return value;
	}

	private static List<Integer> reversed(final List<Integer> list) {
		final Integer[] values = list.toArray(new Integer[0]);
		for (int i = 0; i < values.length; i++) values[i] = list.get(values.length - 1 - i);
		return List.of(values);
	}

	/** Number of connections from the way down to the way up: one for the first convolution, each resnet and each step to a smaller size. */
	public int skips() {
		return blockOutChannels.size() + layersPerBlock.stream().mapToInt(Integer::intValue).sum();
	}

	/** Whether the network was distilled with guidance, whose scale it takes as a condition instead of a second prediction. */
	public boolean isGuidanceDistilled() {
		return timeCondProjDim > 0;
	}

	private void checkDivisions(final Config config) {
		for (int level = 0; level < blockOutChannels.size(); level++) {
			if (blockOutChannels.get(level) % normNumGroups != 0) {
				throw config.unsupported("block_out_channels", "multiples of norm_num_groups " + normNumGroups);
			}
			if (blockOutChannels.get(level) % attentionHeads.get(level) != 0) {
				throw config.unsupported("block_out_channels", "multiples of the number of heads, " + attentionHeads);
			}
		}
	}
}
