package sc.fiji.diffedit.schedulers;

/** Small systems of linear equations. */
final class LinearEquations {

	private LinearEquations() {}

	/** Gauss' elimination with partial pivoting, in 64 bits. */
	static float[] solve(final float[][] matrix, final float[] right) {
		final int n = right.length;
		final double[][] rows = new double[n][n + 1];
		for (int i = 0; i < n; i++) {
			for (int j = 0; j < n; j++) rows[i][j] = matrix[i][j];
			rows[i][n] = right[i];
		}
		for (int i = 0; i < n; i++) {
			pivot(rows, i);
			for (int k = i + 1; k < n; k++) subtract(rows[k], rows[i], rows[k][i] / rows[i][i]);
		}
		final float[] result = new float[n];
		for (int i = n - 1; i >= 0; i--) {
			double rest = rows[i][n];
			for (int j = i + 1; j < n; j++) rest -= rows[i][j] * result[j];
			result[i] = (float) (rest / rows[i][i]);
		}
		return result;
	}

	private static void pivot(final double[][] rows, final int i) {
		int best = i;
		for (int k = i + 1; k < rows.length; k++) {
			if (Math.abs(rows[k][i]) > Math.abs(rows[best][i])) best = k;
		}
		final double[] swapped = rows[i];
		rows[i] = rows[best];
		rows[best] = swapped;
	}

	private static void subtract(final double[] row, final double[] other, final double times) {
		for (int j = 0; j < row.length; j++) row[j] -= times * other[j];
	}
}
