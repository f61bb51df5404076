/**
 * The DiffEdit window: a panel beside the active image in which a mask is found, cut, shaped and corrected, and images are edited.
 * {@link sc.fiji.diffedit.fiji.window.Session} is what a window works on, without any window; it runs the commands in the background.
 * Uses {@code fiji}, {@code fiji.inputs}, {@code fiji.form}, {@code fiji.commands} and what is below them.
 */
package sc.fiji.diffedit.fiji.window;
