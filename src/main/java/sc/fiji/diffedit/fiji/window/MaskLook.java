package sc.fiji.diffedit.fiji.window;

import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.awt.image.IndexColorModel;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import sc.fiji.diffedit.fiji.HeatMaps;
import sc.fiji.diffedit.fiji.LabelImages;
import sc.fiji.diffedit.fiji.LocatedMap;
import sc.fiji.diffedit.fiji.MaskShape;
import sc.fiji.diffedit.fiji.Outline;
import sc.fiji.diffedit.pipelines.DifferenceMap;
import sc.fiji.diffedit.pipelines.Threshold;
import sc.fiji.diffedit.tensor.MaskBits;

/**
 * How a mask is drawn on its image.
 *
 * @param state what it is the look of
 * @param outline of the mask, in pixels of the image
 * @param heat the heat map; empty for a mask that is only drawn
 * @param cut where the map is cut; NaN for a mask that is only drawn
 * @param end the number of the threshold at which nothing is inside any more; NaN if it has none
 * @param parts how many parts the mask has
 * @param area the part of the image that is inside, in [0, 1]
 */
record MaskLook(MaskState state, Shape outline, Optional<Heat> heat, double cut, double end, int parts, double area) {

	/** The heat map is the more opaque the larger the difference; at this part of the largest one it is as opaque as it gets. */
	private static final double FULL_FROM = 0.6;
	private static final int MOST_OPAQUE = 190;

	/**
	 * A heat map as a picture.
	 *
	 * @param map what it shows
	 * @param smooth whether its squares are rounded off
	 * @param picture of the region of the image that it covers, with an alpha channel
	 * @param counts how many values of the map lie in each of 100 equal parts of the range from 0 to the largest
	 */
	record Heat(LocatedMap map, boolean smooth, BufferedImage picture, int[] counts) {

		private static final int BINS = 100;

		static Heat of(final LocatedMap map, final boolean smooth) {
			return new Heat(map, smooth, MaskLook.picture(map.heat(MaskShape.PLAIN.withSmooth(smooth)), map.region()), histogram(map.found().refinedMap()));
		}

		private boolean isOf(final LocatedMap other, final boolean isSmooth) {
			return map == other && smooth == isSmooth;
		}

		/** What the mask is cut from. */
		DifferenceMap differences() {
			return map.found().refinedMap();
		}

		private static int[] histogram(final DifferenceMap map) {
			final int[] counts = new int[BINS];
			if (map.largest() == 0) return counts;
			final float scale = BINS / map.largest();
			for (final float value : map.values()) counts[Math.max(0, Math.min(BINS - 1, (int) (scale * value)))]++;
			return counts;
		}
	}

	/** @param before an earlier look, whose heat map may serve again; null for none */
	static MaskLook of(final MaskState state, final MaskLook before) {
		final Optional<LocatedMap> map = state.smoothed();
		final CompletableFuture<Optional<Heat>> drawn = CompletableFuture.supplyAsync(() -> map.map(shown -> heat(shown, state, before)));
		final MaskBits inside = state.inside();
		final Optional<Heat> heat = drawn.join();
		final Threshold threshold = state.settings().cut();
		final double cut = heat.map(shown -> threshold.cut(shown.differences())).orElse(Double.NaN);
		final double end = heat.map(Heat::differences).filter(all -> all.largest() > 0).map(all -> threshold.through(all.largest(), all).number()).orElse(Double.NaN);
		return new MaskLook(state, Outline.of(inside), heat, cut, end, LabelImages.count(inside), inside.area());
	}

	private static Heat heat(final LocatedMap map, final MaskState state, final MaskLook before) {
		final boolean smooth = state.settings().shape().smooth();
		return Optional.ofNullable(before).flatMap(MaskLook::heat).filter(heat -> heat.isOf(map, smooth)).orElseGet(() -> Heat.of(map, smooth));
	}

	private static BufferedImage picture(final float[] heat, final Rectangle region) {
		final float most = DifferenceMap.largest(heat);
		final float scale = most == 0 ? 0 : 256 / most;
		final int[] colors = colors();
		final BufferedImage picture = new BufferedImage(region.width, region.height, BufferedImage.TYPE_INT_ARGB);
		final int[] pixels = ((DataBufferInt) picture.getRaster().getDataBuffer()).getData();
		for (int i = 0; i < pixels.length; i++) pixels[i] = colors[Math.max(0, Math.min(255, (int) (scale * heat[i])))];
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
