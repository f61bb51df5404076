package sc.fiji.diffedit.pipelines;

import java.util.List;
import java.util.Optional;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Latents;

/**
 * A request to {@link ImageToImagePipeline}.
 *
 * @param prompt what the images should become; one for all or one per image
 * @param negative what should not be there; one for all or one per image
 * @param strength how much noise is put on the image, in (0, 1]; ignored when {@code denoisingStart} is set
 * @param numInferenceSteps steps of the whole noise schedule, of which the last {@code strength} part is taken
 * @param guidanceScale weight of classifier-free guidance; 1 or less for none
 * @param guidanceInterval in which of the steps guidance counts
 * @param deepCache what steps hand on to those after them
 * @param guidanceRescale 0 (off) to 1: how far contrast is brought back after guidance
 * @param numImagesPerPrompt results per image
 * @param eta noise added per step of DDIM, 0 to 1
 * @param clipSkip number of last layers of the text encoder to skip, 0 for none
 * @param denoisingStart in (0, 1): where a base model stopped whose latents are the input; 0 for none
 * @param denoisingEnd in (0, 1): where to stop; 1 for the end
 * @param latents with {@code denoisingStart}, the latents to go on from; empty when the input itself is those latents. With
 *          them the input is the image that the base model was given, whose size and pixels count
 * @param sizes size conditioning of SDXL
 * @param output whether to decode the result
 * @param seeds one seed for all, or one per result
 * @param mode whose word counts where diffusers is at odds with itself
 */
public record ImageToImageRequest(List<Prompt> prompt, List<Prompt> negative, double strength, int numInferenceSteps,
	double guidanceScale, GuidanceInterval guidanceInterval, DeepCache deepCache, double guidanceRescale, int numImagesPerPrompt, double eta, int clipSkip, double denoisingStart,
	double denoisingEnd, Optional<Latents> latents, SizeConditioning sizes, OutputType output, List<Long> seeds, Mode mode) {

	/** Every default in one place; the prompt is empty. */
	public static final ImageToImageRequest DEFAULTS = new ImageToImageRequest(List.of(Prompt.NONE), List.of(Prompt.NONE), 0.8, 50, 7.5, GuidanceInterval.ALL, DeepCache.OFF, 0, 1,
		0, 0, 0, 1, Optional.empty(), SizeConditioning.DEFAULTS, OutputType.IMAGE, List.of(0L), Mode.DEFAULT);

	/** @throws DiffEditException if a value is outside its range */
	public ImageToImageRequest {
		prompt = List.copyOf(prompt);
		negative = List.copyOf(negative);
		seeds = List.copyOf(seeds);
		Checks.notEmpty("prompt", prompt);
		Checks.notEmpty("negative", negative);
		Checks.notEmpty("seeds", seeds);
		Checks.between("strength", strength, 0, 1);
		Checks.generation(numInferenceSteps, guidanceScale, guidanceRescale, numImagesPerPrompt, eta, clipSkip);
		Checks.between("denoisingStart", denoisingStart, 0, 1);
		Checks.between("denoisingEnd", denoisingEnd, 0, 1);
	}

	/**
	 * Checks that there are prompts for a number of images. The constructor cannot: requests are changed one value at a time.
	 *
	 * @throws DiffEditException if it is not; the message says what to change
	 */
	void checkFor(final int images) {
		Checks.given("text", prompt, Mode.PARITY);
		Checks.perImage("the prompt", prompt, images);
		Checks.perImage("the negative prompt", negative, images);
		Checks.latentsGiven(latents.isPresent(), denoisingStart);
		if (denoisingStart > 0 && denoisingStart >= denoisingEnd) {
			throw new DiffEditException("denoisingStart " + denoisingStart + " is not below denoisingEnd " + denoisingEnd + "; leave a part between them.");
		}
	}

	public static ImageToImageRequest of(final String prompt) {
		return DEFAULTS.withPrompt(List.of(Prompt.of(prompt)));
	}

	/** The same request as diffusers 0.42.1 would answer it: size conditioning of negative crops ignored, images shrunk to fit. */
	public ImageToImageRequest parity() {
		return withMode(Mode.PARITY);
	}

	public ImageToImageRequest withSeed(final long seed) {
		return withSeeds(List.of(seed));
	}

	// -- the same request with one value changed --

	public ImageToImageRequest withNegative(final List<Prompt> negative) {
		return new ImageToImageRequest(prompt, negative, strength, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public ImageToImageRequest withStrength(final double strength) {
		return new ImageToImageRequest(prompt, negative, strength, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public ImageToImageRequest withNumInferenceSteps(final int numInferenceSteps) {
		return new ImageToImageRequest(prompt, negative, strength, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public ImageToImageRequest withGuidanceScale(final double guidanceScale) {
		return new ImageToImageRequest(prompt, negative, strength, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public ImageToImageRequest withGuidanceInterval(final GuidanceInterval guidanceInterval) {
		return new ImageToImageRequest(prompt, negative, strength, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public ImageToImageRequest withDeepCache(final DeepCache deepCache) {
		return new ImageToImageRequest(prompt, negative, strength, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public ImageToImageRequest withGuidanceRescale(final double guidanceRescale) {
		return new ImageToImageRequest(prompt, negative, strength, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public ImageToImageRequest withNumImagesPerPrompt(final int numImagesPerPrompt) {
		return new ImageToImageRequest(prompt, negative, strength, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public ImageToImageRequest withEta(final double eta) {
		return new ImageToImageRequest(prompt, negative, strength, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public ImageToImageRequest withClipSkip(final int clipSkip) {
		return new ImageToImageRequest(prompt, negative, strength, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public ImageToImageRequest withDenoisingStart(final double denoisingStart) {
		return new ImageToImageRequest(prompt, negative, strength, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public ImageToImageRequest withDenoisingEnd(final double denoisingEnd) {
		return new ImageToImageRequest(prompt, negative, strength, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public ImageToImageRequest withLatents(final Optional<Latents> latents) {
		return new ImageToImageRequest(prompt, negative, strength, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public ImageToImageRequest withSizes(final SizeConditioning sizes) {
		return new ImageToImageRequest(prompt, negative, strength, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public ImageToImageRequest withOutput(final OutputType output) {
		return new ImageToImageRequest(prompt, negative, strength, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public ImageToImageRequest withPrompt(final List<Prompt> prompt) {
		return new ImageToImageRequest(prompt, negative, strength, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public ImageToImageRequest withSeeds(final List<Long> seeds) {
		return new ImageToImageRequest(prompt, negative, strength, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public ImageToImageRequest withMode(final Mode mode) {
		return new ImageToImageRequest(prompt, negative, strength, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}
}
