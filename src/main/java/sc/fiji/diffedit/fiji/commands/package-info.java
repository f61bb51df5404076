/**
 * The commands under Plugins &gt; DiffEdit. They block until they are done, can run headless, and report invalid input in one sentence.
 * <p>
 * A command declares its own inputs, builds a request from them and processes the result. Inputs that several commands have are
 * fields of groups (classes that end with {@code Input}, {@code Inputs} or {@code Prompts}), each declared once, with methods that
 * interpret them; {@code fiji.inputs} sorts all inputs in a common order. Rarely needed settings have no input of their own but are
 * set in one line of further options ({@code Option}, {@code KnownOptions}), so that forms stay small while macros can set everything.
 * The form of each command that runs a model shows the expected memory ({@code MemoryLine}). Only {@code fiji.bridge} may use
 * this package.
 */
package sc.fiji.diffedit.fiji.commands;
