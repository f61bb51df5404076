/**
 * The commands in plain ImageJ 1.54, which knows nothing of SciJava's user interface.
 * <p>
 * {@code plugins.config} names {@link sc.fiji.diffedit.fiji.bridge.RunCommand} once per command; it shows a form made
 * from the command's own inputs, reads and writes the macro keys that Fiji would use, runs the command and shows what
 * comes out. In Fiji the menu entries are the same ones that SciJava makes, which take their place. It may use anything
 * below, and nothing uses it.
 */
package sc.fiji.diffedit.fiji.bridge;
