package sc.fiji.diffedit.goldens;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.demo.PngFiles;
import sc.fiji.diffedit.goldens.GoldenCase.Png;
import sc.fiji.diffedit.memory.SlicedAutoencoder;
import sc.fiji.diffedit.memory.TiledAutoencoder;
import sc.fiji.diffedit.memory.Tiling;
import sc.fiji.diffedit.models.Autoencoder;
import sc.fiji.diffedit.pipelines.DiffusionModel;
import sc.fiji.diffedit.pipelines.FastRecipe;
import sc.fiji.diffedit.pipelines.FastSettings;
import sc.fiji.diffedit.pipelines.GenerationResult;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.ImageSize;
import sc.fiji.diffedit.pipelines.ImageToImagePipeline;
import sc.fiji.diffedit.pipelines.ImageToImageRequest;
import sc.fiji.diffedit.pipelines.InpaintPipeline;
import sc.fiji.diffedit.pipelines.InpaintRequest;
import sc.fiji.diffedit.pipelines.OutputType;
import sc.fiji.diffedit.pipelines.Prompt;
import sc.fiji.diffedit.pipelines.SizeConditioning;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.pipelines.TextToImagePipeline;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.service.Adapters;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.text.PromptOptions;
import sc.fiji.diffedit.weights.ModelOptions;

/** Cases of diffusers' text-to-image, image-to-image and inpainting pipelines, SD and SDXL, run as users run them. */
final class GenerationRunner implements GoldenRunner {

	/** SDXL's pipelines have defaults of their own in diffusers. */
	private static final double XL_INPAINT_STRENGTH = 0.9999;
	private static final double XL_IMAGE_STRENGTH = 0.3;
	/** One value in so many may fall to the other side of a level of 8 bits. */
	private static final int MOST_ON_EDGE = 500;

	@Override
	public void run(final GoldenCase golden, final Comparison comparison) {
		try (ModelStore models = new ModelStore(); ModelLease lease = models.borrow(options(golden))) {
			lease.setPromptOptions(PromptOptions.DEFAULTS.withParity(true));
			lease.setAdapters(adapters(golden));
			lease.call(model -> {
				compare(golden, generate(golden, changed(golden, model), comparison), comparison);
				return null;
			});
		}
	}

	// -- the model with what the case exchanges --

	/** Which files a case loads, and in which type. */
	private static LoadOptions options(final GoldenCase golden) {
		final JsonObject json = golden.json();
		final JsonObject load = json.has("load") ? json.getAsJsonObject("load") : new JsonObject();
		ModelOptions files = ModelOptions.DEFAULTS;
		if (load.has("variant")) files = files.withVariant(load.get("variant").getAsString());
		if (load.has("config")) files = files.withCompanion(golden.tree().model(load.get("config").getAsString()));
		final Map<String, JsonElement> components = json.has("components") ? json.getAsJsonObject("components").asMap() : Map.of();
		for (final Map.Entry<String, JsonElement> part : components.entrySet()) {
			files = files.withPart(part.getKey(), golden.tree().model(part.getValue().getAsJsonObject().get("model").getAsString()));
		}
		final Path model = json.has("single_file") ? golden.tree().model(golden.text("single_file")) : golden.model();
		final String dtype = golden.text("dtype").isEmpty() ? "float32" : golden.text("dtype");
		return LoadOptions.of(model.toString()).withDevice("cpu").withDtype(DType.of(dtype)).withFiles(files)
			.withSafetyChecker(components.containsKey("safety_checker"));
	}

