package sc.fiji.diffedit.schedulers;

/** The symmetric beta distribution on [0, 1]. */
final class BetaDistribution {

	private static final int MAX_TERMS = 200;

	private BetaDistribution() {}

	/**
	 * The number below which a share {@code p} of the distribution lies.
	 *
	 * @param a both parameters of the distribution, positive
	 */
	static double quantile(final double p, final double a) {
		if (p <= 0) return 0;
		if (p >= 1) return 1;
		if (p > 0.5) return 1 - quantile(1 - p, a);
		final double area = p * 2 * incomplete(0.5, a);
		double low = 0;
		double high = 0.5;
		for (double middle = 0.25; low < middle && middle < high; middle = (low + high) / 2) {
			if (incomplete(middle, a) < area) low = middle;
			else high = middle;
		}
		return (low + high) / 2;
	}

	/** The incomplete beta integral from 0 to {@code x} at most 0.5, by its power series. */
	private static double incomplete(final double x, final double a) {
		double term = Math.pow(x, a);
		double sum = term / a;
		for (int n = 1; n < MAX_TERMS; n++) {
			term *= (n - a) / n * x;
			sum += term / (a + n);
		}
		return sum;
	}
}
