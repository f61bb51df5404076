package sc.fiji.diffedit.goldens;

import java.util.Locale;

/**
 * What became of a case.
 *
 * @param name the case
 * @param status passed, failed or skipped
 * @param worst the finding nearest to its tolerance; for skipped cases an empty one
 * @param compared number of results compared
 * @param reason why it failed or was skipped; empty when it passed
 */
public record Outcome(String name, Status status, Comparison.Finding worst, int compared, String reason) {

	public enum Status {
		PASS, FAIL, SKIP
	}

	/** One line: name, pass/fail/skip, worst error, tolerance, and where or why. */
	@Override
	public String toString() {
		final String start = String.format(Locale.ROOT, "%-41s %s", name, status.name().toLowerCase(Locale.ROOT));
		if (status == Status.SKIP) return start + "  " + reason;
		final String numbers = String.format(Locale.ROOT, "  worst error %.2e  tolerance %.2e", worst.error(), worst.tolerance());
		return start + numbers + (status == Status.FAIL ? "  " + reason : "  " + worst.name() + ", " + compared + " compared");
	}
}
