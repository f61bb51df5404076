package sc.fiji.diffedit.fiji.form;

import java.util.Locale;

import org.scijava.module.ModuleItem;

/**
 * Why a form cannot be used as it stands, or may go wrong.
 *
 * @param name of the input where something has to be done; empty if it is none in particular
 * @param sentence what is wrong and what to do
 * @param kind what can be done
 */
public record Trouble(String name, String sentence, Kind kind) {

	/** What can be done about it. */
	public enum Kind {
		/** The input is still empty, which is no mistake. */
		EMPTY,
		/** There is another answer. */
		WRONG,
		/** An engine can be installed. */
		NO_ENGINE
	}

	/** A mistake. */
	public static Trouble wrong(final String name, final String sentence) {
		return new Trouble(name, sentence, Kind.WRONG);
	}

	static Trouble empty(final String name, final String sentence) {
		return new Trouble(name, sentence, Kind.EMPTY);
	}

	/** @param name of the input beside which it is told */
	static Trouble noEngine(final String name) {
		return new Trouble(name, "The PyTorch engine is not installed yet; without it no model runs.", Kind.NO_ENGINE);
	}

	/** Whether the input is still empty, which is no mistake. */
	public boolean isEmpty() {
		return kind == Kind.EMPTY;
	}

	/** Whether an engine would help. */
	public boolean isEngineMissing() {
		return kind == Kind.NO_ENGINE;
	}

	/** The sentence as it stands beside the input, whose label need not be repeated there: {@code 'Seed' is 'x'; write a whole number.} becomes {@code 'x': write a whole number.} */
	String beside(final ModuleItem<?> input) {
		final String label = Labels.named(input) + " ";
		if (!sentence.startsWith(label)) return sentence.replace(" in '" + Labels.of(input) + "'.", ".");
		final String rest = sentence.substring(label.length()).replaceFirst("^is (\\S+);", "$1:").replaceFirst("^is ", "");
		return rest.substring(0, 1).toUpperCase(Locale.ROOT) + rest.substring(1);
	}
}
