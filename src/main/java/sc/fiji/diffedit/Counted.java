package sc.fiji.diffedit;

/** Numbers with what they count, as sentences have them: {@code 1 slice}, {@code 3 slices}. */
public final class Counted {

	private static final String ONE = "1";

	private Counted() {}

	/**
	 * The number and its noun.
	 *
	 * @param noun in the singular, with an adjective if need be; its plural ends in s, or in ies after a consonant and y
	 */
	public static String of(final long number, final String noun) {
		return of(Long.toString(number), noun);
	}

	/** The same of a number that is a text already, such as one without a sign. */
	public static String of(final String number, final String noun) {
		return number + " " + (number.equals(ONE) ? noun : plural(noun));
	}

	/** The beginning of a sentence: {@code There is 1 label}, {@code There are 3 labels}. */
	public static String there(final long number, final String noun) {
		return (number == 1 ? "There is " : "There are ") + of(number, noun);
	}

	private static String plural(final String noun) {
		return noun.matches(".*[^aeiou]y") ? noun.substring(0, noun.length() - 1) + "ies" : noun + "s";
	}
}
