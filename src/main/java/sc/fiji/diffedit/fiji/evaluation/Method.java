package sc.fiji.diffedit.fiji.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.demo.Figures;
import sc.fiji.diffedit.demo.Sample;
import sc.fiji.diffedit.demo.SampleResult;
import sc.fiji.diffedit.demo.Samples;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.Inversion;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.pipelines.MaskRefinement;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.MaskResult;
import sc.fiji.diffedit.pipelines.MaskSource;
import sc.fiji.diffedit.pipelines.Mode;
import sc.fiji.diffedit.pipelines.RequestPreset;
import sc.fiji.diffedit.service.DiffEdit;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;

/** Whole ways to edit, from mask to result. */
public enum Method {
	/** DiffEdit as diffusers does it, with the samples' settings: what samples.json expects. */
	PARITY("parity", Double.NaN, false),
	/** All defaults. */
	DEFAULT("default", EditRequest.DEFAULTS.inpaintStrength(), true),
	/** The same without growing masks of changes of shape. */
	NOT_GROWN("not-grown", EditRequest.DEFAULTS.inpaintStrength(), false),
	/** The defaults at the strength of diffusers. */
	STRONGER("stronger", 0.8, true),
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
	public static Method named(final String word) {
		return Arrays.stream(values()).filter(method -> method.word.equals(word)).findFirst().orElseThrow(() -> new DiffEditException("There is no method '" + word
			+ "'; there are " + Arrays.stream(values()).map(Method::word).collect(Collectors.joining(", ")) + "."));
	}

	/** By which users name it. */
	public String word() {
		return word;
	}

	/** Mask, inversion and edit of a sample. */
	SampleResult on(final DiffEdit model, final Sample sample, final Samples.Settings settings) {
		if (this == PARITY) return SampleResult.of(model, sample, settings, Mode.PARITY);
		final RequestPreset preset = settings.preset();
		final ImageInput image = ImageInput.of(sample.picture());
		final MaskResult found = model.generateMask(image, preset.on(mask(sample, settings)));
		final Inversion inverted = model.invert(image, preset.on(InvertRequest.of(sample.sourcePrompt()).withNumInferenceSteps(settings.editSteps())
			.withInpaintStrength(strength).withGuidanceScale(settings.inversionGuidance())));
		final EditRequest edit = EditRequest.to(sample.targetPrompt()).withNumInferenceSteps(settings.editSteps()).withInpaintStrength(strength).withGuidanceScale(settings.guidance());
		final Mask mask = this == TRUTH ? sample.truth() : found.mask();
		final Picture edited = model.edit(preset.on(edit), List.of(isGrown ? found.editMasks().get(0) : mask), inverted).image();
		return new SampleResult(sample, found.refinedMap(), mask, edited, Figures.of(sample, mask, edited));
	}

	private MaskRequest mask(final Sample sample, final Samples.Settings settings) {
		final MaskRequest request = MaskRequest.between(sample.sourcePrompt(), sample.targetPrompt());
		if (this != DIFFUSERS && this != DIFFUSERS_WEAKER) return request;
		return request.withMaskSource(MaskSource.DIFFERENCE).withMaskRefinement(MaskRefinement.NONE).withMaskThresholdingRatio(settings.maskThresholdingRatio());
	}
}
