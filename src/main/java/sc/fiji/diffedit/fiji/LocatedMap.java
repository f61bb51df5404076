package sc.fiji.diffedit.fiji;

import java.awt.Rectangle;
import java.util.Optional;

import ij.ImagePlus;

import sc.fiji.diffedit.pipelines.DifferenceMap;
import sc.fiji.diffedit.pipelines.MaskResult;
import sc.fiji.diffedit.pipelines.Threshold;
import sc.fiji.diffedit.tensor.Mask;

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

	/** The mask of the region at another threshold. */
	private MaskResult cut(final Threshold threshold) {
		return threshold.equals(found.request().threshold()) ? found : found.withThreshold(threshold);
	}

	private Padding padding() {
		return new Padding(region.width, region.height, factor);
	}

	/**
	 * The mask of the whole image, 0 outside of the region and of its limits.
	 *
	 * @param threshold where the heat map is cut
	 */
	public Mask mask(final Threshold threshold, final MaskShape shape) {
		final Mask pixels = shape.pixels(cut(threshold), padding());
		return Masks.placed(limits.map(within -> Masks.both(pixels, within)).orElse(pixels), region, width, height);
	}

	/** What the mask is cut from: the map, smoothed if the shape says so and refined as it was asked for. */
	public MaskResult smoothed(final MaskShape shape) {
		return shape.smoothed(found, factor);
	}

	/**
	 * The heat map as an image of the whole plane's size, 32-bit; NaN outside of the region.
	 *
	 * @param like pixel size, unit and origin come from it
	 */
	public ImagePlus heatMap(final MaskShape shape, final ImagePlus like) {
		final DifferenceMap map = smoothed(shape).refinedMap();
		return HeatMaps.toImagePlus(map.values(), map.width(), padding(), shape.smooth(), region, like);
	}

	/** The heat map in pixels of the region, row by row. */
	public float[] heat(final MaskShape shape) {
		final DifferenceMap map = smoothed(shape).refinedMap();
		return HeatMaps.plane(map.values(), map.width(), padding(), shape.smooth(), region);
	}
}
