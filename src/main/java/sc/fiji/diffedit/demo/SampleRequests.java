package sc.fiji.diffedit.demo;

import java.util.function.UnaryOperator;

import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.Mode;
import sc.fiji.diffedit.pipelines.RequestPreset;

/** What is asked for to edit a sample, with seed 0 as in the expected figures. */
public record SampleRequests(MaskRequest mask, InvertRequest invert, EditRequest edit) {

	/** With the settings of the samples, but for their preset. */
	public static SampleRequests of(final Sample sample, final Samples.Settings settings, final Mode mode) {
		final MaskRequest mask = MaskRequest.between(sample.sourcePrompt(), sample.targetPrompt()).withNumMapsPerMask(settings.numMapsPerMask())
			.withMaskEncodeStrength(settings.maskEncodeStrength()).withNumInferenceSteps(settings.maskSteps()).withGuidanceScale(settings.maskGuidance()).withSeed(0);
		return new SampleRequests(mode == Mode.PARITY ? mask.parity().withMaskThresholdingRatio(settings.maskThresholdingRatio()) : mask,
			InvertRequest.of(sample.sourcePrompt()).withMode(mode).withNumInferenceSteps(settings.editSteps()).withInpaintStrength(settings.strength(mode))
				.withGuidanceScale(settings.inversionGuidance()).withSeed(0),
			EditRequest.to(sample.targetPrompt()).withMode(mode).withNumInferenceSteps(settings.editSteps()).withInpaintStrength(settings.strength(mode))
				.withGuidanceScale(settings.guidance()).withSeed(0));
	}

	/** The same with what a preset sets. */
	public SampleRequests with(final RequestPreset preset) {
		return new SampleRequests(preset.on(mask), preset.on(invert), preset.on(edit));
	}

	/** The same with another mask. */
	public SampleRequests withMask(final UnaryOperator<MaskRequest> other) {
		return new SampleRequests(other.apply(mask), invert, edit);
	}

	/** The same at another strength of inversion and edit. */
	public SampleRequests withStrength(final double strength) {
		return new SampleRequests(mask, invert.withInpaintStrength(strength), edit.withInpaintStrength(strength));
	}
}