	/** The LoRA files and textual inversions that a case loads before its call. */
	private static Adapters adapters(final GoldenCase golden) {
		Adapters adapters = Adapters.NONE;
		final List<Path> files = new ArrayList<>();
		for (final JsonObject call : prepared(golden)) {
			final String name = call.get("call").getAsString();
			final JsonObject how = call.has("kwargs") ? call.getAsJsonObject("kwargs") : new JsonObject();
			if (name.equals("load_lora_weights")) {
				files.add(golden.tree().model("adapters").resolve(how.get("weight_name").getAsString()));
				adapters = adapters.withLora(files.get(files.size() - 1), 1);
			}
			if (name.equals("set_adapters")) {
				for (int i = 0; i < files.size(); i++) {
					adapters = adapters.withLora(files.get(i), how.getAsJsonArray("adapter_weights").get(i).getAsDouble());
				}
			}
			if (name.equals("fuse_lora")) adapters = adapters.withFused(true).scaled(how.get("lora_scale").getAsDouble());
			if (name.equals("load_textual_inversion")) adapters = adapters.withTextualInversion(word(golden, call), text(how, "token"));
		}
		final JsonObject arguments = golden.json().getAsJsonObject("args");
		return arguments.has("cross_attention_kwargs")
			? adapters.scaled(arguments.getAsJsonObject("cross_attention_kwargs").get("scale").getAsDouble()) : adapters;
	}

	private static String text(final JsonObject object, final String key) {
		return object.has(key) ? object.get(key).getAsString() : "";
	}

	/** The file of a textual inversion, named by folder and file or, for one of SDXL's two encoders, by an entry of a file. */
	private static Path word(final GoldenCase golden, final JsonObject call) {
		final JsonObject how = call.getAsJsonObject("kwargs");
		if (how.has("weight_name")) return golden.tree().model("adapters").resolve(how.get("weight_name").getAsString());
		return golden.tree().model(call.getAsJsonArray("args").get(0).getAsJsonObject().getAsJsonArray("$entry").get(0).getAsString());
	}

	private static List<JsonObject> prepared(final GoldenCase golden) {
		if (!golden.json().has("prepare")) return List.of();
		return golden.json().getAsJsonArray("prepare").asList().stream().map(JsonElement::getAsJsonObject).toList();
	}

	private static DiffusionModel changed(final GoldenCase golden, final DiffusionModel model) {
		DiffusionModel changed = model.withScheduler(scheduler(golden, model));
		for (final JsonObject call : prepared(golden)) {
			final Autoencoder vae = changed.vae();
			if (call.get("call").getAsString().equals("enable_tiling")) changed = changed.withVae(new TiledAutoencoder(vae, Tiling.of(vae)));
			if (call.get("call").getAsString().equals("enable_slicing")) changed = changed.withVae(new SlicedAutoencoder(vae));
		}
		return changed;
	}

	/** The model's own scheduler config with the class and overrides of the case ({@code from_config}). */
	private static Config scheduler(final GoldenCase golden, final DiffusionModel model) {
		if (golden.json().has("fast")) return fast(golden).on(model).scheduler();
		if (!golden.json().has("scheduler")) return model.scheduler();
		final JsonObject entry = golden.json().getAsJsonObject("scheduler");
		final JsonObject config = model.scheduler().json().deepCopy();
		config.addProperty("_class_name", entry.get("class").getAsString());
		entry.getAsJsonObject("config").asMap().forEach(config::add);
		return new Config(golden.name(), config);
	}

	/** The recipe that a case names for a file: it stands for the scheduler and for steps, guidance and eta. */
	private static FastSettings fast(final GoldenCase golden) {
		final List<String> words = golden.texts("fast");
		return FastRecipe.of(words.get(0)).settings(List.of(words.get(1)));
	}

	// -- the call --

	private static GenerationResult generate(final GoldenCase golden, final DiffusionModel model, final Comparison comparison) {
		final CallArguments arguments = new CallArguments(golden);
		final String pipeline = golden.text("pipeline");
		final StepListener steps = step -> {
			comparison.tensor("step." + step.index() + ".prev_sample", step.latents());
		};
		if (pipeline.contains("Img2Img")) return new ImageToImagePipeline(model).generate(images(golden), imageToImage(golden, arguments, pipeline), steps);
		if (pipeline.contains("Inpaint")) {
			return new InpaintPipeline(model).generate(images(golden), arguments.masks("mask_image"), inpaint(golden, arguments, pipeline), StepListener.NONE);
		}
		final TextToImageRequest asked = textToImage(golden, arguments), usual = TextToImageRequest.DEFAULTS;
		if (!golden.json().has("fast")) return new TextToImagePipeline(model).generate(asked, steps);
		final TextToImageRequest open = asked.withNumInferenceSteps(usual.numInferenceSteps()).withGuidanceScale(usual.guidanceScale()).withEta(usual.eta());
		return new TextToImagePipeline(model).generate(fast(golden).on(open), steps);
	}

