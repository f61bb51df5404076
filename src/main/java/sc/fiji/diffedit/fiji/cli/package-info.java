/**
 * The command line {@code scripts/diffedit}: verbs with options made from the inputs of the commands, and tools about models and the
 * engine. Uses {@code fiji.batch}; the only package that knows picocli, so that the plugin runs in Fiji without it.
 */
package sc.fiji.diffedit.fiji.cli;
