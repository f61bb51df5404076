package sc.fiji.diffedit.fiji.commands;

import sc.fiji.diffedit.pipelines.Prompt;

/** Texts of a form as prompts. */
final class Prompts {

	private Prompts() {}

	/** A field that may be left empty, or that SciJava has left null. */
	static Prompt of(final String text) {
		return text == null || text.isBlank() ? Prompt.NONE : Prompt.of(text);
	}
}