	private static ImageInput images(final GoldenCase golden) {
		final JsonElement element = golden.json().getAsJsonObject("args").get("image");
		final Object given = golden.value(element);
		if (given instanceof Tensor tensor) return ImageInput.of(Latents.of(tensor));
		final List<?> files = given instanceof List<?> list ? list : List.of(given);
		return ImageInput.of(files.stream().map(file -> picture(((Png) file).file())).toList());
	}

	private static Picture picture(final Path file) {
		return PngFiles.readPicture(file);
	}

	/** Without zeros for an empty prompt, a negative prompt that is left out is the empty text. */
	private static List<Prompt> negative(final GoldenCase golden, final CallArguments arguments) {
		final boolean zeros = !golden.json().has("load") || !golden.json().getAsJsonObject("load").has("force_zeros_for_empty_prompt");
		return zeros || arguments.has("negative_prompt") ? prompts(arguments, "negative_prompt") : List.of(Prompt.of(""));
	}

	private static TextToImageRequest textToImage(final GoldenCase golden, final CallArguments arguments) {
		final TextToImageRequest defaults = TextToImageRequest.DEFAULTS;
		final Object latents = golden.value(golden.json().getAsJsonObject("args").get("latents"));
		return defaults.withPrompt(prompts(arguments, "prompt")).withNegative(negative(golden, arguments))
			.withWidth(arguments.whole("width", 0)).withHeight(arguments.whole("height", 0))
			.withNumInferenceSteps(arguments.whole("num_inference_steps", 50)).withGuidanceScale(arguments.number("guidance_scale", 7.5))
			.withGuidanceRescale(arguments.number("guidance_rescale", 0)).withNumImagesPerPrompt(arguments.whole("num_images_per_prompt", 1))
			.withEta(arguments.number("eta", 0)).withClipSkip(arguments.whole("clip_skip", 0)).withDenoisingEnd(arguments.number("denoising_end", 1))
			.withSizes(sizes(golden, arguments)).withLatents(Optional.ofNullable(latents).map(t -> Latents.of((Tensor) t)))
			.withOutput(output(arguments)).withSeeds(arguments.seeds());
	}

	private static ImageToImageRequest imageToImage(final GoldenCase golden, final CallArguments arguments, final String pipeline) {
		return ImageToImageRequest.DEFAULTS.parity().withPrompt(prompts(arguments, "prompt")).withNegative(prompts(arguments, "negative_prompt"))
			.withStrength(arguments.number("strength", pipeline.contains("XL") ? XL_IMAGE_STRENGTH : 0.8))
			.withNumInferenceSteps(arguments.whole("num_inference_steps", 50)).withGuidanceScale(arguments.number("guidance_scale", 7.5))
			.withNumImagesPerPrompt(arguments.whole("num_images_per_prompt", 1)).withEta(arguments.number("eta", 0))
			.withDenoisingStart(arguments.number("denoising_start", 0)).withDenoisingEnd(arguments.number("denoising_end", 1))
			.withSizes(sizes(golden, arguments)).withOutput(output(arguments)).withSeeds(arguments.seeds());
	}

