package sc.fiji.diffedit;

import java.util.regex.Pattern;

/** Text for a message, a notice or a log: one line of characters that show, whatever names it is made of. */
public final class OneLine {

	/** Longer than any path; what files from outside give for a name may be as long as the file. */
	private static final int LONGEST_WORD = 400;
	/** Of a line: beyond, its middle is left out, so that it still ends with what to do. */
	private static final int LONGEST = 2000, END = 500;
	private static final Pattern LONG_WORD = Pattern.compile("(\\S{" + LONGEST_WORD / 2 + "})\\S{" + LONGEST_WORD / 2 + ",}");

	private static final Pattern SPACE = Pattern.compile("[\\t\\n\\r]+");
	private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\u0080-\\u009F\\u2028-\\u202E\\u2066-\\u2069]");

	private OneLine() {}

	/**
	 * Names from outside may hold what turns lines around, rings bells or writes lines of its own into a log: ends of lines become spaces, other control
	 * characters {@code ?}, endless words are cut, and the middle of an endless line is left out.
	 */
	public static String of(final String given) {
		final String line = CONTROL.matcher(SPACE.matcher(given).replaceAll(" ")).replaceAll("?");
		final String cut = line.length() < LONGEST_WORD ? line : LONG_WORD.matcher(line).replaceAll("$1...");
		return cut.length() <= LONGEST ? cut : cut.substring(0, LONGEST - END - 5) + " ... " + cut.substring(cut.length() - END);
	}
}
