package sc.fiji.diffedit.fiji.commands;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.pipelines.Prompt;

/** Texts of a form as prompts. */
final class Prompts {

	private Prompts() {}

	/**
	 * A field that says what a run is for: without it Enter on an empty form would start a run towards nothing.
	 *
	 * @param key as in macros, and with a capital as in forms
	 * @throws DiffEditException if it is empty
	 */
	static void require(final String key, final String text) {
		if (text != null && !text.isBlank()) return;
		throw new DiffEditException(Character.toUpperCase(key.charAt(0)) + key.substring(1) + " is empty; say in it what should be in the image (" + key + "=[...] in macros).");
	}

	/** A field that may be left empty, or that SciJava has left null. */
	static Prompt of(final String text) {
		return text == null || text.isBlank() ? Prompt.NONE : Prompt.of(text);
	}
}
