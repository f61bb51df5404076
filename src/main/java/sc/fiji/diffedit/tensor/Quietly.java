package sc.fiji.diffedit.tensor;

/** Frees native values, whose {@code close} throws nothing that could be answered. */
final class Quietly {

	private Quietly() {}

	static void close(final AutoCloseable value) {
		try {
			value.close();
		}
		catch (final RuntimeException e) {
			throw e;
		}
		catch (final Exception e) {
			throw new IllegalStateException(e);
		}
	}
}
