package sc.fiji.diffedit.fiji.evaluation;

import java.util.Arrays;
import java.util.stream.Collectors;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.demo.Sample;
import sc.fiji.diffedit.demo.Samples;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.MaskRefinement;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.MaskSource;

/** Whole ways to edit, from mask to result. */
enum Method {
	/** All defaults. */
	DEFAULT("default", EditRequest.DEFAULTS.inpaintStrength(), true),
	/** The same without growing masks of changes of shape. */
	NOT_GROWN("not-grown", EditRequest.DEFAULTS.inpaintStrength(), false),
	/** The defaults at a lower strength. */
	WEAKER("weaker", 0.6, true),
	/** The mask of diffusers at the samples' ratio, with its strength. */
	DIFFUSERS("diffusers", 0.8, false),
	/** The same at a lower strength. */
	DIFFUSERS_WEAKER("diffusers-weaker", 0.6, false),
	/** The true mask. */
	TRUTH("truth", EditRequest.DEFAULTS.inpaintStrength(), false);

	private final String word;
	private final double strength;
	private final boolean isGrown;

	Method(final String word, final double strength, final boolean isGrown) {
		this.word = word;
		this.strength = strength;
		this.isGrown = isGrown;
	}

	/** @throws DiffEditException if there is none of this name */
	static Method named(final String word) {
		return Arrays.stream(values()).filter(method -> method.word.equals(word)).findFirst().orElseThrow(() -> new DiffEditException("There is no method '" + word
			+ "'; there are " + Arrays.stream(values()).map(Method::word).collect(Collectors.joining(", ")) + "."));
	}

	String word() {
		return word;
	}

	double strength() {
		return strength;
	}

	/** Whether masks are grown where the edit is one of shape. */
	boolean isGrown() {
		return isGrown;
	}

	MaskRequest mask(final Sample sample, final Samples.Settings settings) {
		final MaskRequest request = MaskRequest.between(sample.sourcePrompt(), sample.targetPrompt());
		if (this != DIFFUSERS && this != DIFFUSERS_WEAKER) return request;
		return request.withMaskSource(MaskSource.DIFFERENCE).withMaskRefinement(MaskRefinement.NONE).withMaskThresholdingRatio(settings.maskThresholdingRatio());
	}

	EditRequest edit(final Sample sample, final Samples.Settings settings) {
		return EditRequest.to(sample.targetPrompt()).withNumInferenceSteps(settings.editSteps()).withInpaintStrength(strength).withGuidanceScale(settings.guidance());
	}
}
