package sc.fiji.diffedit.pipelines;

import java.util.List;
import java.util.Optional;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Latents;

/**
 * A request to {@link TextToImagePipeline}.
 *
 * @param prompt one image (or {@code numImagesPerPrompt}) is made for each
 * @param negative what should not be there; one for all or one per prompt
 * @param width in pixels, a multiple of the autoencoder's factor; 0 for the model's own size
 * @param height in pixels, a multiple of the autoencoder's factor; 0 for the model's own size
 * @param numInferenceSteps steps of the noise schedule
 * @param guidanceScale weight of classifier-free guidance; 1 or less for none
 * @param guidanceInterval in which of the steps guidance counts
 * @param deepCache what steps hand on to those after them
 * @param guidanceRescale 0 (off) to 1: how far contrast is brought back after guidance (Lin et al. 2023, section 3.4)
 * @param numImagesPerPrompt images per prompt, 1 or more
 * @param eta noise added per step of DDIM, 0 to 1
 * @param clipSkip number of last layers of the text encoder to skip, 0 for none
 * @param denoisingEnd in (0, 1): where the base model hands over to a refiner; 1 for the end
 * @param sizes size conditioning of SDXL
 * @param latents noise to begin with, instead of drawing it
 * @param output whether to decode the result
 * @param seeds one seed for all, or one per image
 */
public record TextToImageRequest(List<Prompt> prompt, List<Prompt> negative, int width, int height, int numInferenceSteps,
	double guidanceScale, GuidanceInterval guidanceInterval, DeepCache deepCache, double guidanceRescale, int numImagesPerPrompt, double eta, int clipSkip, double denoisingEnd,
	SizeConditioning sizes, Optional<Latents> latents, OutputType output, List<Long> seeds) {

	/** Every default in one place; the prompt is empty. SDXL's usual guidance is 5. */
	public static final TextToImageRequest DEFAULTS = new TextToImageRequest(List.of(Prompt.NONE), List.of(Prompt.NONE), 0, 0, 50, 7.5, GuidanceInterval.ALL, DeepCache.OFF, 0,
		1, 0, 0, 1, SizeConditioning.DEFAULTS, Optional.empty(), OutputType.IMAGE, List.of(0L));

	/** @throws DiffEditException if a value is outside its range */
	public TextToImageRequest {
		prompt = List.copyOf(prompt);
		negative = List.copyOf(negative);
		seeds = List.copyOf(seeds);
		Checks.notEmpty("prompt", prompt);
		Checks.notEmpty("negative", negative);
		Checks.notEmpty("seeds", seeds);
		if (prompt.isEmpty()) throw new DiffEditException("There is no prompt; give one per image.");
		Checks.generation(numInferenceSteps, guidanceScale, guidanceRescale, numImagesPerPrompt, eta, clipSkip);
		Checks.between("denoisingEnd", denoisingEnd, 0, 1);
	}

	/** @throws DiffEditException if a required value is missing; the message says what to change */
	void check() {
		Checks.given("text", prompt, Mode.PARITY);
		Checks.perImage("the negative prompt", negative, prompt.size());
	}

	public static TextToImageRequest of(final String prompt) {
		return DEFAULTS.withPrompt(List.of(Prompt.of(prompt)));
	}

	public TextToImageRequest withSeed(final long seed) {
		return withSeeds(List.of(seed));
	}

	// -- the same request with one value changed --

	public TextToImageRequest withNegative(final List<Prompt> negative) {
		return new TextToImageRequest(prompt, negative, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingEnd, sizes, latents, output, seeds);
	}

	public TextToImageRequest withWidth(final int width) {
		return new TextToImageRequest(prompt, negative, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingEnd, sizes, latents, output, seeds);
	}

	public TextToImageRequest withHeight(final int height) {
		return new TextToImageRequest(prompt, negative, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingEnd, sizes, latents, output, seeds);
	}

	public TextToImageRequest withNumInferenceSteps(final int numInferenceSteps) {
		return new TextToImageRequest(prompt, negative, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingEnd, sizes, latents, output, seeds);
	}

	public TextToImageRequest withGuidanceScale(final double guidanceScale) {
		return new TextToImageRequest(prompt, negative, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingEnd, sizes, latents, output, seeds);
	}

	public TextToImageRequest withGuidanceInterval(final GuidanceInterval guidanceInterval) {
		return new TextToImageRequest(prompt, negative, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingEnd, sizes, latents, output, seeds);
	}

	public TextToImageRequest withDeepCache(final DeepCache deepCache) {
		return new TextToImageRequest(prompt, negative, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingEnd, sizes, latents, output, seeds);
	}

	public TextToImageRequest withGuidanceRescale(final double guidanceRescale) {
		return new TextToImageRequest(prompt, negative, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingEnd, sizes, latents, output, seeds);
	}

	public TextToImageRequest withNumImagesPerPrompt(final int numImagesPerPrompt) {
		return new TextToImageRequest(prompt, negative, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingEnd, sizes, latents, output, seeds);
	}

	public TextToImageRequest withEta(final double eta) {
		return new TextToImageRequest(prompt, negative, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingEnd, sizes, latents, output, seeds);
	}

	public TextToImageRequest withClipSkip(final int clipSkip) {
		return new TextToImageRequest(prompt, negative, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingEnd, sizes, latents, output, seeds);
	}

	public TextToImageRequest withDenoisingEnd(final double denoisingEnd) {
		return new TextToImageRequest(prompt, negative, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingEnd, sizes, latents, output, seeds);
	}

	public TextToImageRequest withSizes(final SizeConditioning sizes) {
		return new TextToImageRequest(prompt, negative, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingEnd, sizes, latents, output, seeds);
	}

	public TextToImageRequest withLatents(final Optional<Latents> latents) {
		return new TextToImageRequest(prompt, negative, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingEnd, sizes, latents, output, seeds);
	}

	public TextToImageRequest withOutput(final OutputType output) {
		return new TextToImageRequest(prompt, negative, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingEnd, sizes, latents, output, seeds);
	}

	public TextToImageRequest withPrompt(final List<Prompt> prompt) {
		return new TextToImageRequest(prompt, negative, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingEnd, sizes, latents, output, seeds);
	}

	public TextToImageRequest withSeeds(final List<Long> seeds) {
		return new TextToImageRequest(prompt, negative, width, height, numInferenceSteps, guidanceScale, guidanceInterval, deepCache, guidanceRescale, numImagesPerPrompt, eta, clipSkip, denoisingEnd, sizes, latents, output, seeds);
	}
}
