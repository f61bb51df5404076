package sc.fiji.diffedit.fiji.bridge;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import sc.fiji.diffedit.DiffEditException;

/**
 * The text of a macro's options and back: {@code steps=50 seed=1 target=[a (b:1.2) [big] dog]}.
 * <p>
 * ImageJ looks for {@code key=} anywhere in the text, also inside another value; this reads word by word, so no value can
 * be taken for a key, and what Fiji records is read the same. Keys are written in lower case.
 */
final class MacroOptions {

	private final String text;
	private int at;

	private MacroOptions(final String text) {
		this.text = text;
	}

	/**
	 * Values by key, in their order; a word without {@code =} has the value {@code true}.
	 *
	 * @throws DiffEditException if a bracket has no partner
	 */
	static Map<String, String> parse(final String text) {
		final Map<String, String> values = new LinkedHashMap<>();
		final MacroOptions options = new MacroOptions(text);
		while (options.skipBlanks()) {
			final String key = options.key();
			values.put(key.toLowerCase(Locale.ROOT), options.value());
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
		if (first == '[') return upTo(closingBracket());
		final int quote = first == '\'' ? text.indexOf('\'', at + 1) : -1;
		return quote > 0 ? upTo(quote) : plain();
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

	private int closingBracket() {
		int depth = 0;
		for (int i = at; i < text.length(); i++) {
			if (text.charAt(i) == '[') depth++;
			if (text.charAt(i) == ']' && --depth == 0) return i;
		}
		throw unbalanced(text.substring(at));
	}

	private static DiffEditException unbalanced(final String rest) {
		return new DiffEditException("The macro's options have a bracket without its partner at '" + rest.trim()
			+ "'; write every [ with a ].");
	}

	/**
	 * A value as it stands behind {@code key=}, in brackets where ImageJ would otherwise end it too early.
	 *
	 * @throws DiffEditException if the value has a bracket without its partner, which no macro can carry
	 */
	static String quote(final String label, final String value) {
		if (!balanced(value)) {
			throw new DiffEditException("'" + label + "' has a square bracket without its partner, which cannot be recorded"
				+ " as a macro: balance the brackets, close the recorder, or use a Groovy script.");
		}
		final boolean plain = !value.contains(" ") && !value.startsWith("[") && !value.startsWith("'");
		return plain ? value : "[" + value + "]";
	}

	private static boolean balanced(final String value) {
		int depth = 0;
		for (final char c : value.toCharArray()) {
			if (c == '[') depth++;
			if (c == ']' && --depth < 0) return false;
		}
		return depth == 0;
	}
}
