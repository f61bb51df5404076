package sc.fiji.diffedit.tensor;

import sc.fiji.diffedit.DiffEditException;

/**
 * A rectangle of pixels.
 *
 * @param x1 first column
 * @param y1 first row
 * @param x2 column after the last
 * @param y2 row after the last
 */
public record Region(int x1, int y1, int x2, int y2) {

	public Region {
		if (x2 <= x1 || y2 <= y1) {
			throw new DiffEditException("The region from (" + x1 + ", " + y1 + ") to (" + x2 + ", " + y2 + ") holds no pixel; take a larger one.");
		}
	}

	public int width() {
		return x2 - x1;
	}

	public int height() {
		return y2 - y1;
	}
}
