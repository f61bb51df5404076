package sc.fiji.diffedit.fiji.evaluation;

import java.util.List;

import sc.fiji.diffedit.demo.Figures;
import sc.fiji.diffedit.demo.MaskFigures;
import sc.fiji.diffedit.demo.Sample;
import sc.fiji.diffedit.demo.Samples;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.Inversion;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.pipelines.MaskResult;
import sc.fiji.diffedit.service.DiffEdit;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;

/**
 * One way to edit on one sample.
 *
 * @param mask figures of the mask that was found, before it was grown
 * @param edit figures of the edit
 * @param seconds that all took
 */
record Trial(String sample, MaskFigures mask, Figures edit, double seconds) {

	static Trial of(final DiffEdit model, final Method method, final Sample sample, final Samples.Settings settings) {
		final long start = System.nanoTime();
		final ImageInput input = ImageInput.of(sample.picture());
		final MaskResult found = model.generateMask(input, method.mask(sample, settings));
		final Mask mask = method == Method.TRUTH ? sample.truth() : method.isGrown() ? found.editMasks().get(0) : found.mask();
		final Inversion inversion = model.invert(input, InvertRequest.of(sample.sourcePrompt()).withNumInferenceSteps(settings.editSteps())
			.withInpaintStrength(method.strength()).withGuidanceScale(settings.inversionGuidance()));
		final Picture edited = model.edit(method.edit(sample, settings), List.of(mask), inversion).image();
		final double seconds = (System.nanoTime() - start) / 1e9;
		final Mask judged = method == Method.TRUTH ? mask : found.mask();
		return new Trial(sample.name(), MaskFigures.of(judged, found, sample.truth()), Figures.of(sample, judged, edited), seconds);
	}
}
