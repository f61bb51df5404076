package sc.fiji.diffedit.pipelines;

import java.util.List;

import sc.fiji.diffedit.DiffEditException;

/**
 * A request to {@link DiffEditPipeline#invert}. Prompt lists hold one prompt for all images, or one per image.
 *
 * @param prompt what is in the image
 * @param negative negative prompt, used with guidance only
 * @param numInferenceSteps steps of the noise schedule, 1 or more
 * @param inpaintStrength how far towards noise to go, in (0, 1]; an edit may use this strength or a smaller one
 * @param guidanceScale 1 for none (the paper; default), diffusers' default is 7.5
 * @param deepCache what steps hand on to those after them; for DDIM, EasyInv and DPM-Solver++
 * @param clipSkip number of last layers of the text encoder to skip, 0 for none
 * @param decodeLatents whether to decode every step into a picture too
 * @param lambdaAutoCorr weight of the auto-correlation term, used when {@code numRegSteps > 0}
 * @param lambdaKl weight of the Kullback-Leibler term, used when {@code numRegSteps > 0}
 * @param numRegSteps regularisation steps per inversion step (pix2pix-zero), 0 for none
 * @param numAutoCorrRolls random shifts per auto-correlation term, 1 or more
 * @param inversionMethod along which path
 * @param inversionRounds how often {@linkplain InversionMethod#isIterated iterated} methods repeat a step, 1 or more
 * @param seeds one seed for all, or one per image
 * @param mode whose word counts where diffusers and the paper disagree
 */
