package sc.fiji.diffedit.fiji;

import java.util.Arrays;

/**
 * All pixels whose centres lie at most a radius away from those of a mask. In each column only the nearest pixel of the mask counts,
 * above or below: a sweep downwards and one upwards find how far it is, and along the row it reaches as far as the circle is wide there.
 * The time depends on the number of pixels and not on the radius.
 */
final class Dilation {

	private final int width;
	private final int height;
	/** Rows that a pixel may be away. */
	private final int reach;
	/** By rows away: how many columns the circle reaches there. */
	private final int[] sides;
	/** Of the present row: how many stretches that are reached begin at each pixel, less those that have ended there. */
	private final int[] begun;

	/** @param radius in pixels, 0 or more */
	Dilation(final int width, final int height, final double radius) {
		this.width = width;
		this.height = height;
		reach = (int) Math.min(radius, height);
		sides = new int[reach + 1];
		for (int rows = 0; rows <= reach; rows++) sides[rows] = (int) Math.min(width, Math.sqrt(radius * radius - (double) rows * rows));
		begun = new int[width + 1];
	}

	/** Sets values to 1 wherever one of at least 1 is within the radius. */
	void fill(final float[] values) {
		final int[] above = rowsToNearestAbove(values);
		final int[] nearest = new int[width];
		Arrays.fill(nearest, reach + 1);
		for (int y = height - 1; y >= 0; y--) {
			for (int x = 0; x < width; x++) nearest[x] = Math.min(above[y * width + x], Math.min(nearest[x], reach) + 1);
			if (markReached(nearest)) fillMarked(values, y * width);
		}
	}

	/** Rows to the nearest pixel of the mask at or above each pixel; 1 more than within reach, if it is farther or there is none. */
	private int[] rowsToNearestAbove(final float[] values) {
		final int[] above = new int[values.length];
		Arrays.fill(above, 0, width, reach + 1);
		for (int row = 0; row < values.length; row += width) {
			if (row > 0) for (int i = row; i < row + width; i++) above[i] = Math.min(above[i - width], reach) + 1;
			for (int i = row; i < row + width; i++) if (values[i] >= 1) above[i] = 0;
		}
		return above;
	}

	/** @param nearest rows to the nearest pixel of the mask, column by column @return whether any of them reaches the row */
	private boolean markReached(final int[] nearest) {
		boolean any = false;
		for (int x = 0; x < width;) {
			final int rows = nearest[x], start = x;
			do x++;
			while (x < width && nearest[x] == rows);
			if (rows > reach) continue;
			begun[Math.max(0, start - sides[rows])]++;
			begun[Math.min(width, x + sides[rows])]--;
			any = true;
		}
		return any;
	}

	private void fillMarked(final float[] values, final int row) {
		int covered = 0;
		for (int x = 0; x < width;) {
			covered += begun[x];
			final int start = x;
			do x++;
			while (x < width && begun[x] == 0);
			if (covered > 0) Arrays.fill(values, row + start, row + x, 1);
		}
		Arrays.fill(begun, 0);
	}
}
