package sc.fiji.diffedit.fiji.form;

/**
 * Why a form cannot be used as it stands.
 *
 * @param name of the input where something has to be done
 * @param sentence what is wrong and what to do
 * @param isEmpty whether the input is still empty, which is no mistake
 */
public record Trouble(String name, String sentence, boolean isEmpty) {

	/** A mistake. */
	public static Trouble wrong(final String name, final String sentence) {
		return new Trouble(name, sentence, false);
	}

	static Trouble empty(final String name, final String sentence) {
		return new Trouble(name, sentence, true);
	}
}