public record InvertRequest(List<Prompt> prompt, List<Prompt> negative, int numInferenceSteps, double inpaintStrength,
	double guidanceScale, DeepCache deepCache, int clipSkip, boolean decodeLatents, double lambdaAutoCorr, double lambdaKl, int numRegSteps,
	int numAutoCorrRolls, InversionMethod inversionMethod, int inversionRounds, List<Long> seeds, Mode mode) {

	/** Every default in one place; the prompt is empty. */
	public static final InvertRequest DEFAULTS = new InvertRequest(List.of(Prompt.NONE), List.of(Prompt.NONE), 50, 0.8, 1.0, DeepCache.OFF, 0, false,
		20, 20, 0, 5, InversionMethod.DDIM, 3, List.of(0L), Mode.DEFAULT);

	/** Guidance that diffusers uses when none is given. */
	public static final double PARITY_GUIDANCE_SCALE = 7.5;

	/** @throws DiffEditException if a value is outside its range */
	public InvertRequest {
		prompt = List.copyOf(prompt);
		negative = List.copyOf(negative);
		seeds = List.copyOf(seeds);
		Checks.notEmpty("prompt", prompt);
		Checks.notEmpty("negative", negative);
		Checks.notEmpty("seeds", seeds);
		Checks.atLeastOne("numInferenceSteps", numInferenceSteps);
		Checks.between("inpaintStrength", inpaintStrength, 0, 1);
		Checks.finite("guidanceScale", guidanceScale);
		Checks.notNegative("clipSkip", clipSkip);
		Checks.between("lambdaAutoCorr", lambdaAutoCorr, 0, 1e9);
		Checks.between("lambdaKl", lambdaKl, 0, 1e9);
		Checks.notNegative("numRegSteps", numRegSteps);
		Checks.atLeastOne("numAutoCorrRolls", numAutoCorrRolls);
		Checks.atLeastOne("inversionRounds", inversionRounds);
		if (inversionMethod != InversionMethod.DDIM) requirePlain(inversionMethod, numRegSteps, mode);
		if (inversionMethod.isIterated() && !deepCache.isOff()) throw new DiffEditException("The inversion " + inversionMethod.word() + " repeats steps to bring their predictions together, so all must be whole; use cacheInterval 1 instead of "
			+ deepCache.cacheInterval() + ", or the inversion DDIM.");
		Checks.wholeSteps(inversionMethod, deepCache);
	}

	private static void requirePlain(final InversionMethod method, final int numRegSteps, final Mode mode) {
		if (mode == Mode.PARITY) throw new DiffEditException("diffusers inverts with DDIM only, not with " + method.word() + "; use the default mode, or the inversion DDIM.");
		if (numRegSteps > 0) throw new DiffEditException("numRegSteps is " + numRegSteps + ", but only the inversion DDIM is regularised, not " + method.word() + "; use 0.");
	}

	/** How many inversions it gives for so many images: one each, or for a single image one for each prompt. */
	public int inversions(final int images) {
		return Checks.batch(images, prompt, negative);
	}

	/**
	 * Checks that there are prompts for a number of images, where a single image counts once for each of its prompts. The
	 * constructor cannot: requests are changed one value at a time.
	 *
	 * @throws DiffEditException if it is not; the message says what to change
	 */
	void checkFor(final int images) {
		Checks.perImage("the prompt", prompt, images);
		Checks.perImage("the negative prompt", negative, images);
		Checks.stepsFor(inversionMethod, steps());
	}

	/** Steps from the image to the strength. */
	int steps() {
		return Checks.steps("inpaintStrength", inpaintStrength, numInferenceSteps);
	}

	/** @param prompt what is in the image */
	public static InvertRequest of(final String prompt) {
		return DEFAULTS.withPrompt(List.of(Prompt.of(prompt)));
	}

	/** The same request as diffusers 0.42.1 would answer it; guidance becomes its default, 7.5, unless set after this. */
	public InvertRequest parity() {
		return withMode(Mode.PARITY).withGuidanceScale(PARITY_GUIDANCE_SCALE);
	}

	public InvertRequest withSeed(final long seed) {
		return withSeeds(List.of(seed));
	}

	// -- the same request with one value changed --

	public InvertRequest withNegative(final List<Prompt> negative) {
		return new InvertRequest(prompt, negative, numInferenceSteps, inpaintStrength, guidanceScale, deepCache, clipSkip, decodeLatents, lambdaAutoCorr, lambdaKl, numRegSteps, numAutoCorrRolls, inversionMethod, inversionRounds, seeds, mode);
	}

	public InvertRequest withNumInferenceSteps(final int numInferenceSteps) {
		return new InvertRequest(prompt, negative, numInferenceSteps, inpaintStrength, guidanceScale, deepCache, clipSkip, decodeLatents, lambdaAutoCorr, lambdaKl, numRegSteps, numAutoCorrRolls, inversionMethod, inversionRounds, seeds, mode);
	}

	public InvertRequest withInpaintStrength(final double inpaintStrength) {
		return new InvertRequest(prompt, negative, numInferenceSteps, inpaintStrength, guidanceScale, deepCache, clipSkip, decodeLatents, lambdaAutoCorr, lambdaKl, numRegSteps, numAutoCorrRolls, inversionMethod, inversionRounds, seeds, mode);
	}

	public InvertRequest withClipSkip(final int clipSkip) {
		return new InvertRequest(prompt, negative, numInferenceSteps, inpaintStrength, guidanceScale, deepCache, clipSkip, decodeLatents, lambdaAutoCorr, lambdaKl, numRegSteps, numAutoCorrRolls, inversionMethod, inversionRounds, seeds, mode);
	}

	public InvertRequest withDecodeLatents(final boolean decodeLatents) {
		return new InvertRequest(prompt, negative, numInferenceSteps, inpaintStrength, guidanceScale, deepCache, clipSkip, decodeLatents, lambdaAutoCorr, lambdaKl, numRegSteps, numAutoCorrRolls, inversionMethod, inversionRounds, seeds, mode);
	}

	public InvertRequest withLambdaAutoCorr(final double lambdaAutoCorr) {
		return new InvertRequest(prompt, negative, numInferenceSteps, inpaintStrength, guidanceScale, deepCache, clipSkip, decodeLatents, lambdaAutoCorr, lambdaKl, numRegSteps, numAutoCorrRolls, inversionMethod, inversionRounds, seeds, mode);
	}

	public InvertRequest withLambdaKl(final double lambdaKl) {
		return new InvertRequest(prompt, negative, numInferenceSteps, inpaintStrength, guidanceScale, deepCache, clipSkip, decodeLatents, lambdaAutoCorr, lambdaKl, numRegSteps, numAutoCorrRolls, inversionMethod, inversionRounds, seeds, mode);
	}

	public InvertRequest withNumRegSteps(final int numRegSteps) {
		return new InvertRequest(prompt, negative, numInferenceSteps, inpaintStrength, guidanceScale, deepCache, clipSkip, decodeLatents, lambdaAutoCorr, lambdaKl, numRegSteps, numAutoCorrRolls, inversionMethod, inversionRounds, seeds, mode);
	}

	public InvertRequest withNumAutoCorrRolls(final int numAutoCorrRolls) {
		return new InvertRequest(prompt, negative, numInferenceSteps, inpaintStrength, guidanceScale, deepCache, clipSkip, decodeLatents, lambdaAutoCorr, lambdaKl, numRegSteps, numAutoCorrRolls, inversionMethod, inversionRounds, seeds, mode);
	}

	public InvertRequest withPrompt(final List<Prompt> prompt) {
		return new InvertRequest(prompt, negative, numInferenceSteps, inpaintStrength, guidanceScale, deepCache, clipSkip, decodeLatents, lambdaAutoCorr, lambdaKl, numRegSteps, numAutoCorrRolls, inversionMethod, inversionRounds, seeds, mode);
	}

	public InvertRequest withGuidanceScale(final double guidanceScale) {
		return new InvertRequest(prompt, negative, numInferenceSteps, inpaintStrength, guidanceScale, deepCache, clipSkip, decodeLatents, lambdaAutoCorr, lambdaKl, numRegSteps, numAutoCorrRolls, inversionMethod, inversionRounds, seeds, mode);
	}

	public InvertRequest withDeepCache(final DeepCache deepCache) {
		return new InvertRequest(prompt, negative, numInferenceSteps, inpaintStrength, guidanceScale, deepCache, clipSkip, decodeLatents, lambdaAutoCorr, lambdaKl, numRegSteps, numAutoCorrRolls, inversionMethod, inversionRounds, seeds, mode);
	}

	public InvertRequest withInversionMethod(final InversionMethod inversionMethod) {
		return new InvertRequest(prompt, negative, numInferenceSteps, inpaintStrength, guidanceScale, deepCache, clipSkip, decodeLatents, lambdaAutoCorr, lambdaKl, numRegSteps, numAutoCorrRolls, inversionMethod, inversionRounds, seeds, mode);
	}

	public InvertRequest withInversionRounds(final int inversionRounds) {
		return new InvertRequest(prompt, negative, numInferenceSteps, inpaintStrength, guidanceScale, deepCache, clipSkip, decodeLatents, lambdaAutoCorr, lambdaKl, numRegSteps, numAutoCorrRolls, inversionMethod, inversionRounds, seeds, mode);
	}

	public InvertRequest withSeeds(final List<Long> seeds) {
		return new InvertRequest(prompt, negative, numInferenceSteps, inpaintStrength, guidanceScale, deepCache, clipSkip, decodeLatents, lambdaAutoCorr, lambdaKl, numRegSteps, numAutoCorrRolls, inversionMethod, inversionRounds, seeds, mode);
	}

	public InvertRequest withMode(final Mode mode) {
		return new InvertRequest(prompt, negative, numInferenceSteps, inpaintStrength, guidanceScale, deepCache, clipSkip, decodeLatents, lambdaAutoCorr, lambdaKl, numRegSteps, numAutoCorrRolls, inversionMethod, inversionRounds, seeds, mode);
	}
}
