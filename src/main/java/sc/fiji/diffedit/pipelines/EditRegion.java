package sc.fiji.diffedit.pipelines;

import java.util.List;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Mask;

/**
 * A part of an image with a prompt of its own, for {@link DiffEditPipeline#editRegions}.
 *
 * @param mask where it is, at the resolution of the latents or of the image
 * @param prompt what should be inside
 * @param negative what should not
 */
public record EditRegion(Mask mask, Prompt prompt, Prompt negative) {

	/** A region without a negative prompt. */
	public static EditRegion of(final Mask mask, final String prompt) {
		return new EditRegion(mask, Prompt.of(prompt), Prompt.NONE);
	}

	/** The same with another mask. */
	public EditRegion withMask(final Mask other) {
		return new EditRegion(other, prompt, negative);
	}

	/** @throws DiffEditException if there are none, or not of one image, or not of one size */
	static void check(final List<EditRegion> regions, final Inversion inversion) {
		if (regions.isEmpty()) throw new DiffEditException("There are no regions to edit; give one or more.");
		if (inversion.count() != 1) throw new DiffEditException("Regions belong to one image, but " + inversion.count() + " are inverted; edit them one after another.");
		final Mask first = regions.get(0).mask;
		for (final EditRegion region : regions) {
			Checks.given("target", List.of(region.prompt), Mode.DEFAULT);
			if (region.mask.width() == first.width() && region.mask.height() == first.height()) continue;
			throw new DiffEditException("The masks of the regions are " + first.width() + " x " + first.height() + " and " + region.mask.width() + " x " + region.mask.height()
				+ "; they must be of one size.");
		}
	}

	/** Where any of some regions is: the largest value of their masks. */
	public static Mask together(final List<EditRegion> regions) {
		return Mask.together(regions.stream().map(EditRegion::mask).toList());
	}
}
