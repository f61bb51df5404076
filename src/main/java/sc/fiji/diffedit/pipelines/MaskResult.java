package sc.fiji.diffedit.pipelines;

import java.util.ArrayList;
import java.util.List;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Mask;

/**
 * Masks, one per image, and what they were cut from. Masks that follow the outlines of the picture have its size, others that of
 * the latents.
 *
 * @param maps the heat maps, at the resolution of the latents
 * @param guides the pictures, one for each map; empty if they are not known
 * @param refined what the masks are cut from: the maps after {@link MaskRequest#maskRefinement()}
 * @param masks 1 inside, 0 outside; they are cut when they are first asked for
 * @param request that was answered
 * @param notices sentences for the user, such as that the two prompts are equal
 */
public record MaskResult(List<DifferenceMap> maps, List<Guide> guides, List<DifferenceMap> refined, List<Mask> masks, MaskRequest request, List<String> notices) {

	/** The masks of heat maps. @param guides one for each map, or none; then nothing is refined */
	public static MaskResult of(final List<DifferenceMap> maps, final List<Guide> guides, final MaskRequest request) {
		return of(maps, guides, request, List.of());
	}

	/** The same. @param more notices about them */
	static MaskResult of(final List<DifferenceMap> maps, final List<Guide> guides, final MaskRequest request, final List<String> more) {
		final List<String> notices = new ArrayList<>(more);
		final boolean toRefine = request.maskRefinement() == MaskRefinement.GUIDED_FILTER;
		if (toRefine && guides.isEmpty()) notices.add("There are only latents and no picture whose outlines the mask could follow, so it is as coarse as they are.");
		final List<DifferenceMap> refined = new ArrayList<>();
		for (int i = 0; i < maps.size(); i++) refined.add(toRefine && !guides.isEmpty() ? guides.get(i).refined(maps.get(i)) : maps.get(i));
		for (final DifferenceMap map : maps) {
			if (map.mean() == 0) notices.add((request.maskSource().hasAttention() ? "Source and target prompt have the same words" : "Source and target prompt say the same to the model") + ", so there is nothing to edit"
				+ (request.mode() == Mode.PARITY ? " (diffusers answers with a mask of ones)." : "; the mask is empty."));
		}
		return new MaskResult(maps, guides, refined, new CutMasks(maps, refined, request), request, notices);
	}

	/** The first mask. */
	public Mask mask() {
		return masks.get(0);
	}

	/** The first map. */
	public DifferenceMap map() {
		return maps.get(0);
	}

	/** What the first mask is cut from. */
	public DifferenceMap refinedMap() {
		return refined.get(0);
	}

	/**
	 * The masks for an edit: grown where it is one of shape, so that the new shape has room. Only masks that follow outlines are;
	 * others are coarse enough.
	 */
	public List<Mask> editMasks() {
		final List<Mask> grown = new ArrayList<>();
		for (int i = 0; i < masks.size(); i++) grown.add(editMask(i, masks.get(i)));
		return grown;
	}

	/** The same for a mask of one of the images that was changed since. @param mask of the picture's size */
	public Mask editMask(final int image, final Mask mask) {
		if (!isRefined() || mask.isEmpty()) return mask;
		final Guide guide = guides.get(image);
		return new ShapeChange(mask, guide.factor()).forEdit(guide.enlarged(maps.get(image)));
	}

	/**
	 * A mask of one of the images by degrees, for edits that use it {@linkplain MaskUse#SOFT softly}: within it the heat over its top, at
	 * most 1, so that more changes where the descriptions differ more. The top is the map's 99th percentile, as for {@link Threshold.Top}.
	 *
	 * @param mask of the picture's size, or of the map's
	 * @throws DiffEditException if it has another size
	 */
	public Mask softened(final int image, final Mask mask) {
		final DifferenceMap heat = heat(image, mask);
		final double top = new Threshold.Top(1).cut(heat);
		if (!(top > 0)) return mask;
		final float[] values = mask.values().clone();
		for (int i = 0; i < values.length; i++) values[i] *= (float) Math.max(0, Math.min(1, heat.values()[i] / top));
		return new Mask(mask.width(), mask.height(), values);
	}

	private DifferenceMap heat(final int image, final Mask mask) {
		final DifferenceMap own = refined.get(image);
		final DifferenceMap heat = isOfSize(own, mask) || guides.isEmpty() || isRefined() ? own : guides.get(image).enlarged(own);
		if (isOfSize(heat, mask)) return heat;
		throw new DiffEditException("The mask is " + mask.width() + " x " + mask.height() + ", but the heat map is " + heat.width() + " x " + heat.height() + "; give a mask of that size.");
	}

	private static boolean isOfSize(final DifferenceMap map, final Mask mask) {
		return map.width() == mask.width() && map.height() == mask.height();
	}

	private boolean isRefined() {
		return request.maskRefinement() != MaskRefinement.NONE && !guides.isEmpty();
	}

	/** The masks at another threshold, without running the model or the refinement again. */
	public MaskResult withThreshold(final Threshold threshold) {
		return cut(refined, threshold);
	}

	private MaskResult cut(final List<DifferenceMap> from, final Threshold threshold) {
		final MaskRequest other = request.withThreshold(threshold);
		return new MaskResult(maps, guides, from, new CutMasks(maps, from, other), other, notices);
	}

	/** The masks at another ratio of the mean, without running the model again. */
	public MaskResult withMaskThresholdingRatio(final double ratio) {
		return withThreshold(new Threshold.Ratio(ratio));
	}

	/**
	 * The masks of smoothed maps, without running the model or the refinement again.
	 *
	 * @param sigma of a Gaussian in values of the raw maps, above 0
	 */
	public MaskResult smoothed(final double sigma, final Threshold threshold) {
		final List<DifferenceMap> smooth = new ArrayList<>();
		for (int i = 0; i < maps.size(); i++) smooth.add(refined.get(i).smoothed(isRefined() ? sigma * guides.get(i).factor() : sigma));
		return cut(smooth, threshold);
	}
}
