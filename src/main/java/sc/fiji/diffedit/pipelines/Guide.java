package sc.fiji.diffedit.pipelines;

import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Planes;

/**
 * The picture whose outlines a mask follows.
 *
 * @param picture as the model saw it, at the image's own size
 * @param factor pixels per value of a heat map
 */
public record Guide(Picture picture, int factor) {

	/**
	 * Of the filter's windows: in values of the heat map, the most in pixels, and how often it fits at least into the picture's shorter
	 * side. Where values are larger than 4 pixels, windows of as many values would hold so much of a photograph that all places with
	 * the object's colours take its heat.
	 */
	private static final int RADIUS = 6, MOST_PIXELS = 24, LEAST_PARTS = 3;
	private static final double EPSILON = 0.03;

	/** A heat map at the size of the picture, before anything follows outlines: linear between the centres of its values. */
	DifferenceMap enlarged(final DifferenceMap map) {
		final int width = map.width() * factor, height = map.height() * factor;
		final float[] all = Planes.linear(map.values(), map.width(), map.height(), width, height);
		return new DifferenceMap(picture.width(), picture.height(), Planes.cropped(all, width, picture.width(), picture.height()));
	}

	/** A heat map in the outlines of the picture, of its size. */
	DifferenceMap refined(final DifferenceMap map) {
		final float[] values = new GuidedFilter(picture, radius(), EPSILON).of(enlarged(map).values());
		return new DifferenceMap(picture.width(), picture.height(), values);
	}

	/** In pixels. Windows over all of a small picture would know its colours only, and not which of two equal objects is meant. */
	private int radius() {
		return Math.max(1, Math.min(Math.min(RADIUS * factor, MOST_PIXELS), Math.min(picture.width(), picture.height()) / LEAST_PARTS));
	}
}
