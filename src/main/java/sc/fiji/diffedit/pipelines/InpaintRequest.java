package sc.fiji.diffedit.pipelines;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Mask;

/**
 * A request to {@link InpaintPipeline}.
 *
 * @param prompt what should be inside the mask; one for all or one per image
 * @param negative what should not be there; one for all or one per image
 * @param strength how much noise is put on the image, in (0, 1]; 1 forgets what was inside the mask; ignored when
 *          {@code denoisingStart} is set
 * @param width to compute at, a multiple of the autoencoder's factor; 0 for the image's own
 * @param height to compute at, a multiple of the autoencoder's factor; 0 for the image's own
 * @param numInferenceSteps steps of the whole noise schedule
 * @param guidanceScale weight of classifier-free guidance; 1 or less for none
 * @param guidanceInterval in which of the steps guidance counts
 * @param deepCache what steps hand on to those after them
 * @param guidanceRescale 0 (off) to 1: how far contrast is brought back after guidance
 * @param numImagesPerPrompt results per image
 * @param eta noise added per step of DDIM, 0 to 1
 * @param clipSkip number of last layers of the text encoder to skip, 0 for none
 * @param paddingMaskCrop compute only the part around the mask, with this margin in pixels; empty for the whole image
 * @param maskBlur radius in pixels by which the mask's edge is softened where the result is pasted back; 0 for none
 * @param denoisingStart in (0, 1): where a base model stopped whose latents are the input; 0 for none
 * @param denoisingEnd in (0, 1): where to stop; 1 for the end
 * @param latents with {@code denoisingStart}, the latents to go on from; empty when the input itself is those latents. With
 *          them the input is the image that the base model was given, whose size and pixels count
 * @param sizes size conditioning of SDXL
 * @param output whether to decode the result
 * @param seeds one seed for all, or one per result
 * @param mode whose word counts where diffusers and this project differ
 */
