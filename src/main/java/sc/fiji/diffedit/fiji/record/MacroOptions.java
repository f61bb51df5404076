package sc.fiji.diffedit.fiji.record;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import sc.fiji.diffedit.DiffEditException;

/**
 * Parses and writes the options of a macro: {@code steps=50 seed=1 target=[a (b:1.2) [big] dog]}.
 * <p>
 * ImageJ finds {@code key=} anywhere in the text, even inside another value; this parser reads word by word, so that a value is
 * never taken for a key, and reads options recorded by Fiji identically. A value with blanks is in brackets; one whose brackets
 * are not balanced is in apostrophes, and each apostrophe inside is written twice: {@code 'it''s [1'}.
 */
public final class MacroOptions {

	private static final Pattern KEY = Pattern.compile(" [A-Za-z]+=");
	/** What may follow a value: nothing, or a word with or without a value of its own. */
	private static final Pattern MORE = Pattern.compile(" *$| +[A-Za-z]+(=| |$)");

	private final String text;
	private int at;

	private MacroOptions(final String text) {
		this.text = text;
	}

	/**
	 * The values by key in lower case, in order; a word without {@code =} has the value {@code true}.
	 *
	 * @throws DiffEditException if a bracket is unbalanced, or a key is there twice
	 */
	public static Map<String, String> parse(final String text) {
		final Map<String, String> values = new LinkedHashMap<>();
		final MacroOptions options = new MacroOptions(text);
		while (options.skipBlanks()) {
			final String key = options.key();
			if (values.put(key.toLowerCase(Locale.ROOT), options.value()) != null) throw twice(key);
		}
		return values;
	}

	private boolean skipBlanks() {
		while (at < text.length() && text.charAt(at) == ' ') at++;
		return at < text.length();
	}

	private String key() {
		final int start = at;
		while (at < text.length() && text.charAt(at) != ' ' && text.charAt(at) != '=') at++;
		return text.substring(start, at);
	}

	private String value() {
		if (at >= text.length() || text.charAt(at) != '=') return "true";
		at++;
		if (at >= text.length()) return "";
		final char first = text.charAt(at);
		if (first == '[') return bracketed();
		return first == '\'' && closing() > 0 ? apostrophed() : plain();
	}

	/** The position of the apostrophe that ends a value; -1 if there is none. Of two in a row, neither does. */
	private int closing() {
		for (int i = at + 1; i < text.length(); i++) {
			if (text.charAt(i) != '\'') continue;
			if (i + 1 == text.length() || text.charAt(i + 1) != '\'') return i;
			i++;
		}
		return -1;
	}

	private String apostrophed() {
		return upTo(closing()).replace("''", "'");
	}

	private String upTo(final int closing) {
		final String value = text.substring(at + 1, closing);
		at = closing + 1;
		if (at < text.length() && text.charAt(at) != ' ') throw unbalanced(text.substring(at));
		return value;
	}

	private String plain() {
		final int start = at;
		final int blank = text.indexOf(' ', at);
		at = blank < 0 ? text.length() : blank;
		return text.substring(start, at);
	}

	/**
	 * Reads a value in brackets. Brackets inside it are balanced; if not, as in the title {@code cells [1.tif}, the value ends at
	 * the last bracket before the next key.
	 */
	private String bracketed() {
		final int partner = partner();
		if (partner >= 0 && MORE.matcher(text).region(partner + 1, text.length()).lookingAt()) return upTo(partner);
		final Matcher key = KEY.matcher(text);
		final String rest = text.substring(at, key.find(at) ? key.start() : text.length()).stripTrailing();
		if (rest.endsWith("]")) return upTo(at + rest.length() - 1);
		if (rest.contains(" ")) throw unbalanced(text.substring(at));
		return plain();
	}

	/** The position of the matching closing bracket; -1 if there is none. */
	private int partner() {
		int depth = 0;
		for (int i = at; i < text.length(); i++) {
			if (text.charAt(i) == '[') depth++;
			if (text.charAt(i) == ']' && --depth == 0) return i;
		}
		return -1;
	}

	private static DiffEditException twice(final String key) {
		return new DiffEditException("'" + key + "' stands twice in the options; keep one of them, and put texts with blanks in square brackets.");
	}

	private static DiffEditException unbalanced(final String rest) {
		return new DiffEditException("The macro's options have an unbalanced bracket at '" + rest.trim()
			+ "'; write every [ with a ].");
	}

	/** A value as written after {@code key=}: as it is, in brackets, or in apostrophes. */
	static String quoted(final String value) {
		final boolean plain = !value.contains(" ") && !value.startsWith("[") && !value.startsWith("'");
		final String quoted = plain ? value : "[" + value + "]";
		return carries(quoted, value) ? quoted : "'" + value.replace("'", "''") + "'";
	}

	private static boolean carries(final String quoted, final String value) {
		try {
			return parse("value=" + quoted + " next=1").equals(Map.of("value", value, "next", "1"));
		}
		catch (final DiffEditException e) {
			return false;
		}
	}
}
