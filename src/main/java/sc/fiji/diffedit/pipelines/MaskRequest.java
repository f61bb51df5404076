package sc.fiji.diffedit.pipelines;

import java.util.List;

import sc.fiji.diffedit.DiffEditException;

/**
 * A request to {@link DiffEditPipeline#generateMask}. Prompt lists hold one prompt for all images, or one per image.
 *
 * @param source what is in the image
 * @param target what should be there instead
 * @param sourceNegative negative prompt that goes with the source
 * @param targetNegative negative prompt that goes with the target
 * @param numMapsPerMask number of noisy copies whose differences are averaged; 1 or more
 * @param untilStable whether no more copies are looked at once the mask is {@linkplain StableMask stable}; not in parity mode
 * @param maskEncodeStrength noise put on the image before the prompts are compared, in (0, 1]; of several strengths the middle one
 * @param maskSource what the heat map is made of
 * @param maskRefinement how it is brought to the resolution of the image
 * @param threshold where it is cut; in parity mode a {@link Threshold.Ratio}
 * @param numInferenceSteps steps of the noise schedule, 1 or more
 * @param guidanceScale weight of classifier-free guidance; changes the mask only where the two negatives differ
 * @param clipSkip number of last layers of the text encoder to skip, 0 for none
 * @param seeds one seed for all, or one per image, or one per image and map
 * @param mode whose word counts where diffusers and the paper disagree
 */
