package sc.fiji.diffedit.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.pipelines.GenerationResult;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.ImageToImageRequest;
import sc.fiji.diffedit.pipelines.InpaintRequest;
import sc.fiji.diffedit.pipelines.OutputType;
import sc.fiji.diffedit.pipelines.Prompt;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.service.RunMemory.Size;
import sc.fiji.diffedit.tensor.Mask;

/**
 * An SDXL base model with its refiner. A request whose {@code denoisingEnd} is below 1 goes through both as an ensemble of experts:
 * the base model takes the steps up to there, the refiner those after it. {@link #secondPass} is the alternative: the refiner adds
 * some noise to finished latents and denoises them again. In Groovy:
 *
 * <pre>{@code
 * base = models.borrow(LoadOptions.of("/models/sdxl-base"))
 * refiner = models.borrow(LoadOptions.of("/models/sdxl-refiner").withBase(base.options()))
 * image = base.refinedBy(refiner).textToImage(TextToImageRequest.of("a lion").withDenoisingEnd(0.8), StepListener.NONE).image()
 * }</pre>
 *
 * Both leases must stay open as long as this is used.
 */
public final class BaseWithRefiner {

	private final ModelLease base;
	private final ModelLease refiner;

	BaseWithRefiner(final ModelLease base, final ModelLease refiner) {
		this.base = base;
		this.refiner = refiner;
	}

	/** DiffEdit whose edits end with the refiner. */
	public DiffEdit diffEdit() {
		return base.diffEdit().withRefiner(refiner);
	}

	/** Text to image, with the last steps by the refiner. */
	public GenerationResult textToImage(final TextToImageRequest request, final StepListener listener) {
		final double handover = handover(request.denoisingEnd());
		prepare(request);
		final GenerationResult half = base.textToImage(request.withOutput(OutputType.LATENT), listener);
		final ImageToImageRequest second = requestOfRefiner(request).withNumInferenceSteps(request.numInferenceSteps()).withDenoisingStart(handover);
		return refiner.imageToImage(ImageInput.of(half.latents()), second, listener);
	}

	/**
	 * Text to image, followed by image to image with the refiner.
	 *
	 * @param strength the image-to-image strength of the refiner, in (0, 1]; 0.3 is usual
	 */
	public GenerationResult secondPass(final TextToImageRequest request, final double strength, final StepListener listener) {
		prepare(request);
		final GenerationResult first = base.textToImage(request.withOutput(OutputType.LATENT).withDenoisingEnd(1), listener);
		return refiner.imageToImage(ImageInput.of(first.latents()), requestOfRefiner(request).withStrength(strength), listener);
	}

	/** Image to image, with the last steps by the refiner. */
	public GenerationResult imageToImage(final ImageInput images, final ImageToImageRequest request, final StepListener listener) {
		final double handover = handover(request.denoisingEnd());
		prepare(Size.of(base.networks(), images), request.numImagesPerPrompt(), request.guidanceScale(), request.output());
		final GenerationResult half = base.imageToImage(images, request.withOutput(OutputType.LATENT), listener);
		final ImageToImageRequest second = request.withPrompt(promptsOfRefiner(request.prompt())).withNegative(promptsOfRefiner(request.negative()))
			.withDenoisingStart(handover).withDenoisingEnd(1).withLatents(Optional.of(half.latents()));
		return refiner.imageToImage(images, second, listener);
	}

	/** Inpainting, with the last steps by the refiner. */
	public GenerationResult inpaint(final ImageInput images, final List<Mask> masks, final InpaintRequest request, final StepListener listener) {
		final double handover = handover(request.denoisingEnd());
		prepare(Size.of(base.networks(), images), request.numImagesPerPrompt(), request.guidanceScale(), request.output());
		final GenerationResult half = base.inpaint(images, masks, request.withOutput(OutputType.LATENT), listener);
		final InpaintRequest second = request.withPrompt(promptsOfRefiner(request.prompt())).withNegative(promptsOfRefiner(request.negative()))
			.withDenoisingStart(handover).withDenoisingEnd(1).withLatents(Optional.of(half.latents()));
		return refiner.inpaint(images, masks, second, listener);
	}

	/** Reports that memory is too small for the refiner before the base model starts. */
	private void prepare(final TextToImageRequest request) {
		prepare(Size.of(base.networks(), request), request.numImagesPerPrompt(), request.guidanceScale(), request.output());
	}

	private void prepare(final Size size, final int imagesEach, final double guidanceScale, final OutputType output) {
		refiner.prepare(model -> RunMemory.ofRefiner(model, size, imagesEach, guidanceScale, output), base);
	}

	/** The base model's request when the input is an image. */
	private ImageToImageRequest requestOfRefiner(final TextToImageRequest request) {
		return ImageToImageRequest.DEFAULTS.withPrompt(promptsOfRefiner(each(request.prompt(), request.numImagesPerPrompt())))
			.withNegative(promptsOfRefiner(request.negative().size() == 1 ? request.negative() : each(request.negative(), request.numImagesPerPrompt())))
			.withNumInferenceSteps(request.numInferenceSteps()).withGuidanceScale(request.guidanceScale()).withGuidanceInterval(request.guidanceInterval()).withDeepCache(request.deepCache()).withGuidanceRescale(request.guidanceRescale())
			.withEta(request.eta()).withClipSkip(request.clipSkip()).withSizes(request.sizes()).withOutput(request.output()).withSeeds(request.seeds());
	}

	/** The part of the embeddings that the refiner's only text encoder computed. */
	private List<Prompt> promptsOfRefiner(final List<Prompt> prompts) {
		final int width = refiner.crossAttentionDim();
		return prompts.stream().map(prompt -> prompt instanceof Prompt.Embedding embedding ? embedding.ofSecondEncoder(width) : prompt).toList();
	}

	private static double handover(final double denoisingEnd) {
		if (denoisingEnd > 0 && denoisingEnd < 1) return denoisingEnd;
		throw new DiffEditException("denoisingEnd is " + denoisingEnd + "; between 0 and 1 it says where the base model hands over to the refiner (0.8 is usual).");
	}

	private static <T> List<T> each(final List<T> values, final int times) {
		final List<T> repeated = new ArrayList<>();
		for (final T value : values) {
			for (int i = 0; i < times; i++) repeated.add(value);
		}
		return repeated;
	}
}
