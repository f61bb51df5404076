package sc.fiji.diffedit.fiji;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.pipelines.MaskResult;
import sc.fiji.diffedit.pipelines.Threshold;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.MaskBits;

/**
 * How a mask is shaped on its way from the difference map to the pixels, in the order of the components. The commands, the window and
 * scripts all shape masks here, so the same values give the same bits. No model is needed.
 *
 * @param smoothMap radius (sigma) of a Gaussian over the heat map, after any refinement and before it is cut, in pixels of the image, 0 to 1000
 * @param smooth whether the squares that the model's resolution leaves are rounded off
 * @param holes holes of at most this many pixels are filled, 0 or more; one that touches the outside at a corner is no hole
 * @param smallest parts of fewer pixels are left out, 0 or more; those that touch at corners count separately
 * @param grow pixels by which the mask grows, 0 or more
 */
public record MaskShape(double smoothMap, boolean smooth, int holes, int smallest, double grow) {

	/** The mask as it was cut. */
	public static final MaskShape PLAIN = new MaskShape(0, false, 0, 0, 0);

	private static final double LARGEST_RADIUS = 1000;

	/** @throws DiffEditException if a value is outside its range */
	public MaskShape {
		if (!(smoothMap >= 0 && smoothMap <= LARGEST_RADIUS)) {
			throw new DiffEditException("The heat map is to be smoothed over " + smoothMap + " pixels; it must lie between 0 and 1000.");
		}
		if (holes < 0) throw new DiffEditException("Holes up to " + holes + " pixels are to be filled; it must be 0 or more.");
		if (smallest < 0) throw new DiffEditException("The smallest part is to have " + smallest + " pixels; it must be 0 or more.");
		if (!(grow >= 0)) throw new DiffEditException("The mask is to grow by " + grow + " pixels; it must be 0 or more.");
	}

	/**
	 * The mask cut from the heat map, which is smoothed.
	 *
	 * @param factor pixels per value of the raw map
	 */
	MaskResult cut(final MaskResult found, final int factor, final Threshold threshold) {
		if (smoothMap > 0) return found.smoothed(smoothMap / factor, threshold);
		return threshold.equals(found.request().threshold()) ? found : found.withThreshold(threshold);
	}

	/**
	 * The mask in pixels.
	 *
	 * @param padding of the part of the image that the model saw
	 */
	public Mask pixels(final MaskResult found, final Padding padding) {
		final Mask cut = covered(found, padding);
		return holes == 0 && smallest <= 1 && grow == 0 ? cut : shaped(cut).mask();
	}

	/** The same in bits. */
	MaskBits inside(final MaskResult found, final Padding padding) {
		return shaped(covered(found, padding));
	}

	private Mask covered(final MaskResult found, final Padding padding) {
		return padding.covered(cut(found, padding.factor(), found.request().threshold()).mask(), smooth);
	}

	private MaskBits shaped(final Mask cut) {
		final MaskBits inside = MaskBits.of(cut);
		if (holes > 0) new Runs(inside, false, true).putSmall(inside, holes, false, true);
		if (smallest > 1) new Runs(inside, true, false).putSmall(inside, smallest - 1, true, false);
		return grow < 1 ? inside : inside.grown(grow);
	}

	/** The same for an edit: grown where it is one of shape, unless the mask is to grow anyway. */
	Mask forEdit(final MaskResult found, final Padding padding) {
		final Mask mask = pixels(found, padding);
		return grow > 0 ? mask : found.editMask(0, mask);
	}

	/** A mask for an edit by degrees: as strong as the heat is, which is smoothed. @param mask of the image's size */
	Mask softened(final MaskResult found, final Padding padding, final Mask mask) {
		return cut(found, padding.factor(), found.request().threshold()).softened(0, mask);
	}

	public MaskShape withSmoothMap(final double newSmoothMap) {
		return new MaskShape(newSmoothMap, smooth, holes, smallest, grow);
	}

	public MaskShape withSmooth(final boolean newSmooth) {
		return new MaskShape(smoothMap, newSmooth, holes, smallest, grow);
	}

	public MaskShape withHoles(final int newHoles) {
		return new MaskShape(smoothMap, smooth, newHoles, smallest, grow);
	}

	public MaskShape withSmallest(final int newSmallest) {
		return new MaskShape(smoothMap, smooth, holes, newSmallest, grow);
	}

	public MaskShape withGrow(final double newGrow) {
		return new MaskShape(smoothMap, smooth, holes, smallest, newGrow);
	}
}
