package sc.fiji.diffedit.pipelines;

import java.util.List;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Mask;

/**
 * A request to {@link DiffEditPipeline#edit}. Prompt lists hold one prompt for all images, or one per image.
 *
 * @param prompt what should be inside the mask
 * @param negative what should not; diffusers' examples give the source prompt here
 * @param numInferenceSteps steps of the noise schedule; those of the inversion
 * @param inpaintStrength how far from noise to start, in (0, 1]; that of the inversion or less
 * @param guidanceScale weight of classifier-free guidance; 1 or less for none
 * @param guidanceInterval in which of the steps guidance counts
 * @param deepCache what steps hand on to those after them
 * @param numImagesPerPrompt results per image; they differ only with {@code eta > 0}
 * @param eta noise added per step, 0 (none, DDIM) to 1 (DDPM)
 * @param clipSkip number of last layers of the text encoder to skip, 0 for none
 * @param denoisingEnd in (0, 1): which part of the noise schedule lies behind where an SDXL base model hands over to a
 *          refiner; 1 for never
 * @param maskUse what values of masks between 0 and 1 mean
 * @param output whether to decode the result
 * @param seeds one seed for all, or one per result; used with {@code eta > 0} only
 * @param mode whose word counts where diffusers and the paper disagree
 */
public record EditRequest(List<Prompt> prompt, List<Prompt> negative, int numInferenceSteps, double inpaintStrength,
	double guidanceScale, GuidanceInterval guidanceInterval, DeepCache deepCache, int numImagesPerPrompt, double eta, int clipSkip, double denoisingEnd, MaskUse maskUse, OutputType output, List<Long> seeds, Mode mode) {

	private static final double PARITY_STRENGTH = 0.8;

	/** Every default in one place; the prompt is empty. Masks that follow outlines leave the best edits at a lower strength than diffusers' 0.8. */
	public static final EditRequest DEFAULTS = new EditRequest(List.of(Prompt.NONE), List.of(Prompt.NONE), 50, 0.6, 7.5, GuidanceInterval.ALL, DeepCache.OFF, 1, 0, 0, 1,
		MaskUse.FULL, OutputType.IMAGE, List.of(0L), Mode.DEFAULT);

	/** @throws DiffEditException if a value is outside its range */
	public EditRequest {
		prompt = List.copyOf(prompt);
		negative = List.copyOf(negative);
		seeds = List.copyOf(seeds);
		Checks.notEmpty("prompt", prompt);
		Checks.notEmpty("negative", negative);
		Checks.notEmpty("seeds", seeds);
		Checks.atLeastOne("numInferenceSteps", numInferenceSteps);
		Checks.between("inpaintStrength", inpaintStrength, 0, 1);
		Checks.finite("guidanceScale", guidanceScale);
		Checks.atLeastOne("numImagesPerPrompt", numImagesPerPrompt);
		Checks.between("eta", eta, 0, 1);
		Checks.notNegative("clipSkip", clipSkip);
		Checks.between("denoisingEnd", denoisingEnd, 0, 1);
		if (mode == Mode.PARITY && maskUse == MaskUse.SOFT) throw new DiffEditException("Parity mode has no soft masks, since diffusers' DiffEdit has none; use the default mode, or maskUse FULL.");
	}

	/**
	 * Checks that the request, its masks and an inversion belong together.
	 *
	 * @throws DiffEditException if they do not; the message says what to change
	 */
	void checkFor(final Inversion inversion, final List<Mask> masks) {
		Checks.given("target", prompt, mode);
		Checks.perImage("the prompt", prompt, inversion.count());
		Checks.perImage("the negative prompt", negative, inversion.count());
		Checks.perImage("the mask", masks, inversion.count());
		if (inversion.numInferenceSteps() != numInferenceSteps || inversion.steps() < steps()) {
			throw new DiffEditException("The inversion has " + inversion.steps() + " of " + Counted.of(inversion.numInferenceSteps(), "step")
				+ ", but the edit needs " + steps() + " of " + numInferenceSteps
				+ "; use the same numInferenceSteps and an inpaintStrength no larger than the inversion's.");
		}
		Checks.stepsFor(inversion.method(), steps());
		Checks.wholeSteps(inversion.method(), deepCache);
		if (!inversion.method().returnsByDdim()) requirePlain(inversion.method());
	}

	/** What only DDIM can do on the way back. */
	private void requirePlain(final InversionMethod method) {
		final String way = "The inversion was made with " + method.word() + ", whose way back ";
		if (mode == Mode.PARITY) throw new DiffEditException(way + "diffusers does not have; use the default mode, or invert with DDIM.");
		if (eta > 0) throw new DiffEditException(way + "adds no noise; use eta 0 instead of " + eta + ", or invert with DDIM.");
		if (denoisingEnd < 1) throw new DiffEditException(way + "cannot be handed over to a refiner; use denoisingEnd 1 instead of " + denoisingEnd + ", or invert with DDIM.");
	}

	/** Steps from the strength to the image. */
	int steps() {
		return Checks.steps("inpaintStrength", inpaintStrength, numInferenceSteps);
	}

	/** Index of the first step in the schedule. */
	int firstStep() {
		return numInferenceSteps - steps();
	}

	/** @param prompt what should be inside the mask */
	public static EditRequest to(final String prompt) {
		return DEFAULTS.withPrompt(List.of(Prompt.of(prompt)));
	}

	/** The same request as diffusers 0.42.1 would answer it, at its strength of 0.8 in place of the default; set another one afterwards. */
	public EditRequest parity() {
		return withMode(Mode.PARITY).withInpaintStrength(inpaintStrength == DEFAULTS.inpaintStrength ? PARITY_STRENGTH : inpaintStrength);
	}

	public EditRequest withSeed(final long seed) {
		return withSeeds(List.of(seed));
	}

	// -- the same request with one value changed --

	public EditRequest withNegative(final List<Prompt> negative) {
		return new EditRequest(prompt, negative, numInferenceSteps, inpaintStrength, guidanceScale, guidanceInterval, deepCache, numImagesPerPrompt, eta, clipSkip, denoisingEnd, maskUse, output, seeds, mode);
	}

	public EditRequest withNumInferenceSteps(final int numInferenceSteps) {
		return new EditRequest(prompt, negative, numInferenceSteps, inpaintStrength, guidanceScale, guidanceInterval, deepCache, numImagesPerPrompt, eta, clipSkip, denoisingEnd, maskUse, output, seeds, mode);
	}

	public EditRequest withInpaintStrength(final double inpaintStrength) {
		return new EditRequest(prompt, negative, numInferenceSteps, inpaintStrength, guidanceScale, guidanceInterval, deepCache, numImagesPerPrompt, eta, clipSkip, denoisingEnd, maskUse, output, seeds, mode);
	}

	public EditRequest withGuidanceScale(final double guidanceScale) {
		return new EditRequest(prompt, negative, numInferenceSteps, inpaintStrength, guidanceScale, guidanceInterval, deepCache, numImagesPerPrompt, eta, clipSkip, denoisingEnd, maskUse, output, seeds, mode);
	}

	public EditRequest withGuidanceInterval(final GuidanceInterval guidanceInterval) {
		return new EditRequest(prompt, negative, numInferenceSteps, inpaintStrength, guidanceScale, guidanceInterval, deepCache, numImagesPerPrompt, eta, clipSkip, denoisingEnd, maskUse, output, seeds, mode);
	}

	public EditRequest withDeepCache(final DeepCache deepCache) {
		return new EditRequest(prompt, negative, numInferenceSteps, inpaintStrength, guidanceScale, guidanceInterval, deepCache, numImagesPerPrompt, eta, clipSkip, denoisingEnd, maskUse, output, seeds, mode);
	}

	public EditRequest withNumImagesPerPrompt(final int numImagesPerPrompt) {
		return new EditRequest(prompt, negative, numInferenceSteps, inpaintStrength, guidanceScale, guidanceInterval, deepCache, numImagesPerPrompt, eta, clipSkip, denoisingEnd, maskUse, output, seeds, mode);
	}

	public EditRequest withEta(final double eta) {
		return new EditRequest(prompt, negative, numInferenceSteps, inpaintStrength, guidanceScale, guidanceInterval, deepCache, numImagesPerPrompt, eta, clipSkip, denoisingEnd, maskUse, output, seeds, mode);
	}

	public EditRequest withClipSkip(final int clipSkip) {
		return new EditRequest(prompt, negative, numInferenceSteps, inpaintStrength, guidanceScale, guidanceInterval, deepCache, numImagesPerPrompt, eta, clipSkip, denoisingEnd, maskUse, output, seeds, mode);
	}

	public EditRequest withDenoisingEnd(final double denoisingEnd) {
		return new EditRequest(prompt, negative, numInferenceSteps, inpaintStrength, guidanceScale, guidanceInterval, deepCache, numImagesPerPrompt, eta, clipSkip, denoisingEnd, maskUse, output, seeds, mode);
	}

	public EditRequest withMaskUse(final MaskUse maskUse) {
		return new EditRequest(prompt, negative, numInferenceSteps, inpaintStrength, guidanceScale, guidanceInterval, deepCache, numImagesPerPrompt, eta, clipSkip, denoisingEnd, maskUse, output, seeds, mode);
	}

	public EditRequest withOutput(final OutputType output) {
		return new EditRequest(prompt, negative, numInferenceSteps, inpaintStrength, guidanceScale, guidanceInterval, deepCache, numImagesPerPrompt, eta, clipSkip, denoisingEnd, maskUse, output, seeds, mode);
	}

	public EditRequest withPrompt(final List<Prompt> prompt) {
		return new EditRequest(prompt, negative, numInferenceSteps, inpaintStrength, guidanceScale, guidanceInterval, deepCache, numImagesPerPrompt, eta, clipSkip, denoisingEnd, maskUse, output, seeds, mode);
	}

	public EditRequest withSeeds(final List<Long> seeds) {
		return new EditRequest(prompt, negative, numInferenceSteps, inpaintStrength, guidanceScale, guidanceInterval, deepCache, numImagesPerPrompt, eta, clipSkip, denoisingEnd, maskUse, output, seeds, mode);
	}

	public EditRequest withMode(final Mode mode) {
		return new EditRequest(prompt, negative, numInferenceSteps, inpaintStrength, guidanceScale, guidanceInterval, deepCache, numImagesPerPrompt, eta, clipSkip, denoisingEnd, maskUse, output, seeds, mode);
	}
}
