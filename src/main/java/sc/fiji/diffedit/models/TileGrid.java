package sc.fiji.diffedit.models;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * How a plane of latents is cut into overlapping tiles of one size, and how much each tile counts at each place. Tiles are evenly
 * spaced, so they overlap at least as much as asked for. Their weights fall linearly towards neighbours and sum to 1 at each place
 * that is covered by a tile.
 */
final class TileGrid {

	/** The least edge of a tile in latents: what is left of it at the lowest resolution of a UNet of four levels. */
	static final int LEAST = 8;

	/** The place of a tile's first row and column. */
	record Corner(int y, int x) {}

	private final int planeHeight;
	private final int planeWidth;
	private final int height;
	private final int width;
	private final int[] rows;
	private final int[] columns;

	/**
	 * @param planeHeight of the latents
	 * @param planeWidth of the latents
	 * @param edge of a tile
	 * @param overlap of neighbours, less than the edge
	 */
	TileGrid(final int planeHeight, final int planeWidth, final int edge, final int overlap) {
		this.planeHeight = planeHeight;
		this.planeWidth = planeWidth;
		height = Math.min(edge, planeHeight);
		width = Math.min(edge, planeWidth);
		rows = starts(planeHeight, height, overlap);
		columns = starts(planeWidth, width, overlap);
	}

	private static int[] starts(final int length, final int edge, final int overlap) {
		if (edge == length) return new int[] { 0 };
		final int count = 1 + (length - edge + edge - overlap - 1) / (edge - overlap);
		final int[] starts = new int[count];
		for (int i = 0; i < count; i++) starts[i] = (int) Math.round((double) i * (length - edge) / (count - 1));
		return starts;
	}

	/** Rows of a tile. */
	int height() {
		return height;
	}

	/** Columns of a tile. */
	int width() {
		return width;
	}

	int count() {
		return rows.length * columns.length;
	}

	/** The tiles for which a condition holds, row by row. */
	List<Corner> corners(final Predicate<Corner> wanted) {
		final List<Corner> corners = new ArrayList<>();
		for (final int y : rows) {
			for (final int x : columns) corners.add(new Corner(y, x));
		}
		corners.removeIf(wanted.negate());
		return corners;
	}

	/** For each of these tiles its weights, row by row. */
	List<float[]> weights(final List<Corner> tiles) {
		final double[] sum = new double[planeHeight * planeWidth];
		final double[] ramps = ramps();
		for (final Corner tile : tiles) {
			for (int i = 0; i < ramps.length; i++) sum[at(tile, i)] += ramps[i];
		}
		final List<float[]> weights = new ArrayList<>();
		for (final Corner tile : tiles) {
			final float[] own = new float[ramps.length];
			for (int i = 0; i < own.length; i++) own[i] = (float) (ramps[i] / sum[at(tile, i)]);
			weights.add(own);
		}
		return weights;
	}

	private int at(final Corner tile, final int i) {
		return (tile.y() + i / width) * planeWidth + tile.x() + i % width;
	}

	/** Largest in the middle of a tile, small but not 0 at its edge. */
	private double[] ramps() {
		final double[] ramps = new double[height * width];
		Arrays.setAll(ramps, i -> ramp(i / width, height) * ramp(i % width, width));
		return ramps;
	}

	private static double ramp(final int i, final int length) {
		return Math.min(i, length - 1 - i) + 0.5;
	}
}
