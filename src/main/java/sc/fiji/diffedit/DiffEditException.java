package sc.fiji.diffedit;

/**
 * What went wrong, in one sentence that a user can act on: what we got, what we wanted, what to do.
 * Commands show the message as it is; scripts may catch it. Nothing the user had is lost or changed when it is thrown.
 */
public class DiffEditException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	public DiffEditException(final String message) {
		super(message);
	}

	public DiffEditException(final String message, final Throwable cause) {
		super(message, cause);
	}
}
