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

	/** The folder of a model of which none ships with the plugin. */
	static String folder(final String answer, final String wanted) {
		if (answer == null || answer.isBlank()) throw new DiffEditException("No model is named; give the folder of " + wanted + ".");
		return answer.strip();
	}
}
