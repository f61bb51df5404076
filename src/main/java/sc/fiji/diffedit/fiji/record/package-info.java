/**
 * Calls of commands written down as macro, Groovy, Java and the other languages of ImageJ's recorder, so that they can be repeated.
 * Uses {@code fiji.form} and {@code fiji.inputs}.
 */
package sc.fiji.diffedit.fiji.record;
