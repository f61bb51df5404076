package sc.fiji.diffedit.weights;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;

/**
 * The configs that a single-file checkpoint lacks, from the shapes of its tensors and the habits of its family: what
 * diffusers fetches from the family's repository. Numbers that cannot be inferred from shapes (heads, groups, scaling factor) are those of
 * the public models; a checkpoint with others needs a folder with its configs.
 */
final class SingleFileConfigs {

	private static final List<String> SAME = List.of("block_out_channels", "layers_per_block", "down_block_types", "up_block_types");
	private static final Gson GSON = new GsonBuilder().serializeNulls().create();

	private final SingleFile file;
	private final Weights original;
	private final String unetPrefix;

	SingleFileConfigs(final SingleFile file, final Weights original) {
		this.file = file;
		this.unetPrefix = file.unetPrefix();
		this.original = original;
	}

	/** {@code model_index.json}. */
	Config index() {
		final JsonObject index = new JsonObject();
		index.addProperty("_class_name", inChannels() == 9 ? inpainting() : file.family().pipeline());
		if (file.family().isXl()) index.addProperty("force_zeros_for_empty_prompt", file.family() == Family.SDXL);
		if (file.family() == Family.SDXL_REFINER) index.addProperty("requires_aesthetics_score", true);
		index.add("scheduler", entry("diffusers", file.family().isXl() ? "EulerDiscreteScheduler" : file.family() == Family.SD1 ? "PNDMScheduler" : "DDIMScheduler"));
		final List<String> encoders = switch (file.family()) {
			case SDXL -> List.of("", "_2");
			case SDXL_REFINER -> List.of("_2");
			default -> List.of("");
		};
		for (final String suffix : encoders) {
			index.add("text_encoder" + suffix, entry("transformers", suffix.isEmpty() ? "CLIPTextModel" : "CLIPTextModelWithProjection"));
			index.add("tokenizer" + suffix, entry("transformers", "CLIPTokenizer"));
		}
		index.add("unet", entry("diffusers", "UNet2DConditionModel"));
		index.add("vae", entry("diffusers", "AutoencoderKL"));
		return new Config(file.source() + ":model_index.json", index);
	}

	private String inpainting() {
		return file.family().isXl() ? "StableDiffusionXLInpaintPipeline" : "StableDiffusionInpaintPipeline";
	}

	private static JsonElement entry(final String library, final String className) {
		return GSON.toJsonTree(List.of(library, className));
	}

	/**
	 * The config of a part; null for parts that have none here (tokenizers, schedulers).
	 *
	 * @param weights of the part, which may come from elsewhere
	 */
	Config config(final String part, final Supplier<Weights> weights) {
		final Map<String, Object> values = switch (part) {
			case "unet" -> unet();
			case "vae" -> vae(weights.get());
			case "text_encoder" -> text(weights.get(), file.family() == Family.SD2);
			case "text_encoder_2" -> text(weights.get(), true);
			default -> null;
		};
		return values == null ? null : new Config(file.source() + ":" + part, GSON.toJsonTree(values).getAsJsonObject());
	}

	long inChannels() {
		return original.size(unetPrefix + "input_blocks.0.0.weight", 1);
	}

	private Map<String, Object> unet() {
		final Map<String, Object> values = layout();
		@SuppressWarnings("unchecked")
		final List<Long> channels = (List<Long>) values.get("block_out_channels");
		values.put("_class_name", "UNet2DConditionModel");
		values.put("attention_head_dim", file.family() == Family.SD1 ? (Object) 8 : channels.stream().map(count -> Math.max(1, count / 64)).toList());
		values.put("sample_size", file.family().isXl() ? 128 : 64);
		if (file.family().isXl()) {
			values.put("addition_embed_type", "text_time");
			values.put("addition_time_embed_dim", 256);
			values.put("projection_class_embeddings_input_dim", original.size(unetPrefix + "label_emb.0.0.weight", 1));
		}
		requireGroups(channels, "a UNet");
		return values;
	}

