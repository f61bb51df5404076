package sc.fiji.diffedit.fiji.commands;

import sc.fiji.diffedit.demo.Samples;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.pipelines.MaskRequest;

/**
 * How the demo edits its samples: as the model that ships with the plugin was tuned for them.
 *
 * @param settings the tuned numbers
 * @param maps noisy copies of the image whose differences make the mask
 * @param steps of inversion and edit
 */
record DemoRecipe(Samples.Settings settings, int maps, int steps) {

	MaskRequest mask() {
		return MaskRequest.DEFAULTS.withNumMapsPerMask(maps).withMaskEncodeStrength(settings.maskEncodeStrength()).withGuidanceScale(settings.maskGuidance())
			.withNumInferenceSteps(settings.maskSteps());
	}

	InvertRequest invert() {
		return InvertRequest.DEFAULTS.withNumInferenceSteps(steps).withInpaintStrength(EditRequest.DEFAULTS.inpaintStrength()).withGuidanceScale(settings.inversionGuidance());
	}

	EditRequest edit() {
		return EditRequest.DEFAULTS.withNumInferenceSteps(steps).withInpaintStrength(EditRequest.DEFAULTS.inpaintStrength()).withGuidanceScale(settings.guidance());
	}

	/** Adds the numbers to the description of a result. */
	Provenance addTo(final Provenance made) {
		return made.with("maps", maps).with("noise", settings.maskEncodeStrength())
			.with("maskSteps", settings.maskSteps()).with("steps", steps).with("strength", EditRequest.DEFAULTS.inpaintStrength()).with("guidance", settings.guidance()).with("seed", 0);
	}
}
