package sc.fiji.diffedit.fiji.inputs;

import java.util.Optional;

/**
 * Why a run with the present values of a form will probably not do what is wanted.
 *
 * @param input name of the input that could be changed
 * @param sentence what is said of the input, such as {@code is too long}, or a whole sentence
 * @param isWhole whether it is a whole sentence, which needs no label in front of it
 */
public record Warning(String input, String sentence, boolean isWhole) {

	/** What is said of an input, such as {@code is too long}. */
	public static Warning about(final String input, final String said) {
		return new Warning(input, said, false);
	}

	/** The sentence with which a check of an input fails; empty if it does not. */
	public static Optional<Warning> ofFailure(final String input, final Runnable check) {
		return InputGroup.failure(check).map(sentence -> new Warning(input, sentence, true));
	}
}
