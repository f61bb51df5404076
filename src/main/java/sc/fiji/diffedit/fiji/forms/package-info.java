/**
 * What commands are as forms: a command's own inputs and groups of inputs that it shares with others, in one order. A new input
 * is a field of the command, or of the group of inputs where it belongs, and a name in {@code InputOrder}. It may use
 * {@code fiji}; commands are built on it.
 */
package sc.fiji.diffedit.fiji.forms;
