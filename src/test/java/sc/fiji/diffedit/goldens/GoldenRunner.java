package sc.fiji.diffedit.goldens;

/** Runs the cases of one kind. */
@FunctionalInterface
public interface GoldenRunner {

	/**
	 * Runs a case through the public API and hands every result to the comparison. Called on a prepared thread with an
	 * open scope.
	 *
	 * @throws NotYet if the program cannot do yet what the case asks for
	 */
	void run(GoldenCase golden, Comparison comparison);

	/** A feature that is not there yet: the case is skipped, and the reason is told. */
	final class NotYet extends RuntimeException {

		private static final long serialVersionUID = 1L;

		public NotYet(final String feature) {
			super(feature);
		}
	}
}
