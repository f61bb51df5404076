package sc.fiji.diffedit.demo;

import sc.fiji.diffedit.pipelines.DifferenceMap;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.Inversion;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.MaskResult;
import sc.fiji.diffedit.pipelines.Mode;
import sc.fiji.diffedit.service.DiffEdit;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;

/**
 * The result of DiffEdit on a sample.
 *
 * @param map what the mask is cut from
 * @param mask the mask that was found, at the same resolution: that of the picture or of the latents
 * @param edited the picture after the edit
 * @param figures how good both are
 */
public record SampleResult(Sample sample, DifferenceMap map, Mask mask, Picture edited, Figures figures) {

	/** Mask, inversion and edit of a sample, with seed 0 as in the expected figures. */
	public static SampleResult of(final DiffEdit diffEdit, final Sample sample, final Samples.Settings settings, final Mode mode) {
		final ImageInput image = ImageInput.of(sample.picture());
		final MaskResult found = diffEdit.generateMask(image, maskRequest(sample, settings, mode));
		final Inversion inverted = diffEdit.invert(image, invertRequest(sample, settings, mode));
		final Picture edited = diffEdit.edit(editRequest(sample, settings, mode), found.editMasks(), inverted).image();
		return new SampleResult(sample, found.refinedMap(), found.mask(), edited, Figures.of(sample, found.mask(), edited));
	}

	private static MaskRequest maskRequest(final Sample sample, final Samples.Settings settings, final Mode mode) {
		final MaskRequest request = MaskRequest.between(sample.sourcePrompt(), sample.targetPrompt()).withNumMapsPerMask(settings.numMapsPerMask())
			.withMaskEncodeStrength(settings.maskEncodeStrength()).withNumInferenceSteps(settings.maskSteps()).withGuidanceScale(settings.maskGuidance()).withSeed(0);
		return settings.preset().on(mode == Mode.PARITY ? request.parity().withMaskThresholdingRatio(settings.maskThresholdingRatio()) : request);
	}

	private static InvertRequest invertRequest(final Sample sample, final Samples.Settings settings, final Mode mode) {
		return settings.preset().on(InvertRequest.of(sample.sourcePrompt()).withMode(mode).withNumInferenceSteps(settings.editSteps())
			.withInpaintStrength(settings.strength(mode)).withGuidanceScale(settings.inversionGuidance()).withSeed(0));
	}

	private static EditRequest editRequest(final Sample sample, final Samples.Settings settings, final Mode mode) {
		return settings.preset().on(EditRequest.to(sample.targetPrompt()).withMode(mode).withNumInferenceSteps(settings.editSteps())
			.withInpaintStrength(settings.strength(mode)).withGuidanceScale(settings.guidance()).withSeed(0));
	}
}
