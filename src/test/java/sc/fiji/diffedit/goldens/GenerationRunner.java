package sc.fiji.diffedit.goldens;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.demo.PngFiles;
import sc.fiji.diffedit.goldens.GoldenCase.Png;
import sc.fiji.diffedit.memory.SlicedAutoencoder;
import sc.fiji.diffedit.memory.TiledAutoencoder;
import sc.fiji.diffedit.memory.Tiling;
import sc.fiji.diffedit.models.Autoencoder;
import sc.fiji.diffedit.pipelines.DiffusionModel;
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
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.Config;

/** Cases of diffusers' text-to-image, image-to-image and inpainting pipelines, SD and SDXL, run as users run them. */
final class GenerationRunner implements GoldenRunner {

	/** SDXL's pipelines have defaults of their own in diffusers. */
	private static final double XL_INPAINT_STRENGTH = 0.9999;
	private static final double XL_IMAGE_STRENGTH = 0.3;

	@Override
	public void run(final GoldenCase golden, final Comparison comparison) {
		try (ModelStore models = new ModelStore();
			ModelLease lease = models.borrow(LoadOptions.of(golden.model().toString()).withDevice("cpu").withSafetyChecker(false)))
		{
			lease.call(model -> {
				compare(golden, generate(golden, changed(golden, model), comparison), comparison);
				return null;
			});
		}
	}

	// -- the model with what the case exchanges --

	private static DiffusionModel changed(final GoldenCase golden, final DiffusionModel model) {
		DiffusionModel changed = model.withScheduler(scheduler(golden, model));
		if (golden.json().has("components")) throw new NotYet("parts from elsewhere are not exchanged here yet");
		if (golden.json().has("load")) throw new NotYet("load options are not read here yet");
		if (!golden.json().has("prepare")) return changed;
		for (final JsonElement call : golden.json().getAsJsonArray("prepare")) {
			changed = changed.withVae(prepared(changed.vae(), call.getAsJsonObject().get("call").getAsString()));
		}
		return changed;
	}

	private static Autoencoder prepared(final Autoencoder vae, final String call) {
		if (call.equals("enable_tiling")) return new TiledAutoencoder(vae, Tiling.of(vae));
		if (call.equals("enable_slicing")) return new SlicedAutoencoder(vae);
		throw new NotYet(call + " is not called here yet");
	}

	/** The model's own scheduler config with the class and overrides of the case ({@code from_config}). */
	private static Config scheduler(final GoldenCase golden, final DiffusionModel model) {
		if (!golden.json().has("scheduler")) return model.scheduler();
		final JsonObject entry = golden.json().getAsJsonObject("scheduler");
		final JsonObject config = model.scheduler().json().deepCopy();
		config.addProperty("_class_name", entry.get("class").getAsString());
		entry.getAsJsonObject("config").asMap().forEach(config::add);
		return new Config(golden.name(), config);
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
		return new TextToImagePipeline(model).generate(textToImage(golden, arguments), steps);
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

	private static TextToImageRequest textToImage(final GoldenCase golden, final CallArguments arguments) {
		final TextToImageRequest defaults = TextToImageRequest.DEFAULTS;
		final Object latents = golden.value(golden.json().getAsJsonObject("args").get("latents"));
		return defaults.withPrompt(prompts(arguments, "prompt")).withNegative(prompts(arguments, "negative_prompt"))
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
		return first.stream().map(p -> (Prompt) new Prompt.Words(((Prompt.Words) p).text(), second)).toList();
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
		if (golden.has("out.latents")) comparison.numbers("out.latents", result.latents().values());
		if (!golden.has("out.images")) return;
		final float[] values = DiffEditRunner.channelsLast(result.images());
		if (!golden.results().get("out.images").getAsJsonObject().get("dtype").getAsString().equals("uint8")) {
			comparison.numbers("out.images", values);
			return;
		}
		final long[] levels = new long[values.length];
		for (int i = 0; i < levels.length; i++) levels[i] = (long) Math.rint(values[i] * 255f);
		comparison.wholeNumbers("out.images", levels);
	}
}
