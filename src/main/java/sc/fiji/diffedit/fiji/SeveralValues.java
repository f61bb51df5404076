package sc.fiji.diffedit.fiji;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;

/** Several values of a setting as one writes them in one line, for edits that are compared. One that is written twice counts once. */
public final class SeveralValues {

	/** So many edits are computed one after another at most. */
	private static final int MOST = 16;
	private static final Pattern RANGE = Pattern.compile("(\\d{1,18})\\s*(?:to|-|\u2013)\\s*(\\d{1,18})");

	private SeveralValues() {}

	/** @throws DiffEditException if so many edits are too many */
	public static void requireFew(final int edits) {
		if (edits > MOST) throw new DiffEditException(Counted.of(edits, "edit") + " were asked for; at most " + MOST + " are made at once.");
	}

	/**
	 * Each seed in the order in which it is written.
	 *
	 * @param text such as {@code 7}, {@code 1 to 4} or {@code 1, 5, 9}
	 * @throws DiffEditException if these cannot be read, or are too many
	 */
	public static List<Long> seeds(final String text) {
		final List<Long> seeds = new ArrayList<>();
		for (final String part : parts(text, "seed", "7, or 1 to 4, or 1, 5, 9")) {
			final Matcher range = RANGE.matcher(part);
			final boolean isRange = range.matches();
			if (!isRange && !part.matches("-?\\d{1,18}")) throw new DiffEditException("\"" + part + "\" is not a seed; write whole numbers, such as 7, or 1 to 4, or 1, 5, 9.");
			final long first = Long.parseLong(isRange ? range.group(1) : part), last = isRange ? Long.parseLong(range.group(2)) : first;
			if (last < first) throw new DiffEditException("The seeds " + part + " go down; write the smaller one first.");
			if (last - first >= MOST) throw new DiffEditException("The seeds " + part + " are more than " + MOST + "; at most " + MOST + " edits are made at once.");
			for (long seed = first; seed <= last; seed++) seeds.add(seed);
		}
		return seeds.stream().distinct().toList();
	}

	/**
	 * Each amount of change in the order in which it is written.
	 *
	 * @param text in (0, 1], such as {@code 0.8} or {@code 0.5, 0.7, 0.9}
	 * @throws DiffEditException if these cannot be read
	 */
	public static List<Double> strengths(final String text) {
		final List<Double> strengths = new ArrayList<>();
		for (final String part : parts(text, "amount of change", "0.8, or 0.5, 0.7, 0.9")) {
			final double strength = part.matches("\\d*\\.?\\d+|\\d+\\.") ? Double.parseDouble(part) : 0;
			if (!(strength > 0 && strength <= 1)) throw new DiffEditException("\"" + part + "\" is not an amount of change; write numbers above 0 and up to 1, such as 0.8, or 0.5, 0.7, 0.9.");
			strengths.add(strength);
		}
		return strengths.stream().distinct().toList();
	}

	private static List<String> parts(final String text, final String what, final String such) {
		final List<String> parts = new ArrayList<>();
		for (final String part : text.split("[,;]")) if (!part.isBlank()) parts.add(part.strip());
		if (parts.isEmpty()) throw new DiffEditException("There is no " + what + "; write one or several, such as " + such + ".");
		return parts;
	}
}
