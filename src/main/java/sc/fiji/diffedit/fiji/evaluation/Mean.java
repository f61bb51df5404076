package sc.fiji.diffedit.fiji.evaluation;

import java.util.List;
import java.util.Locale;

/** The mean of a figure over samples, with its standard error. */
record Mean(double mean, double standardError, int count) {

	/** @param values figures, one for each sample */
	static Mean of(final List<Double> values) {
		final int n = values.size();
		final double mean = values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
		final double squares = values.stream().mapToDouble(value -> (value - mean) * (value - mean)).sum();
		return new Mean(mean, n < 2 ? Double.NaN : Math.sqrt(squares / (n - 1) / n), n);
	}

	@Override
	public String toString() {
		return String.format(Locale.ROOT, "%.3f +- %.3f", mean, standardError);
	}
}
