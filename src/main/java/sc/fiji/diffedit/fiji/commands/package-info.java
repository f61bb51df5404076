/**
 * The commands under Plugins &gt; DiffEdit: forms with a few sentences under them. They block until they are done, run
 * without a screen, and answer what a user got wrong with one sentence. What few users need has no field of its own but
 * stands in one line of further options ({@code Option}), so that dialogs stay small and macros hold everything. Each form
 * that runs a model tells how much memory that is expected to take ({@code MemoryLine}). Only {@code fiji.bridge} may use this package.
 */
package sc.fiji.diffedit.fiji.commands;
