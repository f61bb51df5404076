/**
 * The form that a command shows its user, the same in Fiji and in plain ImageJ: what stands on its first page, the fields, what is
 * said while somebody types, and what comes back the next time. It is made from the inputs of any SciJava module, by their names
 * and descriptions, and knows no command. It may use {@code fiji} and what is below it; {@code fiji.bridge} shows it.
 */
package sc.fiji.diffedit.fiji.form;
