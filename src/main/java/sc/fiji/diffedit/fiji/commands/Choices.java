package sc.fiji.diffedit.fiji.commands;

import java.util.Arrays;
import java.util.Locale;

import sc.fiji.diffedit.DiffEditException;

/** Answers to drop-down lists: scripts and macros may write anything. */
final class Choices {

	private Choices() {}

	static boolean same(final String answer, final String choice) {
		return answer.strip().toLowerCase(Locale.ROOT).equals(choice.toLowerCase(Locale.ROOT));
	}

	static void require(final String key, final String answer, final String... choices) {
		if (Arrays.stream(choices).noneMatch(choice -> same(answer, choice))) {
			throw new DiffEditException(key + " is \"" + answer + "\"; choose one of " + String.join(", ", choices) + ".");
		}
	}
}
