package sc.fiji.diffedit;

import java.util.regex.Pattern;

/**
 * An error described in one sentence that a user can act on: what was found, what was expected, and what to do.
 * Commands show the message as it is; scripts may catch it. Nothing the user had is lost or changed when it is thrown.
 */
public class DiffEditException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/** Longer than any path; what files from outside give for a name may be as long as the file. */
	private static final int LONGEST_WORD = 400;
	private static final Pattern LONG_WORD = Pattern.compile("(\\S{" + LONGEST_WORD / 2 + "})\\S{" + LONGEST_WORD / 2 + ",}");

	private static final Pattern SPACE = Pattern.compile("[\\t\\n\\r]+");
	private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\u0080-\\u009F\\u2028-\\u202E\\u2066-\\u2069]");

	public DiffEditException(final String message) {
		super(readable(message));
	}

	public DiffEditException(final String message, final Throwable cause) {
		super(readable(message), cause);
	}

	/** Names from outside may hold what turns lines around, rings bells or writes lines of its own into a log. */
	private static String readable(final String given) {
		final String message = CONTROL.matcher(SPACE.matcher(given).replaceAll(" ")).replaceAll("?");
		return message.length() < LONGEST_WORD ? message : LONG_WORD.matcher(message).replaceAll("$1...");
	}
}