	/** What names and shapes of the UNet's tensors tell, under the keys of its config. */
	private Map<String, Object> layout() {
		final SingleFile.UNetShape shape = SingleFile.UNetShape.of(original, unetPrefix);
		final List<Long> channels = new ArrayList<>();
		final List<String> down = new ArrayList<>();
		final List<String> up = new ArrayList<>();
		final List<List<Integer>> depth = new ArrayList<>();
		for (int i = 0; i < shape.levels(); i++) {
			final int first = 1 + i * (shape.layers() + 1);
			channels.add(original.size(unetPrefix + "input_blocks." + first + ".0.out_layers.3.weight", 0));
			down.add(shape.attentionDown().contains(i) ? "CrossAttnDownBlock2D" : "DownBlock2D");
			up.add(shape.attentionUp().contains(i) ? "CrossAttnUpBlock2D" : "UpBlock2D");
			depth.add(depths("input_blocks.", first, shape.layers()));
		}
		// the last level of the UNets of SD 1, 2 and of the refiner has no attention; the middle block takes its depth from there
		if (!shape.attentionDown().contains(shape.levels() - 1)) depth.set(shape.levels() - 1, List.of(Math.max(1, depth(unetPrefix + "middle_block.1.transformer_blocks."))));
		final Map<String, Object> values = new LinkedHashMap<>();
		values.put("in_channels", inChannels());
		values.put("out_channels", original.size(unetPrefix + "out.2.weight", 0));
		values.put("block_out_channels", channels);
		values.put("layers_per_block", shape.layers());
		values.put("down_block_types", down);
		values.put("up_block_types", up);
		values.put("cross_attention_dim", crossAttentionDim());
		values.put("transformer_layers_per_block", depth.stream().map(SingleFileConfigs::oneOrAll).toList());
		values.put("reverse_transformer_layers_per_block", depthsUp(shape));
		values.put("mid_block_type", middle());
		values.put("use_linear_projection", original.names().stream().filter(name -> name.startsWith(unetPrefix) && name.endsWith(".proj_in.weight"))
			.anyMatch(name -> original.shape(name).length == 2));
		return values;
	}

	/**
	 * Whether the config of another model's UNet, such as a companion's, is one of the blocks that this file has. That of a full model does not
	 * serve a distilled one (SSD-1B, BK-SDM), whose shapes tell more.
	 */
	boolean isOfTheSameBlocks(final Config unet) {
		final Map<String, Object> layout = layout();
		final boolean same = SAME.stream().allMatch(key -> !unet.has(key) || GSON.toJsonTree(layout.get(key)).equals(unet.json().get(key)));
		final boolean hasMiddle = !unet.json().has("mid_block_type") || unet.has("mid_block_type");
		final String middle = hasMiddle ? unet.getString("mid_block_type", "UNetMidBlock2DCrossAttn") : null;
		return same && Objects.equals(middle, layout.get("mid_block_type")) && hasDepths(unet, layout);
	}

	private static boolean hasDepths(final Config unet, final Map<String, Object> layout) {
		final JsonElement said = unet.has("transformer_layers_per_block") ? unet.json().get("transformer_layers_per_block") : GSON.toJsonTree(1);
		final JsonArray found = GSON.toJsonTree(layout.get("transformer_layers_per_block")).getAsJsonArray();
		final List<?> down = (List<?>) layout.get("down_block_types");
		return IntStream.range(0, found.size()).filter(i -> down.get(i).equals("CrossAttnDownBlock2D"))
			.allMatch(i -> found.get(i).equals(!said.isJsonArray() ? said : i < said.getAsJsonArray().size() ? said.getAsJsonArray().get(i) : null));
	}

	/** How many blocks the transformers of a level's layers have; 1 where there is none. */
	private List<Integer> depths(final String blocks, final int first, final int layers) {
		return IntStream.range(first, first + layers).mapToObj(n -> Math.max(1, depth(unetPrefix + blocks + n + ".1.transformer_blocks."))).toList();
	}

	private List<Object> depthsUp(final SingleFile.UNetShape shape) {
		final int layers = shape.layers() + 1;
		return IntStream.range(0, shape.levels()).mapToObj(i -> oneOrAll(depths("output_blocks.", i * layers, layers))).toList();
	}

	private static Object oneOrAll(final List<Integer> layers) {
		return layers.stream().distinct().count() == 1 ? layers.get(0) : layers;
	}

	/** Distilled models (SSD-1B, BK-SDM) have no attention in the middle, or no middle. */
	private String middle() {
		if (!original.has(unetPrefix + "middle_block.0.in_layers.0.weight")) return null;
		return original.has(unetPrefix + "middle_block.1.norm.weight") ? "UNetMidBlock2DCrossAttn" : "UNetMidBlock2D";
	}

