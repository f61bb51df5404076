package sc.fiji.diffedit.fiji.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.form.Nearest;

/**
 * Names of outputs from a pattern such as <code>{folder}/{name}-{verb}</code>. Whatever a table says, a name stays within the output
 * folder and is one that all systems can write.
 */
final class OutputNames {

	/** Keeps the folders of the images. */
	static final String DEFAULT = "{folder}/{name}-{verb}";

	private static final Pattern PLACE = Pattern.compile("\\{([^{}]*)\\}");
	private static final Pattern FORBIDDEN = Pattern.compile("[^\\p{L}\\p{N} ._()+,=@#&-]");
	private static final Pattern RESERVED = Pattern.compile("(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\\..*)?");
	private static final int LONGEST_VALUE = 80, LONGEST_PART = 200;

	private OutputNames() {}

	/**
	 * Fills a pattern.
	 *
	 * @param values by the names of places
	 * @param end of the file's name, such as {@code tif}
	 * @throws DiffEditException if a place is unknown, or the name would leave the folder
	 */
	static String of(final String pattern, final Map<String, String> values, final String end) {
		final List<String> parts = new ArrayList<>();
		for (final String part : fill(pattern, values).split("/", -1)) {
			if (!part.isBlank()) parts.add(checked(part.strip(), pattern));
		}
		if (parts.isEmpty()) throw new DiffEditException("The name '" + pattern + "' is empty; write one such as " + DEFAULT + ".");
		final String name = String.join("/", parts);
		return name.toLowerCase(java.util.Locale.ROOT).endsWith("." + end) ? name : name + "." + end;
	}

	/** The pattern with texts in its places, made harmless; {@code folder} may have several parts. */
	static String fill(final String pattern, final Map<String, String> values) {
		if (pattern.startsWith("/") || pattern.indexOf('\\') >= 0 || pattern.matches("[A-Za-z]:.*")) throw outside(pattern);
		final Matcher places = PLACE.matcher(pattern);
		return places.replaceAll(place -> {
			final String key = place.group(1).strip();
			final String value = values.get(key);
			if (value == null) {
				throw new DiffEditException("There is no {" + key + "} for names; the nearest is {" + Nearest.to(key, List.copyOf(values.keySet())) + "} of {"
					+ String.join("}, {", values.keySet()) + "}.");
			}
			return Matcher.quoteReplacement(key.equals("folder") ? value : harmless(value));
		});
	}

	/** A text as part of a file's name. */
	private static String harmless(final String value) {
		final String plain = FORBIDDEN.matcher(value).replaceAll("_").strip();
		return plain.length() > LONGEST_VALUE ? plain.substring(0, LONGEST_VALUE).strip() : plain;
	}

	private static String checked(final String part, final String pattern) {
		if (part.startsWith(".") || part.endsWith(".")) throw outside(pattern);
		if (FORBIDDEN.matcher(part).find() || RESERVED.matcher(part).matches()) {
			throw new DiffEditException("'" + part + "' cannot be the name of a file on all systems; take letters, digits, blanks and - _ . for names.");
		}
		if (part.length() > LONGEST_PART) throw new DiffEditException("A name with " + part.length() + " letters is too long; it may have " + LONGEST_PART + ".");
		return part;
	}

	private static DiffEditException outside(final String pattern) {
		return new DiffEditException("The name '" + pattern + "' is no name within the output folder; write parts with / between them that neither begin nor end with a dot.");
	}
}
