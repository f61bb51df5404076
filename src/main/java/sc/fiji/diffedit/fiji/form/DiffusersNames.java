package sc.fiji.diffedit.fiji.form;

import java.util.Map;

/** The names that diffusers and transformers have for the inputs of forms, whose labels are in a biologist's words. */
final class DiffusersNames {

	static final Map<String, String> NAMES = Map.ofEntries(
		Map.entry("source", "source_prompt"), Map.entry("target", "target_prompt"), Map.entry("prompt", "prompt"), Map.entry("negative", "negative_prompt"),
		Map.entry("sourceNegative", "source_negative_prompt"), Map.entry("targetNegative", "target_negative_prompt"),
		Map.entry("maps", "num_maps_per_mask"), Map.entry("noise", "mask_encode_strength"), Map.entry("thresholdRatio", "mask_thresholding_ratio"),
		Map.entry("steps", "num_inference_steps"), Map.entry("strength", "strength (DiffEdit: inpaint_strength)"), Map.entry("guidance", "guidance_scale"),
		Map.entry("guidanceStart", "start (of a guider)"), Map.entry("guidanceStop", "stop (of a guider)"),
		Map.entry("cacheInterval", "cache_interval (of DeepCache)"), Map.entry("cacheBranch", "cache_branch_id (of DeepCache)"),
		Map.entry("guidanceRescale", "guidance_rescale"), Map.entry("eta", "eta"), Map.entry("clipSkip", "clip_skip"), Map.entry("seed", "generator"),
		Map.entry("width", "width"), Map.entry("height", "height"), Map.entry("count", "num_images_per_prompt (of descriptions: num_return_sequences)"), Map.entry("blur", "blur_factor"),
		Map.entry("margin", "padding_mask_crop"), Map.entry("loraScale", "adapter_weights"), Map.entry("beams", "num_beams"), Map.entry("words", "max_new_tokens"),
		Map.entry("temperature", "temperature"), Map.entry("best", "top_k"), Map.entry("drawnMask", "mask_image"),
		Map.entry("revision", "revision"), Map.entry("variant", "variant"), Map.entry("repository", "pretrained_model_name_or_path"), Map.entry("cache", "cache_dir"),
		Map.entry("dtype", "torch_dtype"), Map.entry("lora", "load_lora_weights"), Map.entry("word", "load_textual_inversion"), Map.entry("inverted", "image_latents"),
		Map.entry("inversionFrom", "invert"), Map.entry("inversion", "inverse_scheduler"), Map.entry("image", "image"), Map.entry("maskFrom", "mask_image"),
		Map.entry("maskUse", "map (of Differential Diffusion)"), Map.entry("crop", "padding_mask_crop"), Map.entry("model", "pretrained_model_name_or_path"),
		Map.entry("memory", "enable_model_cpu_offload, enable_vae_tiling and others"), Map.entry("memoryLimit", "max_memory"), Map.entry("device", "device"),
		Map.entry("offline", "local_files_only"), Map.entry("server", "HF_ENDPOINT"), Map.entry("preview", "callback_on_step_end"),
		Map.entry("options", "vae, scheduler and other components"), Map.entry("beginning", "text"));

	private DiffusersNames() {}

	/** The name; empty where there is none. */
	static String of(final String input) {
		return NAMES.getOrDefault(input, "");
	}
}
