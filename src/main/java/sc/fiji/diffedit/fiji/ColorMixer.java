package sc.fiji.diffedit.fiji;

import java.util.List;
import java.util.function.IntPredicate;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;

/**
 * Channels to red, green, blue and back.
 * <p>
 * There: each channel's levels become 0 to 1, are clipped, multiplied by the channel's colour and added up, as ImageJ
 * composes channels on the screen. Back: of all channel values that show the wished colour, those that lie closest to
 * the ones before (least squares: a step by the pseudo-inverse of the colours, from the clipped values). For one grey
 * channel this is the mean of red, green and blue; for red, green and blue channels it is exact; a channel with a black
 * look-up table never changes. A pixel whose colour comes back as it went keeps its values, also those beyond the levels.
 */
final class ColorMixer {

	private final double[][] colors;   // (channel, red-green-blue)
	private final double[][] inverse;  // (channel, red-green-blue): the pseudo-inverse of the colours
	private final Levels[] levels;

	/**
	 * @param rgb the colour of each channel at full brightness, 0xRRGGBB
	 * @param levels the levels of each channel
	 */
	ColorMixer(final List<Integer> rgb, final List<Levels> levels) {
		if (rgb.size() != levels.size()) {
			throw new DiffEditException("The image has " + Counted.of(levels.size(), "channel") + ", but " + Counted.of(rgb.size(), "colour")
				+ " were given; give one for each.");
		}
		this.levels = levels.toArray(new Levels[0]);
		colors = new double[rgb.size()][];
		for (int c = 0; c < colors.length; c++) {
			final int color = rgb.get(c);
			colors[c] = new double[] { (color >> 16 & 255) / 255.0, (color >> 8 & 255) / 255.0, (color & 255) / 255.0 };
		}
		inverse = PseudoInverse.of(colors);
	}

	/**
	 * What a network sees.
	 *
	 * @param needed whether a pixel counts, by its place row by row; others are black where they are no numbers
	 */
	Picture picture(final List<Plane> planes, final IntPredicate needed) {
		final int width = planes.get(0).width(), height = planes.get(0).height();
		if (3L * width * height > Integer.MAX_VALUE) {
			throw new DiffEditException("The image is " + width + " x " + height
				+ " pixels, more than a model can look at at once; select a part and work on the selection.");
		}
		final int size = width * height;
		final float[] values = new float[3 * size];
		final double[] shown = new double[planes.size()];
		final float[] seen = new float[3];
		for (int y = 0, i = 0; y < height; y++) {
			for (int x = 0; x < width; x++, i++) {
				if (!needed.test(i) && !isFinite(planes, x, y)) continue;
				solve(planes, x, y, shown, seen);
				for (int k = 0; k < 3; k++) values[k * size + i] = seen[k];
			}
		}
		return new Picture(width, height, 3, values);
	}

	/** Writes what a network made of these planes, weighted by the mask; where it is 0 nothing is written. */
	void paste(final List<Plane> planes, final Picture edited, final Mask mask) {
		final double[] shown = new double[planes.size()];
		final float[] seen = new float[3];
		final double[] change = new double[3];
		for (int y = 0; y < edited.height(); y++) {
			for (int x = 0; x < edited.width(); x++) {
				final float weight = mask.values()[y * mask.width() + x];
				if (weight == 0) continue;
				solve(planes, x, y, shown, seen);
				boolean same = true;
				for (int k = 0; k < 3; k++) {
					final float wished = edited.get(k, x, y);
					same &= wished == seen[k];
					change[k] = clip(wished) - seen[k];
				}
				if (!same) blend(planes, x, y, shown, change, weight);
			}
		}
	}

	private void blend(final List<Plane> planes, final int x, final int y, final double[] shown,
		final double[] change, final float weight)
	{
		for (int c = 0; c < shown.length; c++) {
			final double[] back = inverse[c];
			if (back[0] == 0 && back[1] == 0 && back[2] == 0) continue;
			final double step = back[0] * change[0] + back[1] * change[1] + back[2] * change[2];
			final double wished = levels[c].restore(clip(shown[c] + step));
			final double old = planes.get(c).get(x, y);
			planes.get(c).set(x, y, weight == 1 ? wished : old + weight * (wished - old));
		}
	}

	private void solve(final List<Plane> planes, final int x, final int y, final double[] shown, final float[] seen) {
		double red = 0, green = 0, blue = 0;
		for (int c = 0; c < shown.length; c++) {
			final double value = planes.get(c).get(x, y);
			if (!Double.isFinite(value)) throw notFinite(value, x, y);
			shown[c] = clip(levels[c].show(value));
			red += shown[c] * colors[c][0];
			green += shown[c] * colors[c][1];
			blue += shown[c] * colors[c][2];
		}
		seen[0] = (float) clip(red);
		seen[1] = (float) clip(green);
		seen[2] = (float) clip(blue);
	}

	private static boolean isFinite(final List<Plane> planes, final int x, final int y) {
		for (final Plane plane : planes) if (!Double.isFinite(plane.get(x, y))) return false;
		return true;
	}

	private static DiffEditException notFinite(final double value, final int x, final int y) {
		return new DiffEditException("The pixel at (" + x + ", " + y + ") of the region is " + value
			+ "; replace such pixels first, for example with Process > Filters > Remove NaNs..., or select a region without them.");
	}

	private static double clip(final double value) {
		return Math.min(1, Math.max(0, value));
	}
}
