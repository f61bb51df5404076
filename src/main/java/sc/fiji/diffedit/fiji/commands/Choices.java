package sc.fiji.diffedit.fiji.commands;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import sc.fiji.diffedit.DiffEditException;

/** Answers to drop-down lists: scripts and macros may write anything. */
final class Choices {

	private Choices() {}

	static boolean same(final String answer, final String choice) {
		return answer.strip().toLowerCase(Locale.ROOT).equals(choice.toLowerCase(Locale.ROOT));
	}

	static void require(final String key, final String answer, final String... choices) {
		if (Arrays.stream(choices).noneMatch(choice -> same(answer, choice))) {
			throw unknown(key, answer, Arrays.stream(choices));
		}
	}

	/** The value that an answer means. @param word how lists call a value */
	static <T> T of(final String key, final String answer, final T[] values, final Function<T, String> word) {
		return Arrays.stream(values).filter(value -> same(answer, word.apply(value))).findFirst().orElseThrow(() -> unknown(key, answer, Arrays.stream(values).map(word)));
	}

	private static DiffEditException unknown(final String key, final String answer, final Stream<String> choices) {
		return new DiffEditException(key + " is \"" + answer + "\"; choose one of " + choices.collect(Collectors.joining(", ")) + ".");
	}
}
