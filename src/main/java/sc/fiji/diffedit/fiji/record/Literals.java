package sc.fiji.diffedit.fiji.record;

import java.io.File;

/** Values as they are written in source code. Texts are in ASCII, because editors on different computers save others differently. */
final class Literals {

	private static final int LAST_OF_ASCII = 126;

	private Literals() {}

	/** A value in Java. */
	static String java(final Object value) {
		if (value instanceof Long number) return number + "L";
		if (value instanceof Float number) return number + "f";
		if (value instanceof File file) return "new File(" + text(file.getPath()) + ")";
		if (value instanceof TitledImage image) return "WindowManager.getImage(" + text(image.title()) + ")";
		return value instanceof Number || value instanceof Boolean ? value.toString() : text(value.toString());
	}

	/** A value in Groovy, where a number with a point would be a {@code BigDecimal}, and a dollar sign begins a variable. */
	static String groovy(final Object value) {
		return value instanceof Double number ? number + "d" : java(value).replace("$", "\\$");
	}

	/** A text between quotes, the same in Java, BeanShell and JavaScript. */
	static String text(final String text) {
		final StringBuilder escaped = new StringBuilder("\"");
		for (final char letter : text.toCharArray()) escaped.append(escaped(letter, "\\u%04x"));
		return escaped.append('"').toString();
	}

	/** A text in Python; one with escapes is a unicode text in Jython too, which knows no pairs of surrogates. */
	static String python(final String text) {
		final StringBuilder escaped = new StringBuilder("\"");
		text.codePoints().forEach(letter -> escaped.append(escaped(letter, Character.isBmpCodePoint(letter) ? "\\u%04x" : "\\U%08x")));
		return (text.chars().allMatch(Literals::isPlain) ? "" : "u") + escaped.append('"');
	}

	/** A text in ImageJ's macro language, which has no escapes for characters outside of ASCII. */
	static String macro(final String text) {
		final StringBuilder escaped = new StringBuilder("\"");
		for (final char letter : text.toCharArray()) escaped.append(letter > LAST_OF_ASCII ? String.valueOf(letter) : escaped(letter, "\\%03o"));
		return escaped.append('"').toString();
	}

	private static String escaped(final int letter, final String code) {
		return switch (letter) {
			case '\\' -> "\\\\";
			case '"' -> "\\\"";
			case '\n' -> "\\n";
			case '\r' -> "\\r";
			case '\t' -> "\\t";
			default -> isPlain(letter) ? Character.toString(letter) : String.format(code, letter);
		};
	}

	private static boolean isPlain(final int letter) {
		return letter >= ' ' && letter <= LAST_OF_ASCII;
	}
}
