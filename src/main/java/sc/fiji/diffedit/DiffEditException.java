package sc.fiji.diffedit;

/**
 * An error described in one sentence that a user can act on: what was found, what was expected, and what to do.
 * Commands show the message as it is; scripts may catch it. Nothing the user had is lost or changed when it is thrown.
 */
public class DiffEditException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	public DiffEditException(final String message) {
		super(OneLine.of(message));
	}

	public DiffEditException(final String message, final Throwable cause) {
		super(OneLine.of(message), cause);
	}
}
