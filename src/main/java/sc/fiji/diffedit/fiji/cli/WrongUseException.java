package sc.fiji.diffedit.fiji.cli;

import sc.fiji.diffedit.DiffEditException;

/** The program was called wrongly: nothing was done. */
final class WrongUseException extends DiffEditException {

	private static final long serialVersionUID = 1L;

	WrongUseException(final DiffEditException cause) {
		super(cause.getMessage(), cause);
	}

	/** Does what only looks at what the user has written. */
	static void check(final Runnable work) {
		check(() -> {
			work.run();
			return null;
		});
	}

	/** The same with a result. */
	static <T> T check(final java.util.function.Supplier<T> work) {
		try {
			return work.get();
		}
		catch (final DiffEditException e) {
			throw new WrongUseException(e);
		}
	}
}
