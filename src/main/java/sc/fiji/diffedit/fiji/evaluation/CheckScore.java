package sc.fiji.diffedit.fiji.evaluation;

import java.util.List;
import java.util.Locale;

import sc.fiji.diffedit.pipelines.EditCheck;

/**
 * How well the loss ratio of edits tells those that fail from those that succeed.
 *
 * @param area under the ROC curve: how often an edit that failed has a larger ratio than one that succeeded, ties as a half; NaN if all failed
 *          or none did
 * @param standardError of the area, as Hanley and McNeil estimate it (<a href="https://doi.org/10.1148/radiology.143.1.7063747">1982</a>)
 * @param failed edits
 * @param succeeded edits
 * @param warned failures whose ratio is above {@link EditCheck#LIMIT}
 * @param falseAlarms successes whose ratio is above it
 */
record CheckScore(double area, double standardError, int failed, int succeeded, int warned, int falseAlarms) {

	/**
	 * @param trials edits, of which those count whose ratio is known, and whether they succeeded
	 * @param success what counts as one: {@link Figure#SUCCESS} or {@link Figure#STRICT}
	 */
	static CheckScore of(final List<Trial> trials, final Figure success) {
		final List<Trial> known = trials.stream().filter(trial -> !Double.isNaN(trial.lossRatio()) && !Double.isNaN(success.of(trial))).toList();
		return of(ratios(known, success, 0), ratios(known, success, 1));
	}

	private static List<Double> ratios(final List<Trial> trials, final Figure success, final double value) {
		return trials.stream().filter(trial -> success.of(trial) == value).map(Trial::lossRatio).toList();
	}

	/** @param failed ratios of edits that failed
	 *  @param succeeded of those that did not */
	static CheckScore of(final List<Double> failed, final List<Double> succeeded) {
		double larger = 0;
		for (final double one : failed) for (final double other : succeeded) larger += one > other ? 1 : one == other ? 0.5 : 0;
		final int n = failed.size(), m = succeeded.size();
		final double a = larger / ((double) n * m), both = a * a;
		final double variance = (a * (1 - a) + (n - 1) * (a / (2 - a) - both) + (m - 1) * (2 * both / (1 + a) - both)) / ((double) n * m);
		return new CheckScore(a, Math.sqrt(variance), n, m, above(failed), above(succeeded));
	}

	private static int above(final List<Double> ratios) {
		return (int) ratios.stream().filter(ratio -> ratio > EditCheck.LIMIT).count();
	}

	boolean isKnown() {
		return failed > 0 && succeeded > 0;
	}

	/** In one line. @param what a success is called */
	String text(final String what) {
		return String.format(Locale.ROOT, "%s: AUC %.3f +- %.3f; above %.2f %d of %d that failed and %d of %d others", what, area, standardError, EditCheck.LIMIT, warned, failed, falseAlarms, succeeded);
	}
}
