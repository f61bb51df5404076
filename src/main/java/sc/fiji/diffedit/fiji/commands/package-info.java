/**
 * The commands under Plugins &gt; DiffEdit: forms with a few sentences under them. They block until they are done, run
 * without a screen, and answer what a user got wrong with one sentence.
 * <p>
 * A command has its own inputs, the request that it builds, and what it does with the result. Inputs that several commands have are
 * fields of groups (classes that end with {@code Input}, {@code Inputs} or {@code Prompts}), each declared once, with the methods
 * that say what they mean; {@code fiji.forms} puts all into one order. What few users need has no input of its own but
 * stands in one line of further options ({@code Option}, {@code KnownOptions}), so that dialogs stay small and macros hold everything.
 * Each form that runs a model says how much memory that is expected to take ({@code MemoryLine}). Only {@code fiji.bridge} may use this package.
 */
package sc.fiji.diffedit.fiji.commands;
