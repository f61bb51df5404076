/**
 * The form of a command, the same in Fiji and in plain ImageJ: its first page, the settings behind {@code More settings}, the fields,
 * the checks while somebody types, and the answers that are remembered. It is made from the inputs of any SciJava module, by their
 * names and descriptions, and depends on no command class. Uses {@code fiji} and what is below it; {@code fiji.bridge} opens it.
 */
package sc.fiji.diffedit.fiji.form;