	private static InpaintRequest inpaint(final GoldenCase golden, final CallArguments arguments, final String pipeline) {
		return InpaintRequest.DEFAULTS.parity().withPrompt(prompts(arguments, "prompt")).withNegative(prompts(arguments, "negative_prompt"))
			.withStrength(arguments.number("strength", pipeline.contains("XL") ? XL_INPAINT_STRENGTH : 1))
			.withWidth(arguments.whole("width", 0)).withHeight(arguments.whole("height", 0))
			.withPaddingMaskCrop(arguments.has("padding_mask_crop") ? OptionalInt.of(arguments.whole("padding_mask_crop", 0)) : OptionalInt.empty())
			.withNumInferenceSteps(arguments.whole("num_inference_steps", 50)).withGuidanceScale(arguments.number("guidance_scale", 7.5))
			.withNumImagesPerPrompt(arguments.whole("num_images_per_prompt", 1)).withEta(arguments.number("eta", 0))
			.withSizes(sizes(golden, arguments)).withOutput(output(arguments)).withSeeds(arguments.seeds());
	}

	/** Prompts for the first text encoder and, where given, others for the second. */
	private static List<Prompt> prompts(final CallArguments arguments, final String name) {
		final List<Prompt> first = arguments.prompts(name);
		if (!arguments.has(name + "_2")) return first;
		final String second = arguments.text(name + "_2", "");
		return first.stream().map(p -> (Prompt) new Prompt.Text(((Prompt.Text) p).text(), second)).toList();
	}

	private static SizeConditioning sizes(final GoldenCase golden, final CallArguments arguments) {
		return new SizeConditioning(size(golden, "original_size"), size(golden, "crops_coords_top_left").orElse(ImageSize.ZERO), size(golden, "target_size"),
			size(golden, "negative_original_size"), size(golden, "negative_crops_coords_top_left"), size(golden, "negative_target_size"),
			arguments.number("aesthetic_score", 6), arguments.number("negative_aesthetic_score", 2.5));
	}

	private static Optional<ImageSize> size(final GoldenCase golden, final String name) {
		final Object pair = golden.value(golden.json().getAsJsonObject("args").get(name));
		if (!(pair instanceof List<?> numbers)) return Optional.empty();
		return Optional.of(new ImageSize(((Number) numbers.get(0)).intValue(), ((Number) numbers.get(1)).intValue()));
	}

	private static OutputType output(final CallArguments arguments) {
		return arguments.text("output_type", "pil").equals("latent") ? OutputType.LATENT : OutputType.IMAGE;
	}

	// -- the result --

	private static void compare(final GoldenCase golden, final GenerationResult result, final Comparison comparison) {
		if (golden.has("out.nsfw")) {
			final long[] flags = new long[result.flagged().size()];
			for (int i = 0; i < flags.length; i++) flags[i] = result.flagged().get(i) ? 1 : 0;
			comparison.wholeNumbers("out.nsfw", flags);
		}
		if (golden.has("out.latents")) comparison.numbers("out.latents", result.latents().values());
		if (!golden.has("out.images")) return;
		final float[] values = DiffEditRunner.channelsLast(result.images());
		if (!golden.results().get("out.images").getAsJsonObject().get("dtype").getAsString().equals("uint8")) {
			comparison.numbers("out.images", values);
			return;
		}
		final long[] levels = new long[values.length];
		for (int i = 0; i < levels.length; i++) levels[i] = (long) Math.rint(values[i] * 255f);
		comparison.wholeNumbers("out.images", settled(golden, levels));
	}

	/**
	 * Levels of 8 bits without those that stand on the edge between two: a value next to one half falls to either side by
	 * rounding alone. At most one in five hundred may, and by one level.
	 */
	private static long[] settled(final GoldenCase golden, final long[] levels) {
		try (Scope scope = Scope.open()) {
			final long[] expected = golden.tensor("out.images").toLongArray();
			if (expected.length != levels.length) return levels;
			int onEdge = 0;
			for (int i = 0; i < levels.length; i++) if (Math.abs(expected[i] - levels[i]) == 1) onEdge++;
			if (onEdge > levels.length / MOST_ON_EDGE) return levels;
			final long[] settled = levels.clone();
			for (int i = 0; i < levels.length; i++) if (Math.abs(expected[i] - levels[i]) == 1) settled[i] = expected[i];
			return settled;
		}
	}
}