public record MaskRequest(List<Prompt> source, List<Prompt> target, List<Prompt> sourceNegative, List<Prompt> targetNegative,
	int numMapsPerMask, boolean untilStable, double maskEncodeStrength, MaskSource maskSource, MaskRefinement maskRefinement, Threshold threshold, int numInferenceSteps, double guidanceScale,
	int clipSkip, List<Long> seeds, Mode mode) {

	private static final double USUAL_RATIO = 3;

	/** Every default in one place; prompts are empty. */
	public static final MaskRequest DEFAULTS = new MaskRequest(List.of(Prompt.NONE), List.of(Prompt.NONE), List.of(Prompt.NONE),
		List.of(Prompt.NONE), 10, false, 0.5, MaskSource.DIFFERENCE_AND_LIKELIHOOD, MaskRefinement.GUIDED_FILTER, Threshold.Top.USUAL, 50, 7.5, 0, List.of(0L), Mode.DEFAULT);

	/** @throws DiffEditException if a value is outside its range */
	public MaskRequest {
		source = List.copyOf(source);
		target = List.copyOf(target);
		sourceNegative = List.copyOf(sourceNegative);
		targetNegative = List.copyOf(targetNegative);
		seeds = List.copyOf(seeds);
		Checks.notEmpty("source", source);
		Checks.notEmpty("target", target);
		Checks.notEmpty("sourceNegative", sourceNegative);
		Checks.notEmpty("targetNegative", targetNegative);
		Checks.notEmpty("seeds", seeds);
		Checks.atLeastOne("numMapsPerMask", numMapsPerMask);
		Checks.between("maskEncodeStrength", maskEncodeStrength, 0, 1);
		Checks.atLeastOne("numInferenceSteps", numInferenceSteps);
		Checks.finite("guidanceScale", guidanceScale);
		Checks.notNegative("clipSkip", clipSkip);
		if (mode == Mode.PARITY && (untilStable || maskSource != MaskSource.DIFFERENCE || maskRefinement != MaskRefinement.NONE || !(threshold instanceof Threshold.Ratio))) {
			throw new DiffEditException("Parity mode is diffusers' own mask: all copies, one difference, not refined, cut at a ratio of its mean; leave the mode out to have another one.");
		}
	}

	/** How many masks it gives for so many images: one each, or for a single image one for each prompt. */
	public int masks(final int images) {
		return Checks.batch(images, source, target, sourceNegative, targetNegative);
	}

	/**
	 * Checks that the prompts are there, one or one per image, where a single image counts once for each of its prompts, and that
	 * strength and steps leave a step. The constructor cannot: requests are changed one value at a time.
	 *
	 * @throws DiffEditException if it is not; the message says what to change
	 */
	void checkFor(final int images) {
		Checks.given("source", source, mode);
		Checks.given("target", target, mode);
		Checks.perImage("the source prompt", source, images);
		Checks.perImage("the target prompt", target, images);
		Checks.perImage("the source negative prompt", sourceNegative, images);
		Checks.perImage("the target negative prompt", targetNegative, images);
		Checks.steps("maskEncodeStrength", maskEncodeStrength, numInferenceSteps);
	}

	/** Steps of the schedule from the image to the noise that is put on a copy of it, at least one. @param copy from 0 to before {@code numMapsPerMask} */
	int encodeSteps(final int copy) {
		final double strength = maskEncodeStrength + maskSource.offset(maskSource.strengthOf(copy, numMapsPerMask));
		return Math.max(1, (int) (numInferenceSteps * Math.min(1, strength)));
	}

	/** @param source what is in the image
	 *  @param target what should be there instead */
	public static MaskRequest between(final String source, final String target) {
		return DEFAULTS.withSource(List.of(Prompt.of(source))).withTarget(List.of(Prompt.of(target)));
	}

	/** The same request as diffusers 0.42.1 would answer it: its own mask, at the ratio that was asked for or else its default. */
	public MaskRequest parity() {
		return withMode(Mode.PARITY);
	}

	/** The ratio of the threshold; diffusers' default if it is of another kind. */
	public double maskThresholdingRatio() {
		return threshold instanceof Threshold.Ratio given ? given.ratio() : USUAL_RATIO;
	}

	public MaskRequest withSeed(final long seed) {
		return withSeeds(List.of(seed));
	}

	// -- the same request with one value changed --

	public MaskRequest withSourceNegative(final List<Prompt> sourceNegative) {
		return new MaskRequest(source, target, sourceNegative, targetNegative, numMapsPerMask, untilStable, maskEncodeStrength, maskSource, maskRefinement, threshold, numInferenceSteps, guidanceScale, clipSkip, seeds, mode);
	}

	public MaskRequest withTargetNegative(final List<Prompt> targetNegative) {
		return new MaskRequest(source, target, sourceNegative, targetNegative, numMapsPerMask, untilStable, maskEncodeStrength, maskSource, maskRefinement, threshold, numInferenceSteps, guidanceScale, clipSkip, seeds, mode);
	}

	public MaskRequest withNumMapsPerMask(final int numMapsPerMask) {
		return new MaskRequest(source, target, sourceNegative, targetNegative, numMapsPerMask, untilStable, maskEncodeStrength, maskSource, maskRefinement, threshold, numInferenceSteps, guidanceScale, clipSkip, seeds, mode);
	}

	public MaskRequest withUntilStable(final boolean untilStable) {
		return new MaskRequest(source, target, sourceNegative, targetNegative, numMapsPerMask, untilStable, maskEncodeStrength, maskSource, maskRefinement, threshold, numInferenceSteps, guidanceScale, clipSkip, seeds, mode);
	}

	public MaskRequest withMaskEncodeStrength(final double maskEncodeStrength) {
		return new MaskRequest(source, target, sourceNegative, targetNegative, numMapsPerMask, untilStable, maskEncodeStrength, maskSource, maskRefinement, threshold, numInferenceSteps, guidanceScale, clipSkip, seeds, mode);
	}

	public MaskRequest withMaskSource(final MaskSource maskSource) {
		return new MaskRequest(source, target, sourceNegative, targetNegative, numMapsPerMask, untilStable, maskEncodeStrength, maskSource, maskRefinement, threshold, numInferenceSteps, guidanceScale, clipSkip, seeds, mode);
	}

	public MaskRequest withMaskRefinement(final MaskRefinement maskRefinement) {
		return new MaskRequest(source, target, sourceNegative, targetNegative, numMapsPerMask, untilStable, maskEncodeStrength, maskSource, maskRefinement, threshold, numInferenceSteps, guidanceScale, clipSkip, seeds, mode);
	}

	public MaskRequest withThreshold(final Threshold threshold) {
		return new MaskRequest(source, target, sourceNegative, targetNegative, numMapsPerMask, untilStable, maskEncodeStrength, maskSource, maskRefinement, threshold, numInferenceSteps, guidanceScale, clipSkip, seeds, mode);
	}

	/** With a threshold of half of this times the mean of the map; above 0. */
	public MaskRequest withMaskThresholdingRatio(final double ratio) {
		return withThreshold(new Threshold.Ratio(ratio));
	}

	public MaskRequest withNumInferenceSteps(final int numInferenceSteps) {
		return new MaskRequest(source, target, sourceNegative, targetNegative, numMapsPerMask, untilStable, maskEncodeStrength, maskSource, maskRefinement, threshold, numInferenceSteps, guidanceScale, clipSkip, seeds, mode);
	}

	public MaskRequest withGuidanceScale(final double guidanceScale) {
		return new MaskRequest(source, target, sourceNegative, targetNegative, numMapsPerMask, untilStable, maskEncodeStrength, maskSource, maskRefinement, threshold, numInferenceSteps, guidanceScale, clipSkip, seeds, mode);
	}

	public MaskRequest withClipSkip(final int clipSkip) {
		return new MaskRequest(source, target, sourceNegative, targetNegative, numMapsPerMask, untilStable, maskEncodeStrength, maskSource, maskRefinement, threshold, numInferenceSteps, guidanceScale, clipSkip, seeds, mode);
	}

	public MaskRequest withSource(final List<Prompt> source) {
		return new MaskRequest(source, target, sourceNegative, targetNegative, numMapsPerMask, untilStable, maskEncodeStrength, maskSource, maskRefinement, threshold, numInferenceSteps, guidanceScale, clipSkip, seeds, mode);
	}

	public MaskRequest withTarget(final List<Prompt> target) {
		return new MaskRequest(source, target, sourceNegative, targetNegative, numMapsPerMask, untilStable, maskEncodeStrength, maskSource, maskRefinement, threshold, numInferenceSteps, guidanceScale, clipSkip, seeds, mode);
	}

	public MaskRequest withSeeds(final List<Long> seeds) {
		return new MaskRequest(source, target, sourceNegative, targetNegative, numMapsPerMask, untilStable, maskEncodeStrength, maskSource, maskRefinement, threshold, numInferenceSteps, guidanceScale, clipSkip, seeds, mode);
	}

	/** In another mode; {@link Mode#PARITY} has diffusers' own mask. */
	public MaskRequest withMode(final Mode mode) {
		final boolean parity = mode == Mode.PARITY;
		return new MaskRequest(source, target, sourceNegative, targetNegative, numMapsPerMask, !parity && untilStable, maskEncodeStrength, parity ? MaskSource.DIFFERENCE : maskSource,
			parity ? MaskRefinement.NONE : maskRefinement, parity ? new Threshold.Ratio(maskThresholdingRatio()) : threshold, numInferenceSteps, guidanceScale, clipSkip, seeds, mode);
	}
}
