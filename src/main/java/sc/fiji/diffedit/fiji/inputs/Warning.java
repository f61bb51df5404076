package sc.fiji.diffedit.fiji.inputs;

/**
 * Why a run with the present values of a form will probably not do what is wanted.
 *
 * @param input name of the input that could be changed
 * @param sentence what is said of the input, such as {@code is too long}
 */
public record Warning(String input, String sentence) {}