	private void requireGroups(final List<Long> channels, final String part) {
		if (channels.stream().allMatch(count -> count % 32 == 0)) return;
		throw new DiffEditException(file.source() + " has " + part + " with " + channels
			+ " channels, unlike any public model; name a folder with its configs beside it.");
	}

	private long crossAttentionDim() {
		return original.names().stream().filter(name -> name.startsWith(unetPrefix) && name.endsWith("attn2.to_k.weight")).findFirst()
			.map(name -> original.size(name, 1)).orElse(0L);
	}

	private int depth(final String prefix) {
		int depth = 0;
		while (original.has(prefix + depth + ".norm1.weight")) depth++;
		return depth;
	}

	private Map<String, Object> vae(final Weights vae) {
		final List<Long> channels = new ArrayList<>();
		for (int i = 0; vae.has("encoder.down_blocks." + i + ".resnets.0.conv1.weight"); i++) {
			channels.add(vae.size("encoder.down_blocks." + i + ".resnets.0.conv1.weight", 0));
		}
		int layers = 0;
		while (vae.has("encoder.down_blocks.0.resnets." + layers + ".conv1.weight")) layers++;
		requireGroups(channels, "an autoencoder");
		final Map<String, Object> values = new LinkedHashMap<>();
		values.put("_class_name", "AutoencoderKL");
		values.put("block_out_channels", channels);
		values.put("layers_per_block", layers);
		values.put("latent_channels", vae.size("decoder.conv_in.weight", 1));
		values.put("down_block_types", channels.stream().map(count -> "DownEncoderBlock2D").toList());
		values.put("up_block_types", channels.stream().map(count -> "UpDecoderBlock2D").toList());
		values.put("scaling_factor", file.family().isXl() ? 0.13025 : 0.18215);
		values.put("force_upcast", file.family().isXl());
		values.put("sample_size", file.family().isXl() ? 1024 : 512);
		return values;
	}

	private Map<String, Object> text(final Weights text, final boolean openClip) {
		final long width = text.size("embeddings.token_embedding.weight", 1);
		int layers = 0;
		while (text.has("encoder.layers." + layers + ".layer_norm1.weight")) layers++;
		final Map<String, Object> values = new LinkedHashMap<>();
		values.put("architectures", List.of(text.has("text_projection.weight") ? "CLIPTextModelWithProjection" : "CLIPTextModel"));
		values.put("vocab_size", text.size("embeddings.token_embedding.weight", 0));
		values.put("max_position_embeddings", text.size("embeddings.position_embedding.weight", 0));
		values.put("hidden_size", width);
		values.put("intermediate_size", text.size("encoder.layers.0.mlp.fc1.weight", 0));
		values.put("num_hidden_layers", layers);
		values.put("num_attention_heads", Math.max(1, width / 64));
		values.put("hidden_act", openClip ? "gelu" : "quick_gelu");
		values.put("projection_dim", text.has("text_projection.weight") ? text.size("text_projection.weight", 0) : width);
		values.put("bos_token_id", 0);
		values.put("eos_token_id", 2);
		return values;
	}

	/** The scheduler of this family's public models. */
	JsonObject scheduler() {
		final Map<String, Object> values = new LinkedHashMap<>();
		values.put("_class_name", file.family().isXl() ? "EulerDiscreteScheduler" : file.family() == Family.SD1 ? "PNDMScheduler" : "DDIMScheduler");
		values.put("beta_start", 0.00085);
		values.put("beta_end", 0.012);
		values.put("beta_schedule", "scaled_linear");
		values.put("num_train_timesteps", 1000);
		values.put("clip_sample", false);
		values.put("set_alpha_to_one", false);
		values.put("steps_offset", 1);
		values.put("skip_prk_steps", true);
		values.put("timestep_spacing", "leading");
		return GSON.toJsonTree(values).getAsJsonObject();
	}

	/** The parts that a checkpoint of this family has. */
	static Set<String> expected(final Family family) {
		return switch (family) {
			case SDXL -> Set.of("unet", "vae", "text_encoder", "text_encoder_2");
			case SDXL_REFINER -> Set.of("unet", "vae", "text_encoder_2");
			default -> Set.of("unet", "vae", "text_encoder");
		};
	}
}