public record InpaintRequest(List<Prompt> prompt, List<Prompt> negative, double strength, int width, int height, int numInferenceSteps,
	double guidanceScale, GuidanceInterval guidanceInterval, DeepCache deepCache, double guidanceRescale, int numImagesPerPrompt, double eta, int clipSkip, OptionalInt paddingMaskCrop,
	double maskBlur, double denoisingStart, double denoisingEnd, Optional<Latents> latents, SizeConditioning sizes, OutputType output, List<Long> seeds, Mode mode) {

	/** Every default in one place; the prompt is empty. */
	public static final InpaintRequest DEFAULTS = new InpaintRequest(List.of(Prompt.NONE), List.of(Prompt.NONE), 1, 0, 0, 50, 7.5, GuidanceInterval.ALL, DeepCache.OFF, 0, 1, 0, 0,
		OptionalInt.empty(), 0, 0, 1, Optional.empty(), SizeConditioning.DEFAULTS, OutputType.IMAGE, List.of(0L), Mode.DEFAULT);

	/** @throws DiffEditException if a value is outside its range */
	public InpaintRequest {
		prompt = List.copyOf(prompt);
		negative = List.copyOf(negative);
		seeds = List.copyOf(seeds);
		Checks.notEmpty("prompt", prompt);
		Checks.notEmpty("negative", negative);
		Checks.notEmpty("seeds", seeds);
		Checks.between("strength", strength, 0, 1);
		Checks.generation(numInferenceSteps, guidanceScale, guidanceRescale, numImagesPerPrompt, eta, clipSkip);
		if (paddingMaskCrop.isPresent()) Checks.notNegative("paddingMaskCrop", paddingMaskCrop.getAsInt());
		Checks.between("maskBlur", maskBlur, 0, 1000);
		Checks.between("denoisingStart", denoisingStart, 0, 1);
		Checks.between("denoisingEnd", denoisingEnd, 0, 1);
	}

	/**
	 * Checks that there are prompts for a number of images. The constructor cannot: requests are changed one value at a time.
	 *
	 * @throws DiffEditException if it is not; the message says what to change
	 */
	void checkFor(final int images, final List<Mask> masks) {
		Checks.given("text", prompt, Mode.PARITY);
		Checks.perImage("the prompt", prompt, images);
		Checks.perImage("the negative prompt", negative, images);
		Checks.perImage("the mask", masks, images);
		Checks.latentsGiven(latents.isPresent(), denoisingStart);
	}

	public static InpaintRequest of(final String prompt) {
		return DEFAULTS.withPrompt(List.of(Prompt.of(prompt)));
	}

	/** The same request as diffusers 0.42.1 would answer it. */
	public InpaintRequest parity() {
		return withMode(Mode.PARITY);
	}

	public InpaintRequest withSeed(final long seed) {
		return withSeeds(List.of(seed));
	}

	// -- the same request with one value changed --

	public InpaintRequest withPrompt(final List<Prompt> prompt) {
		return new InpaintRequest(prompt, negative, strength, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, paddingMaskCrop, maskBlur, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public InpaintRequest withNegative(final List<Prompt> negative) {
		return new InpaintRequest(prompt, negative, strength, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, paddingMaskCrop, maskBlur, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public InpaintRequest withStrength(final double strength) {
		return new InpaintRequest(prompt, negative, strength, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, paddingMaskCrop, maskBlur, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public InpaintRequest withWidth(final int width) {
		return new InpaintRequest(prompt, negative, strength, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, paddingMaskCrop, maskBlur, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public InpaintRequest withHeight(final int height) {
		return new InpaintRequest(prompt, negative, strength, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, paddingMaskCrop, maskBlur, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public InpaintRequest withNumInferenceSteps(final int numInferenceSteps) {
		return new InpaintRequest(prompt, negative, strength, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, paddingMaskCrop, maskBlur, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public InpaintRequest withGuidanceScale(final double guidanceScale) {
		return new InpaintRequest(prompt, negative, strength, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, paddingMaskCrop, maskBlur, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public InpaintRequest withGuidanceInterval(final GuidanceInterval guidanceInterval) {
		return new InpaintRequest(prompt, negative, strength, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, paddingMaskCrop, maskBlur, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public InpaintRequest withDeepCache(final DeepCache deepCache) {
		return new InpaintRequest(prompt, negative, strength, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, paddingMaskCrop, maskBlur, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public InpaintRequest withGuidanceRescale(final double guidanceRescale) {
		return new InpaintRequest(prompt, negative, strength, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, paddingMaskCrop, maskBlur, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public InpaintRequest withNumImagesPerPrompt(final int numImagesPerPrompt) {
		return new InpaintRequest(prompt, negative, strength, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, paddingMaskCrop, maskBlur, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public InpaintRequest withEta(final double eta) {
		return new InpaintRequest(prompt, negative, strength, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, paddingMaskCrop, maskBlur, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public InpaintRequest withClipSkip(final int clipSkip) {
		return new InpaintRequest(prompt, negative, strength, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, paddingMaskCrop, maskBlur, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public InpaintRequest withPaddingMaskCrop(final OptionalInt paddingMaskCrop) {
		return new InpaintRequest(prompt, negative, strength, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, paddingMaskCrop, maskBlur, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public InpaintRequest withMaskBlur(final double maskBlur) {
		return new InpaintRequest(prompt, negative, strength, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, paddingMaskCrop, maskBlur, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public InpaintRequest withDenoisingStart(final double denoisingStart) {
		return new InpaintRequest(prompt, negative, strength, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, paddingMaskCrop, maskBlur, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public InpaintRequest withDenoisingEnd(final double denoisingEnd) {
		return new InpaintRequest(prompt, negative, strength, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, paddingMaskCrop, maskBlur, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public InpaintRequest withLatents(final Optional<Latents> latents) {
		return new InpaintRequest(prompt, negative, strength, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, paddingMaskCrop, maskBlur, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public InpaintRequest withSizes(final SizeConditioning sizes) {
		return new InpaintRequest(prompt, negative, strength, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, paddingMaskCrop, maskBlur, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public InpaintRequest withOutput(final OutputType output) {
		return new InpaintRequest(prompt, negative, strength, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, paddingMaskCrop, maskBlur, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public InpaintRequest withSeeds(final List<Long> seeds) {
		return new InpaintRequest(prompt, negative, strength, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, paddingMaskCrop, maskBlur, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}

	public InpaintRequest withMode(final Mode mode) {
		return new InpaintRequest(prompt, negative, strength, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, paddingMaskCrop, maskBlur, denoisingStart, denoisingEnd, latents, sizes, output, seeds, mode);
	}
}
