package sc.fiji.diffedit.fiji;

/** The Moore-Penrose inverse of a few columns of three numbers. */
final class PseudoInverse {

	private PseudoInverse() {}

	/**
	 * @param columns n columns of 3 numbers: a matrix C with 3 rows
	 * @return the n rows of C's pseudo-inverse, each of 3 numbers: the smallest step of n values that changes the sum by a given vector
	 */
	static double[][] of(final double[][] columns) {
		final double[][] square = new double[3][3];
		for (final double[] column : columns) {
			for (int i = 0; i < 3; i++) for (int j = 0; j < 3; j++) square[i][j] += column[i] * column[j];
		}
		final double[][] inverse = symmetric(square);
		final double[][] rows = new double[columns.length][3];
		for (int c = 0; c < columns.length; c++) {
			for (int i = 0; i < 3; i++) for (int j = 0; j < 3; j++) rows[c][j] += columns[c][i] * inverse[i][j];
		}
		return rows;
	}

	/** The pseudo-inverse of a symmetric matrix: its eigenvalues are inverted, but those that are zero. */
	private static double[][] symmetric(final double[][] matrix) {
		final double[][] a = { matrix[0].clone(), matrix[1].clone(), matrix[2].clone() };
		final double[][] vectors = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } };
		for (int sweep = 0; sweep < 30; sweep++) {
			for (int p = 0; p < 2; p++) for (int q = p + 1; q < 3; q++) rotate(a, vectors, p, q);
		}
		final double largest = Math.max(a[0][0], Math.max(a[1][1], a[2][2]));
		final double[][] inverse = new double[3][3];
		for (int k = 0; k < 3; k++) {
			if (a[k][k] <= 1e-9 * largest) continue;
			for (int i = 0; i < 3; i++) for (int j = 0; j < 3; j++) inverse[i][j] += vectors[i][k] * vectors[j][k] / a[k][k];
		}
		return inverse;
	}

	/** One rotation of Jacobi's method: makes a[p][q] zero. */
	private static void rotate(final double[][] a, final double[][] vectors, final int p, final int q) {
		if (Math.abs(a[p][q]) < 1e-300) return;
		final double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
		final double tangent = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
		final double cosine = 1 / Math.sqrt(tangent * tangent + 1), sine = tangent * cosine;
		for (int k = 0; k < 3; k++) {
			final double kp = a[k][p], kq = a[k][q];
			a[k][p] = cosine * kp - sine * kq;
			a[k][q] = sine * kp + cosine * kq;
		}
		for (int k = 0; k < 3; k++) {
			final double pk = a[p][k], qk = a[q][k];
			a[p][k] = cosine * pk - sine * qk;
			a[q][k] = sine * pk + cosine * qk;
			final double vp = vectors[k][p], vq = vectors[k][q];
			vectors[k][p] = cosine * vp - sine * vq;
			vectors[k][q] = sine * vp + cosine * vq;
		}
	}
}
