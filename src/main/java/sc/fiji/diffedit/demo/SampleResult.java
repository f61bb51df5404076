package sc.fiji.diffedit.demo;

import sc.fiji.diffedit.pipelines.DifferenceMap;
import sc.fiji.diffedit.pipelines.ImageInput;
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
		final SampleRequests ask = SampleRequests.of(sample, settings, mode).with(settings.preset());
		final ImageInput image = ImageInput.of(sample.picture());
		final MaskResult found = diffEdit.generateMask(image, ask.mask());
		final Picture edited = diffEdit.edit(ask.edit(), found.editMasks(), diffEdit.invert(image, ask.invert())).image();
		return new SampleResult(sample, found.refinedMap(), found.mask(), edited, Figures.of(sample, found.mask(), edited));
	}
}
