package sc.fiji.diffedit.weights;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import sc.fiji.diffedit.DiffEditException;

/**
 * A regular expression in an adapter's settings that picks layers by their names. Files are not trusted: a pattern that would try for years
 * is refused.
 *
 * @param source the settings, for messages
 * @param key what the pattern is for, such as {@code alpha_pattern}
 */
record LayerPattern(String source, String key, String pattern) {

	private static final int MOST_READ = 100_000;

	/** Whether the expression is for a name, or for its end behind a dot (peft {@code get_pattern_key}). */
	boolean fits(final String name) {
		return matches("(.*\\.)?(" + pattern + ")$", name);
	}

	/** Whether the expression is for the whole of a name (Python {@code re.fullmatch}). */
	boolean isAll(final String name) {
		return matches(pattern, name);
	}

	private boolean matches(final String expression, final String name) {
		try {
			return Pattern.compile(expression).matcher(new Readings(name)).matches();
		}
		catch (final PatternSyntaxException e) {
			throw new DiffEditException(source + " has the " + key + " '" + pattern + "', which is not a regular expression; download or copy it again.", e);
		}
	}

	/** A name that can be read so often only. */
	private final class Readings implements CharSequence {

		private final String name;
		private int read;

		Readings(final String name) {
			this.name = name;
		}

		@Override
		public int length() {
			return name.length();
		}

		@Override
		public char charAt(final int index) {
			if (++read > MOST_READ) throw new DiffEditException(source + " has an " + key + " that takes too long to try; download or copy it again.");
			return name.charAt(index);
		}

		@Override
		public CharSequence subSequence(final int start, final int end) {
			return name.subSequence(start, end);
		}

		@Override
		public String toString() {
			return name;
		}
	}
}
