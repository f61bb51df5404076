package sc.fiji.diffedit.fiji;

import java.awt.Rectangle;
import java.util.Optional;

import ij.ImagePlus;

import sc.fiji.diffedit.pipelines.DifferenceMap;
import sc.fiji.diffedit.pipelines.MaskResult;
import sc.fiji.diffedit.pipelines.Threshold;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.MaskBits;

/**
 * The difference map of two descriptions and its place in an image: all that another threshold or shape of the mask needs. It knows
 * neither the model nor the image, so it may be kept as long as one likes.
 *
 * @param found the map, at the resolution of the latents
 * @param region the rectangle of the image that the model saw
 * @param limits the selection within the region, if the mask stays within one
 * @param factor pixels per value of the map
 * @param width of the image
 * @param height of the image
 * @param position the plane of the image
 */
public record LocatedMap(MaskResult found, Rectangle region, Optional<Mask> limits, int factor, int width, int height, Position position) {

	private Padding padding() {
		return new Padding(region.width, region.height, factor);
	}

	/**
	 * The mask of the whole image, 0 outside of the region and of its limits.
	 *
	 * @param threshold where the heat map is cut
	 */
	public Mask mask(final Threshold threshold, final MaskShape shape) {
		return placed(shape.withSmoothMap(0).pixels(shape.cut(found, factor, threshold), padding()));
	}

	/** The same in bits. */
	public MaskBits inside(final Threshold threshold, final MaskShape shape) {
		final MaskBits pixels = shape.withSmoothMap(0).inside(shape.cut(found, factor, threshold), padding());
		return limits.map(within -> pixels.and(MaskBits.of(within))).orElse(pixels).placed(region.x, region.y, width, height);
	}

	/** The mask for an edit, as {@code Edit Image With Text...} takes it: one of shape has room around the mask, unless that grows anyway. */
	public Mask editMask(final Threshold threshold, final MaskShape shape) {
		return placed(shape.withSmoothMap(0).forEdit(shape.cut(found, factor, threshold), padding()));
	}

	private Mask placed(final Mask pixels) {
		return Masks.placed(limits.map(within -> Masks.both(pixels, within)).orElse(pixels), region, width, height);
	}

	/** The same smoothed as a shape says, and cut: with that shape, but {@link MaskShape#withSmoothMap(double) not smoothed again}, it gives the same masks. */
	public LocatedMap smoothed(final Threshold threshold, final MaskShape shape) {
		return new LocatedMap(shape.cut(found, factor, threshold), region, limits, factor, width, height, position);
	}

	private DifferenceMap shown(final MaskShape shape) {
		return smoothed(found.request().threshold(), shape).found.refinedMap();
	}

	/**
	 * The heat map as an image of the whole plane's size, 32-bit; NaN outside of the region.
	 *
	 * @param like pixel size, unit and origin come from it
	 */
	public ImagePlus heatMap(final MaskShape shape, final ImagePlus like) {
		final DifferenceMap map = shown(shape);
		return HeatMaps.toImagePlus(map.values(), map.width(), padding(), shape.smooth(), region, like);
	}

	/** The heat map in pixels of the region, row by row. */
	public float[] heat(final MaskShape shape) {
		final DifferenceMap map = shown(shape);
		return HeatMaps.plane(map.values(), map.width(), padding(), shape.smooth(), region);
	}
}
