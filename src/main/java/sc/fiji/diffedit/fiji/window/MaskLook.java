package sc.fiji.diffedit.fiji.window;

import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.util.Optional;

import sc.fiji.diffedit.fiji.HeatMaps;
import sc.fiji.diffedit.fiji.LabelImages;
import sc.fiji.diffedit.fiji.LocatedMap;
import sc.fiji.diffedit.fiji.MaskShape;
import sc.fiji.diffedit.fiji.Outline;
import sc.fiji.diffedit.tensor.Mask;

/**
 * How a mask is drawn on its image.
 *
 * @param state what it is the look of
 * @param outline of the mask, in pixels of the image
 * @param heat the heat map; empty for a mask that is only drawn
 * @param parts how many parts the mask has
 */
record MaskLook(MaskState state, Shape outline, Optional<Heat> heat, int parts) {

	/** The heat map is the more opaque the larger the difference; at this part of the largest one it is as opaque as it gets. */
	private static final double FULL_FROM = 0.6;
	private static final int MOST_OPAQUE = 190;

	/**
	 * A heat map as a picture.
	 *
	 * @param map what it shows
	 * @param smooth whether its squares are rounded off
	 * @param region of the image that it covers
	 * @param picture with an alpha channel
	 */
	record Heat(LocatedMap map, boolean smooth, Rectangle region, BufferedImage picture) {

		private boolean isOf(final LocatedMap other, final boolean isSmooth) {
			return map == other && smooth == isSmooth;
		}
	}

	/** @param before an earlier look, whose heat map may serve again; null for none */
	static MaskLook of(final MaskState state, final MaskLook before) {
		final Mask mask = state.mask();
		final boolean smooth = state.settings().shape().smooth();
		final Optional<Heat> heat = state.smoothed().map(map -> before != null && before.heat.isPresent() && before.heat.get().isOf(map, smooth) ? before.heat.get()
			: new Heat(map, smooth, map.region(), picture(map.heat(MaskShape.PLAIN.withSmooth(smooth)), map.region())));
		return new MaskLook(state, Outline.of(mask), heat, LabelImages.count(mask));
	}

	private static BufferedImage picture(final float[] heat, final Rectangle region) {
		float most = 0;
		for (final float value : heat) most = Math.max(most, value);
		final int[] colors = colors();
		final int[] pixels = new int[heat.length];
		for (int i = 0; i < pixels.length; i++) pixels[i] = colors[most == 0 ? 0 : Math.max(0, Math.min(255, (int) (256 * heat[i] / most)))];
		final BufferedImage picture = new BufferedImage(region.width, region.height, BufferedImage.TYPE_INT_ARGB);
		picture.setRGB(0, 0, region.width, region.height, pixels, 0, region.width);
		return picture;
	}

	/** The colours of the heat map with their opacity, from 0 to the largest difference. */
	static int[] colors() {
		final IndexColorModel fire = HeatMaps.colors();
		final int[] colors = new int[256];
		for (int i = 0; i < colors.length; i++) {
			final int alpha = (int) Math.round(MOST_OPAQUE * Math.min(1, i / (FULL_FROM * 255)));
			colors[i] = alpha << 24 | fire.getRGB(i) & 0xffffff;
		}
		return colors;
	}
}
