package sc.fiji.diffedit.pipelines;

import java.util.ArrayList;
import java.util.List;

import sc.fiji.diffedit.tensor.Mask;

/**
 * Masks at the resolution of the latents, one per image, and what they were cut from.
 *
 * @param maps the raw difference maps
 * @param masks 1 inside, 0 outside
 * @param request that was answered
 * @param notices sentences for the user, such as that the two prompts are equal
 */
public record MaskResult(List<DifferenceMap> maps, List<Mask> masks, MaskRequest request, List<String> notices) {

	static MaskResult of(final List<DifferenceMap> maps, final MaskRequest request) {
		final List<Mask> masks = new ArrayList<>();
		final List<String> notices = new ArrayList<>();
		final float batchMean = batchMean(maps);
		for (final DifferenceMap map : maps) {
			masks.add(request.mode() == Mode.PARITY ? map.above(request.maskThresholdingRatio(), batchMean)
				: map.above(request.maskThresholdingRatio()));
			if (map.mean() == 0) notices.add("Source and target prompt say the same to the model, so there is nothing to edit"
				+ (request.mode() == Mode.PARITY ? " (diffusers answers with a mask of ones)." : "; the mask is empty."));
		}
		return new MaskResult(maps, masks, request, notices);
	}

	private static float batchMean(final List<DifferenceMap> maps) {
		double sum = 0;
		for (final DifferenceMap map : maps) sum += map.mean();
		return (float) (sum / maps.size());
	}

	/** The first mask. */
	public Mask mask() {
		return masks.get(0);
	}

	/** The first map. */
	public DifferenceMap map() {
		return maps.get(0);
	}

	/** The masks at another threshold, without running the model again. */
	public MaskResult withMaskThresholdingRatio(final double ratio) {
		return of(maps, request.withMaskThresholdingRatio(ratio));
	}

	/**
	 * The masks of smoothed maps, without running the model again.
	 *
	 * @param sigma of a Gaussian, in pixels of the maps, above 0
	 */
	public MaskResult smoothed(final double sigma) {
		return of(maps.stream().map(map -> map.smoothed(sigma)).toList(), request);
	}
}
