/**
 * Describes the inputs of commands to SciJava: a command's own inputs and the input groups that it shares with other commands, in a
 * common order. To add an input, add a field to the command or to an input group, and its name to {@code InputOrder}. Uses
 * {@code fiji}; the commands are built on this package.
 */
package sc.fiji.diffedit.fiji.inputs;
