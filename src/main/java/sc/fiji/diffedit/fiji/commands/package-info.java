/**
 * The commands under Plugins &gt; DiffEdit: forms with a few sentences under them. They block until they are done, run
 * without a screen, and answer what a user got wrong with one sentence. Only {@code fiji.bridge} may use this package.
 */
package sc.fiji.diffedit.fiji.commands;
